"""Withdrawal: a person takes back every consent, and leaves whatever uses the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from services.talent.domain.people.person import Person, Purpose
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.service.people.people import People
from services.talent.service.privacy.leaving import Leaving
from services.talent.store.people import duplicates, statements


@dataclass(frozen=True)
class Withdrawing:
    """The use case of withdrawal."""

    people: People

    def withdraw(
        self, session: Session, person: Person, reason: str, actor: str, at: datetime | None = None
    ) -> None:
        """Record that consent was withdrawn; teams lose the member, a team without lead is dissolved.

        `at`: when it was said, where that was not now.
        """
        person.withdraw(reason, self.people.clock.now())
        records = statements.records_of(session, [person.id])[person.id]
        for record in records:
            self._record(session, record, reason, actor, at or self.people.clock.now())
        duplicates.withdraw_merged(session, records, reason)
        person.purposes = frozenset()
        self.people.changed(session, [person], actor)
        Leaving(self.people).leave(session, records, actor)
        self.people.forget_moves(session, records)

    def _record(self, session: Session, record: str, reason: str, actor: str, at: datetime) -> None:
        taken = Consent(
            record_id=record,
            kind=ConsentKind.WITHDRAWN,
            purposes=frozenset(Purpose),
            effective_at=at,
            document=reason,
        )
        keys = self.people.assertions.keys_of(session, [record])
        self.people.consents.record(session, [taken], keys, actor)
