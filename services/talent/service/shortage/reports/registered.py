"""What the talent service has on record beside the map, for the internal edition of a report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from statistics import median_low

from sqlalchemy.orm import Session

from services.kernel.clock import civil_date
from services.kernel.text import Text
from services.talent.domain.evidence.counting import standing
from services.talent.domain.evidence.kinds import EvidenceKind, types_of
from services.talent.domain.evidence.record import Evidence, EvidenceState
from services.talent.domain.identity.comparison import Band
from services.talent.domain.identity.judgement import Verdict
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.registered import (
    Instrument,
    Presence,
    Registered,
    StayedBy,
    ages,
    held_by,
    stayed,
    stayed_by,
)
from services.talent.domain.report.retention import anniversary
from services.talent.domain.report.returns import Return, Source
from services.talent.service.people.evidence import EvidenceRegister
from services.talent.store.people import evidence
from services.talent.store.shortage import done_proposals, registered

_SPECIAL = ("observation-period", "tolerance-period", "sandbox", "fault-tolerance")
"""The forms of supervision that are always told; the others of the catalogue where there is a case."""
_FIRM_FUND = "firm-fund"
"""The kind of pair that a holding comes of."""
_DOUBLES = {
    (Band.LINK, None): Text("很可能为同一人，待核定", "very likely one person, to be decided"),
    (Band.REVIEW, None): Text("可能为同一人，待核定", "may be one person, to be decided"),
}
_UNSURE = Text("核定为存疑", "looked at, not sure")


@dataclass(frozen=True)
class RegisteredFacts:
    """Reads the register of evidence and the library."""

    register: EvidenceRegister

    def of(
        self, session: Session, period: ReportPeriod, known_at: datetime, told: Sequence[Return] = ()
    ) -> Registered:
        """Of the register what stood on the period's last day; of records and pairs what is known today. `told`: what
        was reported of the period's quarters.
        """
        records, today = evidence.all_records(session), civil_date(known_at)
        a_year = anniversary(period.start, -1), anniversary(period.end, -1)
        hires = list(registered.hires(session, *a_year))
        people, open_ = registered.confirmed_people(session), registered.renewed_positions(session)
        return Registered(
            presence=tuple(self._presence(session, records, period)),
            instruments=tuple(self._instruments(records, period)),
            ages=(
                ages(Text("人才记录", "records of people"), people, today),
                ages(Text("在招岗位", "open positions"), open_, today),
            ),
            doubles=_doubles(session),
            stayed=stayed(hires, period.start, period.end),
            stayed_by=(
                *stayed_by(registered.PERSON_POSITION, hires, period.start, period.end),
                *_held_by(session, told),
            ),
        )

    def _presence(
        self, session: Session, records: Sequence[Evidence], period: ReportPeriod
    ) -> Iterator[Presence]:
        there = Counter((each.kind, each.industry) for each in records if standing(each, period.end))
        teams, hired = registered.teams(session), registered.hired(session, period.start, period.end)
        for each in self.register.catalogue.industries:
            yield Presence(
                each.id,
                teams=teams.get(each.id, 0),
                platforms=there[EvidenceKind.PLATFORM, each.id],
                scenarios=there[EvidenceKind.SCENARIO, each.id],
                projects=there[EvidenceKind.RD_PROJECT, each.id],
                hired=hired.get(each.id, 0),
            )

    def _instruments(self, records: Sequence[Evidence], period: ReportPeriod) -> Iterator[Instrument]:
        cases = [
            each
            for each in records
            if each.kind is EvidenceKind.GOVERNANCE_CASE and each.state is EvidenceState.CONFIRMED
        ]
        for code, name in types_of(self.register.catalogue, EvidenceKind.GOVERNANCE_CASE).items():
            mine = [each for each in cases if each.type_code == code]
            if mine or code in _SPECIAL:
                yield _instrument(name, mine, period)


def _held_by(session: Session, told: Sequence[Return]) -> Iterator[StayedBy]:
    parts = {each.other: each.part for each in done_proposals.of_kind(session, _FIRM_FUND)}
    funded = chain.from_iterable(each.figures for each in told if each.source is Source.FUNDING)
    return held_by(_FIRM_FUND, parts, funded)


def _instrument(name: Text, cases: Sequence[Evidence], period: ReportPeriod) -> Instrument:
    """A case begins on the day of its start, or, without one, of its approval."""
    spans = [(begun, each.closed) for each in cases if (begun := each.opened or each.approved) is not None]
    ended = [(begun, end) for begun, end in spans if end is not None and period.start <= end <= period.end]
    open_ = [begun for begun, end in spans if begun <= period.end and (end is None or end > period.end)]
    return Instrument(
        name,
        sum(period.start <= begun <= period.end for begun, _ in spans),
        len(ended),
        len(open_),
        _middle(ended),
        _middle([(begun, period.end) for begun in open_]),
    )


def _middle(spans: Sequence[tuple[date, date]]) -> int | None:
    return median_low([(end - begun).days for begun, end in spans]) if spans else None


def _doubles(session: Session) -> tuple[tuple[Text, int], ...]:
    found = registered.undecided_pairs(session)
    told = [(name, found.get(key, 0)) for key, name in _DOUBLES.items()]
    return *told, (_UNSURE, sum(n for (_, verdict), n in found.items() if verdict is Verdict.UNSURE))
