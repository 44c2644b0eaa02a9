"""Recording what sources state about people, and choosing what is shown.

Everything here is in bulk: an import states for thousands of people at once. Nothing is ever overwritten; what
was stated is sealed under the key of the record it is about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from operator import attrgetter
from typing import Any, NamedTuple

from sqlalchemy import Row
from sqlalchemy.orm import Session

from services.catalogue.succession import Shares, renewed
from services.chassis.sealing import DataKey, KeyRing, open_sealed, seal
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.people.choosing import Rule, Standing, choose, judge
from services.talent.domain.people.person import FACT_NAMES, SENSITIVE, PersonFacts, Purpose, Sensitive
from services.talent.domain.people.statement import Confidence, Retraction, Stated, Statement, is_empty
from services.talent.store import repository
from services.talent.store.people import statements
from services.talent.store.people.facts import decode_facts, encode_facts

STATEMENT = "bole.talent.statement"
REASON = "bole.talent.retraction"
CHOSEN = tuple(name for name in FACT_NAMES if name not in ("ref", "purposes"))
_SPOKEN_OF = tuple(name for name in FACT_NAMES if name != "ref")
_spoken_of = attrgetter(*_SPOKEN_OF)
_REQUIRED = ("name", "category", "city", "availability", "direction_shares", "observed")


class About(NamedTuple):
    """What one source states about one record."""

    record_id: str
    stated: Stated


class Heard(NamedTuple):
    """What was stated about people, by person in the order of recording; the records of each, and the keys of these."""

    said: dict[str, list[Statement]]
    records: dict[str, list[str]]
    keys: dict[str, DataKey]


@dataclass(frozen=True)
class Assertions:
    """The statements of the library. What they say of directions is read in today's codes (`former`: earlier ones)."""

    keys: KeyRing
    clock: Clock
    rule: Rule = field(default_factory=Rule)
    former: Mapping[str, Shares] = field(default_factory=dict)

    def record(
        self, session: Session, said: Sequence[About], keys: Mapping[str, DataKey], actor: str
    ) -> None:
        """Append statements, sealed under the key of each record."""
        statements.add_statements(session, statement_rows(said, keys, actor, self.clock.now()))

    def about(self, session: Session, person_ids: Iterable[str]) -> dict[str, list[Statement]]:
        """All statements about people, those of merged records included, in the order of recording."""
        return self.heard(session, person_ids).said

    def heard(self, session: Session, person_ids: Iterable[str]) -> Heard:
        """The same, with the records they are about and their keys."""
        records = statements.records_of(session, person_ids)
        every = [record for mine in records.values() for record in mine]
        keys = self.keys_of(session, every)
        found = self._read(session, every, keys)
        said = {
            id_: sorted((each for record in mine for each in found[record]), key=lambda each: each.number)
            for id_, mine in records.items()
        }
        return Heard(said, records, keys)

    def of_records(self, session: Session, record_ids: Sequence[str]) -> dict[str, list[Statement]]:
        """All statements made about these very records, in the order of recording."""
        return self._read(session, record_ids, self.keys_of(session, record_ids))

    def _read(
        self, session: Session, record_ids: Sequence[str], keys: Mapping[str, DataKey]
    ) -> dict[str, list[Statement]]:
        rows = statements.by_record(statements.statements_about(session, record_ids))
        return {
            record: [_statement(row, keys[record], self.former) for row in rows.get(record, ())]
            for record in record_ids
        }

    def keys_of(self, session: Session, record_ids: Sequence[str]) -> dict[str, DataKey]:
        """The keys of records."""
        wrapped = repository.wrapped_keys(session, record_ids)
        return {id_: self.keys.unwrap(f"persons/{id_}", each) for id_, each in wrapped.items()}

    def retract(self, session: Session, standing: Sequence[Statement], actor: str, reason: str) -> None:
        """Take statements back; those that are taken back already stay as they are."""
        taken = [each for each in standing if each.retraction is None]
        keys = self.keys_of(session, list({each.record_id for each in taken}))
        now = self.clock.now()
        rows = [
            {
                "number": each.number,
                "retracted_at": now,
                "retracted_by": actor,
                "sealed": seal(
                    f"persons/{each.record_id}", reason.encode(), keys[each.record_id], schema=REASON
                ),
            }
            for each in taken
        ]
        statements.add_retractions(session, rows)

    def retract_batch(self, session: Session, batch: str, record_ids: Sequence[str], actor: str) -> None:
        """Take back what a batch stated about these records and still stands."""
        now = self.clock.now()
        rows = [
            {"number": row.number, "retracted_at": now, "retracted_by": actor, "sealed": None}
            for row in statements.statements_of_batch(session, batch, record_ids)
        ]
        statements.add_retractions(session, rows)

    def shown(
        self, ref: str, said: Sequence[Statement], purposes: frozenset[Purpose], day: date | None = None
    ) -> PersonFacts:
        """What the rule chooses on `day` (today unless given), sensitive facts included.

        Raises FailedPrecondition (NOTHING_STATED), naming the fields that nobody states any more.
        """
        chosen = choose(said, CHOSEN, day or civil_date(self.clock.now()), self.rule)
        missing = [name for name in _REQUIRED if name not in chosen]
        if missing:
            raise nothing_stated(missing)
        return PersonFacts(ref=ref, purposes=purposes, **chosen)

    def chosen(
        self, said: Sequence[Statement], names: Iterable[str], day: date | None = None
    ) -> dict[str, Any]:
        """What the rule chooses on `day` (today unless given) of some fields; what nothing speaks for is not there."""
        return choose(said, names, day or civil_date(self.clock.now()), self.rule)

    def sensitive(self, said: Sequence[Statement], day: date | None = None) -> Sensitive:
        """The facts that no row holds, as the rule chooses them on `day` (today unless given); empty where there is
        none.
        """
        return Sensitive(**self.chosen(said, SENSITIVE, day))

    def sureness(self, said: Sequence[Statement], names: Iterable[str]) -> Confidence:
        """How sure the surest of the shown values of some fields is; STATED at least."""
        day = civil_date(self.clock.now())
        verdicts = (verdict for name in names for verdict in judge(name, said, day, self.rule))
        shown = [each.statement.confidence for each in verdicts if each.standing is Standing.CHOSEN]
        return max([Confidence.STATED, *shown], key=lambda each: each.rank)


