"""Whom the library has erased, and their erasure once more in a library restored from before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from services.chassis.audit import Audit, AuditEntry
from services.chassis.db import Database
from services.chassis.kept_lists import KeptList
from services.chassis.topics import PERSONS
from services.kernel.clock import Clock
from services.kernel.ids import is_id
from services.kernel.text import Text
from services.talent.service.erasing import Erasing
from services.talent.store import repository
from services.talent.store.schema import shared

ACTOR = "restore"
LIST: Final = KeptList(
    "talent",
    "erasures",
    "erase-again",
    Text("名已删除者", "people who were erased"),
    Text("编号", "id"),
    is_id,
)


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
    """`python -m services.talent erasures [FILE]`; see `KeptList.told`."""
    return LIST.told(erased(database), arguments)


def erase_listed(again: ErasingAgain, arguments: Sequence[str]) -> int:
    """`python -m services.talent erase-again FILE`: of the file, whom the library knows; see `KeptList.applied`."""

    def act(ids: Sequence[str]) -> Text:
        count = again.run(ids)
        return Text(f"再次删除 {count} 人", f"{count} people erased again")

    return LIST.applied(act, arguments)
