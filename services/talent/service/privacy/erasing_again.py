"""Whom the library has erased and what people took back, and both once more in a library restored from before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from services.chassis.audit.audit import Audit, AuditEntry
from services.chassis.files.kept_lists import KeptList
from services.chassis.log.topics import PERSONS
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.ids import is_id
from services.kernel.text import Text, counted
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing_again import (
    Withdrawal,
    WithdrawingAgain,
    is_withdrawal,
    withdrawn,
)
from services.talent.store import repository
from services.talent.store.schema import shared

ACTOR = "restore"
LIST: Final = KeptList(
    "talent",
    "erasures",
    "erase-again",
    Text("项删除与撤回", "erasures and withdrawals"),
    Text("编号或撤回记录", "id and no withdrawal"),
    lambda entry: is_id(entry) or is_withdrawal(entry),
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
    """`python -m services.talent erasures [FILE]`: whom it erased, and what people took back; see `KeptList.told`."""
    return LIST.told([*erased(database), *(each.line() for each in withdrawn(database))], arguments)


def erase_listed(again: ErasingAgain, withdrawing: WithdrawingAgain, arguments: Sequence[str]) -> int:
    """`python -m services.talent erase-again FILE`: of the file, whom the library knows; see `KeptList.applied`."""

    def act(entries: Sequence[str]) -> Text:
        gone = again.run([each for each in entries if is_id(each)])
        taken = withdrawing.run([Withdrawal.read(each) for each in entries if not is_id(each)])
        return Text(
            f"再次删除 {gone} 人，再次撤回同意 {taken} 项",
            f"{counted(gone, 'erasure')} and {counted(taken, 'withdrawal')} of consent done again",
        )

    return LIST.applied(act, arguments)