def statement_rows(
    said: Iterable[About], keys: Mapping[str, DataKey], actor: str, now: datetime
) -> Iterator[Sequence[Any]]:
    """Rows of statements, values in the order of STATEMENT_COLUMNS, sealed under the key of each record."""
    for record_id, stated in said:
        facts = encode_facts(stated.facts, stated.document)
        yield (
            record_id,
            stated.source,
            stated.confidence,
            stated.observed,
            stated.valid_from,
            stated.valid_to,
            actor,
            now,
            stated.batch,
            seal(f"persons/{record_id}", facts, keys[record_id], schema=STATEMENT),
        )


def as_recorded(about: About, number: int, actor: str, now: datetime) -> Statement:
    """What has just been recorded, as it will be read."""
    stated = {each.name: getattr(about.stated, each.name) for each in fields(Stated)}
    return Statement(**stated, number=number, record_id=about.record_id, entered_by=actor, recorded_at=now)


def last_word(said: Iterable[Statement], source: str, document: str = "") -> Mapping[str, Any] | None:
    """What one source says now, field by field; None if it never said anything or took it all back."""
    facts: dict[str, Any] = {}
    for each in said:
        if each.retraction is None and (each.source, each.document) == (source, document):
            facts.update(each.facts)
    return facts or None


def nothing_stated(fields: Sequence[str]) -> FailedPrecondition:
    """The refusal to leave a person without what every record must have."""
    names = ", ".join(fields)
    return FailedPrecondition(
        Text(
            f"撤销后没有任何来源提供 {names}；请先由其他来源补充，或删除该人才",
            f"nothing would state {names} any more; state it from another source first, or erase the person",
        ),
        reason="NOTHING_STATED",
        metadata={"fields": names},
    )


def _statement(row: Row[Any], key: DataKey, former: Mapping[str, Shares]) -> Statement:
    subject = f"persons/{row.record_id}"
    facts, document = decode_facts(open_sealed(subject, row.sealed, key, schema=STATEMENT))
    if "direction_shares" in facts:
        facts = {**facts, "direction_shares": renewed(facts["direction_shares"], former)}
    retraction = None
    if row.retracted_at is not None:
        reason = open_sealed(subject, row.why, key, schema=REASON).decode() if row.why else ""
        retraction = Retraction(row.retracted_at, row.retracted_by, reason)
    return Statement(
        number=row.number,
        record_id=row.record_id,
        facts=facts,
        source=row.source,
        document=document,
        confidence=row.confidence,
        observed=row.observed,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        batch=row.batch,
        entered_by=row.entered_by,
        recorded_at=row.recorded_at,
        retraction=retraction,
    )


def whole(
    facts: PersonFacts,
    source: str,
    said: Mapping[str, Any] | None = None,
    batch: str | None = None,
    silent: frozenset[str] = frozenset(),
) -> Stated:
    """The statement of a form or a row of a file; `said` is what the same source said before.

    An empty field is spoken of only where the source said something: it takes that back. What the form does not
    have at all is `silent`: nothing is said of it.
    """
    before = said or {}
    spoken = {
        name: value
        for name, value in zip(_SPOKEN_OF, _spoken_of(facts), strict=True)
        if name not in silent and not (is_empty(value) and is_empty(before.get(name)))
    }
    return Stated(facts=spoken, source=source, observed=facts.observed, batch=batch)


def is_news(stated: Stated, said: Mapping[str, Any] | None) -> bool:
    """Whether a statement says anything that the same source did not say before."""
    before = said or {}
    return any(name not in before or before[name] != value for name, value in stated.facts.items())
