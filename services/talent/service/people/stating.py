"""Stating something about a person on behalf of a source, taking it back, confirming what is shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import FailedPrecondition, NotFound
from services.talent.domain.people.person import Person, PersonStatus
from services.talent.domain.people.statement import OFFICE, Confidence, Stated, Statement
from services.talent.domain.validation import Findings, check_line, check_past, clean
from services.talent.service.people.people import Cities, Entered, People
from services.talent.store import repository

ACTOR = "bole/day"

_SOURCE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Stating:
    """The use cases of statements."""

    people: People

    def state(
        self, session: Session, person: Person, stated: Stated, actor: str, cities: Cities = None
    ) -> None:
        """Record one statement. Raises InvalidArgument with every broken rule, or for a statement of nothing,
        AlreadyExists for a strong key of somebody in `cities`, those whose records the caller keeps (None: all).
        """
        person.require_active()
        today = civil_date(self.people.clock.now())
        said = replace(stated, document=clean(stated.document))
        _check(said, today)
        known = self.people.assertions.about(session, [person.id])[person.id]
        facts = self.people.checked(person, said.facts, known)
        self.people.require_own_keys(session, person.id, facts, cities)
        since = min(midnight(said.observed), self.people.clock.now())
        self.people.state(session, [Entered(person, replace(said, facts=facts), since)], actor)

    def retract(self, session: Session, person: Person, number: int, reason: str, actor: str) -> None:
        """Take one statement back; what was taken back already stays as it is. Raises NotFound."""
        said = self.people.assertions.about(session, [person.id])[person.id]
        taken = [each for each in said if each.number == number]
        if not taken:
            raise NotFound.resource(f"persons/{person.id}/statements/{number}")
        findings = Findings()
        check_line(findings, "reason", clean(reason), limit=500, required=True)
        findings.conclude()
        self.people.retract(session, person, taken, actor, clean(reason))

    def confirm(self, session: Session, person: Person, day: date, document: str, actor: str) -> None:
        """Record that the facts shown were confirmed on `day`: the record counts as fresh from then on.

        Raises InvalidArgument, and FailedPrecondition for a withdrawn record.
        """
        given = Stated(
            facts={"observed": day},
            source=OFFICE,
            document=document,
            observed=day,
            confidence=Confidence.CONFIRMED,
        )
        self.state(session, person, given, actor)


def turn(people: People, session: Session, records: Sequence[str]) -> int:
    """Show what holds from today on in records of which the validity of a statement began or ended (`bounded_records`);
    how many people changed.

    Somebody of whom a required field would no longer be stated stays as shown until an officer sees to it.
    """
    changed = []
    for ids in chunks(records):
        persons = [
            each for each in repository.persons_of_records(session, ids) if each.status is PersonStatus.ACTIVE
        ]
        said = people.assertions.about(session, [each.id for each in persons])
        changed += [each for each in persons if _shows_otherwise(people, each, said[each.id])]
    people.reproject(session, changed, ACTOR)
    return len(changed)


def _shows_otherwise(people: People, person: Person, said: Sequence[Statement]) -> bool:
    """Whether the row would be another today, or the year of birth, which no row holds, was another on the day of the
    person's last change: what was told of it then does not hold any more.
    """
    try:
        shown = people.assertions.shown(person.ref, said, person.purposes)
    except FailedPrecondition:
        return False
    then = people.assertions.sensitive(said, civil_date(person.updated_at))
    return shown.shown != person.facts or shown.birth_year != then.birth_year


def _check(stated: Stated, today: date) -> None:
    findings = Findings()
    findings.require(
        bool(stated.facts),
        "person",
        "NOTHING_STATED",
        "没有任何字段，请至少填写一项",
        "no field is stated; state at least one",
    )
    findings.require(
        len(stated.source) <= 63 and _SOURCE.fullmatch(stated.source) is not None,
        "source",
        "SOURCE_FORM",
        "来源代码只能由小写字母、数字和连字符组成，如 office、self、registry",
        "a source is a code of small letters, digits and hyphens, such as office, self, registry",
    )
    check_line(findings, "document", stated.document, limit=200)
    check_past(findings, "observed_date", stated.observed, today)
    first, last = stated.valid_from, stated.valid_to
    findings.require(
        first is None or last is None or first <= last,
        "valid_to",
        "VALIDITY_REVERSED",
        "有效期的结束早于开始，请更正",
        "the validity ends before it begins; correct it",
    )
    findings.conclude()
