"""Taking down what people allow and take back, and telling who looked at them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from sqlalchemy.orm import Session

from services.talent.domain.people.person import Person
from services.talent.domain.privacy.consent import Consent, ConsentKind, Entry
from services.talent.domain.privacy.lookup import Anomaly, Limits, Look, anomalies
from services.talent.domain.validation import Findings, check_line, clean
from services.talent.service.people.people import People
from services.talent.store.people import statements
from services.talent.store.privacy import lookups

_SKEW = timedelta(minutes=5)


@dataclass(frozen=True)
class Consenting:
    """The use cases of consent and of looking up."""

    people: People
    limits: Limits = field(default_factory=Limits)

    def record(self, session: Session, person: Person, consent: Consent, actor: str) -> None:
        """One entry for every record shown as the person, and what follows from it.

        Raises InvalidArgument with every broken rule, FailedPrecondition for a withdrawn record.
        """
        person.require_active()
        said = replace(consent, document=clean(consent.document))
        self._check(said)
        records = self.records(session, person)
        keys = self.people.assertions.keys_of(session, records)
        entries = [replace(said, record_id=record) for record in records]
        self.people.consents.record(session, entries, keys, actor)
        self.people.reproject(session, [person], actor)

    def entries(self, session: Session, person: Person) -> list[Entry]:
        """The ledger of a person, oldest entry first."""
        records = self.records(session, person)
        keys = self.people.assertions.keys_of(session, records)
        found = self.people.consents.entries(session, records, keys)
        return sorted(found, key=lambda entry: entry.number)

    def looks(self, session: Session, person: Person, before: int | None, limit: int) -> list[Look]:
        """Who looked at a person or changed the record, newest first."""
        records = self.records(session, person)
        names = [f"persons/{record}" for record in records]
        names += lookups.nominations_about(session, records)
        return lookups.looks_at(session, names, before, limit)

    def anomalies(self, session: Session, days: int) -> list[Anomaly]:
        """Accounts that looked at unusually many people within the last `days` days."""
        since = self.people.clock.now() - timedelta(days=days)
        return anomalies(lookups.reveals_since(session, since), self.limits)

    def records(self, session: Session, person: Person) -> Sequence[str]:
        """The records that are shown as a person."""
        return statements.records_of(session, [person.id])[person.id]

    def _check(self, consent: Consent) -> None:
        findings = Findings()
        check_line(findings, "document", consent.document, limit=200, required=True)
        findings.require(
            bool(consent.purposes), "purposes", "REQUIRED", "请至少填写一项用途", "name at least one use"
        )
        findings.require(
            consent.kind is not ConsentKind.ANNULLED,
            "kind",
            "KIND_NOT_ALLOWED",
            "只能登记同意或撤回",
            "a consent is given or withdrawn",
        )
        findings.require(
            consent.effective_at <= self.people.clock.now() + _SKEW,
            "effective_time",
            "TIME_IN_FUTURE",
            "时间晚于现在，请更正",
            "the time lies ahead; correct it",
        )
        findings.conclude()
