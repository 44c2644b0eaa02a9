"""The consent ledger: recording what people allow and take back, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.chassis.sealing import DataKey, open_sealed, seal
from services.kernel.clock import Clock
from services.talent.domain.identity.judgement import joined_since
from services.talent.domain.people.person import Purpose
from services.talent.domain.privacy.consent import (
    Consent,
    ConsentKind,
    Entry,
    purposes_of,
    withdrawn_by_another,
)
from services.talent.store.people import duplicates, statements

DOCUMENT = "bole.talent.consent"


@dataclass(frozen=True)
class Consents:
    """The ledger."""

    clock: Clock

    def record(
        self, session: Session, consents: Sequence[Consent], keys: dict[str, DataKey], actor: str
    ) -> None:
        """Append entries; documents are sealed under the key of the record."""
        statements.add_consents(session, consent_rows(consents, keys, actor, self.clock.now()))

    def entries(self, session: Session, record_ids: Sequence[str], keys: dict[str, DataKey]) -> list[Entry]:
        """All entries about these records, with their documents."""
        return [_entry(row, keys) for row in statements.consents_about(session, record_ids)]

    def purposes(self, session: Session, person_ids: Iterable[str]) -> dict[str, frozenset[Purpose]]:
        """What each person allows now."""
        records = statements.records_of(session, person_ids)
        every = [record for mine in records.values() for record in mine]
        rows = statements.by_record(statements.consents_about(session, every))
        merged = [record for mine in records.values() if len(mine) > 1 for record in mine]
        joined = joined_since(duplicates.judgements_about(session, merged))
        return {
            id_: purposes_of(
                (_entry(row, {}) for record in mine for row in rows.get(record, ())), mine, joined
            )
            for id_, mine in records.items()
        }

    def withdrawn_by_another(self, session: Session, person_id: str, account: str) -> bool:
        """Whether somebody else than `account` took down that the person withdrew."""
        records = statements.records_of(session, [person_id])[person_id]
        joined = joined_since(duplicates.judgements_about(session, records)) if len(records) > 1 else {}
        return withdrawn_by_another(self.entries(session, records, {}), records, account, joined)

    def annul_batch(self, session: Session, batch: str, record_ids: Sequence[str], actor: str) -> None:
        """Annul the entries about these records that came with a batch."""
        annulling = [
            Consent(
                record_id=row.record_id,
                kind=ConsentKind.ANNULLED,
                purposes=row.purposes,
                effective_at=row.effective_at,
                basis=row.basis,
                annuls=row.number,
            )
            for row in statements.consents_of_batch(session, batch, record_ids)
        ]
        self.record(session, annulling, {}, actor)


def consent_rows(
    consents: Iterable[Consent], keys: Mapping[str, DataKey], actor: str, now: datetime
) -> list[Sequence[Any]]:
    """Rows of the ledger, values in the order of CONSENT_COLUMNS."""
    return [_row(each, keys, actor, now) for each in consents]


def _row(consent: Consent, keys: Mapping[str, DataKey], actor: str, now: datetime) -> Sequence[Any]:
    sealed = None
    if consent.document:
        subject = f"persons/{consent.record_id}"
        sealed = seal(subject, consent.document.encode(), keys[consent.record_id], schema=DOCUMENT)
    return (
        consent.record_id,
        consent.kind,
        consent.purposes,
        consent.basis,
        consent.effective_at,
        actor,
        now,
        consent.batch,
        consent.annuls,
        sealed,
    )


def _entry(row: Row[Any], keys: dict[str, DataKey]) -> Entry:
    key = keys.get(row.record_id)
    document = ""
    if row.sealed is not None and key is not None:
        document = open_sealed(f"persons/{row.record_id}", row.sealed, key, schema=DOCUMENT).decode()
    consent = Consent(
        record_id=row.record_id,
        kind=row.kind,
        purposes=row.purposes,
        effective_at=row.effective_at,
        basis=row.basis,
        document=document,
        batch=row.batch,
        annuls=row.annuls,
    )
    return Entry(row.number, consent, row.entered_by, row.recorded_at)
