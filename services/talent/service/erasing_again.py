"""Whom the library has erased, and their erasure once more in a library restored from before it."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from services.chassis.audit import Audit, AuditEntry
from services.chassis.configuration import EXIT_CONFIGURATION, ConfigurationError
from services.chassis.db import Database
from services.chassis.directories import writing_to
from services.chassis.fail_points import reach
from services.chassis.topics import PERSONS
from services.chassis.whole_files import put_in_place, write_beside
from services.kernel.clock import Clock
from services.kernel.ids import is_id
from services.talent.service.erasing import Erasing
from services.talent.store import repository
from services.talent.store.schema import shared

ACTOR = "restore"


def erased(database: Database) -> list[str]:
    """The ids of all who were erased: history keeps that there was somebody, and nothing else."""
    history = shared.history
    query = (
        select(history.c.id).where(history.c.entity == PERSONS.entity, history.c.state.is_(None)).distinct()
    )
    with database.read() as session:
        return sorted(session.scalars(query))


@dataclass(frozen=True)
class ErasingAgain:
    """Erases in a restored library whom it knows again; each in a transaction of its own, with an audit entry."""

    database: Database
    erasing: Erasing
    audit: Audit
    clock: Clock

    def run(self, ids: Sequence[str]) -> int:
        """How many there were. May be repeated."""
        return sum(self._erase(id_) for id_ in ids)

    def _erase(self, id_: str) -> bool:
        with self.database.write() as session:
            person = repository.person_by_id(session, id_)
            if person is None:
                return False
            self.erasing.erase(session, person, ACTOR)
            self.audit.append(session, self._entry(id_))
            return True

    def _entry(self, id_: str) -> AuditEntry:
        return AuditEntry(
            at=self.clock.now(),
            actor=ACTOR,
            roles=(),
            action="erase",
            resource=f"{PERSONS.collection}/{id_}",
            purpose="",
            outcome="done",
            request_id="",
        )


def tell_erased(database: Database, arguments: Sequence[str]) -> int:
    """`python -m services.talent erasures [FILE]`: one id a line, to standard output or added to a file.

    The file keeps whom it names: a restored library has forgotten some, and the list is what they are found by.
    Raises ConfigurationError where it cannot be written, and for a file that is no such list.
    """
    if len(arguments) > 1:
        return _misused("erasures [文件]", "erasures [FILE]")
    ids = erased(database)
    if not arguments:
        sys.stdout.writelines(f"{id_}\n" for id_ in ids)
        return 0
    (path,) = map(Path, arguments)
    with writing_to("erasures", path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        before = _listed(path) if path.exists() else []
        together = sorted({*before, *ids})
        beside = write_beside(path, "".join(f"{id_}\n" for id_ in together).encode())
        reach("erasures.after_write_before_place")
        put_in_place(beside, path)
        reach("erasures.after_place")
    sys.stdout.write(
        f"{path} 已列出 {len(together)} 人，新增 {len(together) - len(before)} 人\n"
        f"{path} names {len(together)} people, {len(together) - len(before)} of them newly\n"
    )
    return 0


def _listed(path: Path) -> list[str]:
    """The ids of a list, one a line. Raises ConfigurationError for what is not one, or cannot be read."""
    try:
        ids = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "UTF-8"
        raise ConfigurationError(
            str(path),
            f"无法读取已删除者名单（{why}），请给出 erasures 写出的文件",
            f"cannot be read as a list of who was erased ({why}); name a file that `erasures` wrote",
        ) from error
    if wrong := [at for at, each in enumerate(ids, 1) if not is_id(each)]:
        raise ConfigurationError(
            str(path),
            f"第 {wrong[0]} 项不是编号，请给出 erasures 写出的文件",
            f"its entry {wrong[0]} is no id; name a file that `erasures` wrote",
        )
    return ids


def _misused(zh: str, en: str) -> int:
    """How a tool is used, in both languages; the exit status."""
    sys.stderr.write(f"用法：python -m services.talent {zh}\nusage: python -m services.talent {en}\n")
    return EXIT_CONFIGURATION


def erase_listed(again: ErasingAgain, arguments: Sequence[str]) -> int:
    """`python -m services.talent erase-again FILE`: of the file, whom the library knows; a line in each language.

    78 and how it is used for anything but one file. Raises ConfigurationError for a file that is no such list.
    """
    if len(arguments) != 1:
        return _misused("erase-again 文件", "erase-again FILE")
    count = again.run(_listed(Path(arguments[0])))
    sys.stdout.write(f"再次删除 {count} 人\n{count} people erased again\n")
    return 0
