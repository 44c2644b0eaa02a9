"""What people took back of their consent, and the same once more in a library restored from before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from sqlalchemy.orm import Session

from services.chassis.audit.audit import Audit, AuditEntry
from services.chassis.log.topics import PERSONS
from services.chassis.storage.db import Database
from services.kernel.clock import Clock
from services.kernel.ids import is_id
from services.talent.domain.people.person import Person, PersonStatus, Purpose
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.service.people.people import People
from services.talent.service.privacy.consenting import Consenting
from services.talent.service.privacy.withdrawing import Withdrawing
from services.talent.store import repository
from services.talent.store.people import statements

ACTOR = "restore"
_REASON: Final = "本人此前已撤回同意，恢复备份后重放 withdrawn before, done again after a restore"
_WHOLE: Final = "person"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A withdrawal as it stands on a list: `ID@INSTANT:USES`, uses with commas between them, or `person` where the
    person left every use of the record.
    """

    record_id: str
    at: datetime
    purposes: frozenset[Purpose]
    whole: bool

    def line(self) -> str:
        """As it stands on a list."""
        uses = _WHOLE if self.whole else ",".join(sorted(self.purposes))
        return f"{self.record_id}@{self.at.isoformat()}:{uses}"

    @classmethod
    def read(cls, line: str) -> Self:
        """Raises ValueError for what is no such line."""
        record_id, marked, said = line.partition("@")
        instant, _, uses = said.rpartition(":")
        at, whole = datetime.fromisoformat(instant), uses == _WHOLE
        if not marked or not is_id(record_id) or at.tzinfo is None:
            raise ValueError(line)
        return cls(record_id, at, frozenset(Purpose if whole else map(Purpose, uses.split(","))), whole)


def is_withdrawal(line: str) -> bool:
    """Whether a line of a list is one."""
    try:
        Withdrawal.read(line)
    except ValueError:
        return False
    return True


def withdrawn(database: Database) -> list[Withdrawal]:
    """All that was withdrawn and not annulled, of people who are in the library."""
    with database.read() as session:
        return [
            Withdrawal(
                row.record_id,
                row.effective_at,
                row.purposes,
                whole=row.left and row.purposes == frozenset(Purpose),
            )
            for row in statements.withdrawals(session)
        ]


@dataclass(frozen=True)
class WithdrawingAgain:
    """Takes back in a restored library what it takes to be allowed; each in a transaction of its own, with an audit
    entry.
    """

    database: Database
    people: People
    audit: Audit
    clock: Clock

    def run(self, withdrawals: Sequence[Withdrawal]) -> int:
        """How many it did not know. May be repeated; who is not in the library is passed over."""
        return sum(self._withdraw(each) for each in withdrawals)

    def _withdraw(self, again: Withdrawal) -> bool:
        with self.database.write() as session:
            person = repository.shown_person(session, again.record_id)
            if (
                person is None
                or person.status is PersonStatus.WITHDRAWN
                or self._known(session, person, again)
            ):
                return False
            if again.whole:
                Withdrawing(self.people).withdraw(session, person, _REASON, ACTOR, at=again.at)
            else:
                taken = Consent(
                    record_id=again.record_id,
                    kind=ConsentKind.WITHDRAWN,
                    purposes=again.purposes,
                    effective_at=again.at,
                    document=_REASON,
                )
                Consenting(self.people).record(session, person, taken, ACTOR)
            self.audit.append(session, self._entry(person, "withdraw" if again.whole else "consent"))
            return True

    def _known(self, session: Session, person: Person, again: Withdrawal) -> bool:
        """Whether the ledger has it: of the same instant, for the same uses."""
        return any(
            each.consent.kind is ConsentKind.WITHDRAWN
            and each.consent.effective_at == again.at
            and each.consent.purposes >= again.purposes
            for each in Consenting(self.people).entries(session, person)
        )

    def _entry(self, person: Person, action: str) -> AuditEntry:
        return AuditEntry(
            at=self.clock.now(),
            actor=ACTOR,
            roles=(),
            action=action,
            resource=f"{PERSONS.collection}/{person.id}",
            purpose="",
            outcome="done",
            request_id="",
        )
