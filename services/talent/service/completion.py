"""What a migration leaves to the program: what is known of people from older versions becomes statements."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.chassis.storage.db import Database
from services.kernel.clock import midnight
from services.talent.domain.people.person import FACT_NAMES, PersonStatus
from services.talent.domain.people.statement import IMPORT, Stated
from services.talent.domain.privacy.consent import Consent, ConsentKind
from services.talent.service.people.assertions import About, Assertions
from services.talent.service.privacy.consents import Consents
from services.talent.store.people import statements

PORTION = 500
ACTOR = "bole/upgrade"


@dataclass(frozen=True)
class Completion:
    """Gives a statement, and an entry of the consent ledger, to everybody who has none."""

    assertions: Assertions
    consents: Consents

    def run(self, database: Database) -> int:
        """How many people were given one. Safe to break off, to repeat, and to run twice at once."""
        given = 0
        while True:
            with database.write() as session:
                portion = self._portion(session)
            given += portion
            if portion < PORTION:
                return given

    def _portion(self, session: Session) -> int:
        rows = statements.without_statement(session, PORTION)
        ids = [row.id for row in rows]
        keys = self.assertions.keys_of(session, ids)
        self.assertions.record(session, [About(row.id, _stated(row)) for row in rows], keys, ACTOR)
        self.consents.record(session, [each for row in rows for each in _consents(row)], keys, ACTOR)
        statements.empty_sensitive(session, ids)
        return len(rows)


def _stated(row: Row[Any]) -> Stated:
    facts = {name: getattr(row, name) for name in FACT_NAMES if name != "ref"}
    contacts = {name: facts[name] or "" for name in ("phone", "email")}
    return Stated(facts={**facts, **contacts}, source=IMPORT, observed=row.observed)


def _consents(row: Row[Any]) -> list[Consent]:
    if not row.purposes:
        return []
    given = Consent(
        record_id=row.id,
        kind=ConsentKind.GIVEN,
        purposes=row.purposes,
        effective_at=midnight(row.observed),
    )
    taken = Consent(
        record_id=row.id,
        kind=ConsentKind.WITHDRAWN,
        purposes=row.purposes,
        effective_at=row.updated_at,
        document=row.status_reason,
    )
    return [given, taken] if row.status is PersonStatus.WITHDRAWN else [given]
