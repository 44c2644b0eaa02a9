"""The facts that a report rests on, as they are known when it is drafted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.axes import ALL, Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.period import Quarter
from services.talent.domain.release.comparison import differences
from services.talent.domain.release.lifecycle import Action, Release, ReleaseState
from services.talent.domain.release.snapshot import load
from services.talent.domain.report.calendar import Calendar, Planned
from services.talent.domain.report.facts import Correction, Facts, ReleaseFacts, RevisionFacts, TrendPoint
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.printed import Printed, index_of
from services.talent.domain.report.publishing import published
from services.talent.domain.report.report import Report
from services.talent.domain.report.returns import OWN_METHOD, Return, Returns, Source
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.note import parts
from services.talent.service.shortage.reports.inner import InnerFacts
from services.talent.service.shortage.reports.targets import TargetFacts
from services.talent.store.shortage import releases, reports, returns
from services.wording.codes import CONTRIBUTIONS, KINDS, PROPOSAL_REASONS

_TREND_QUARTERS = 8
_SAID = {
    f"{of}/{code}": name
    for of, names in (("kind", KINDS), ("part", CONTRIBUTIONS), ("refusal", PROPOSAL_REASONS))
    for code, name in names.items()
} | {
    "part/none": Text("没有正向理由", "nothing spoke for it"),
    "part/unknown": Text("未登记理由", "reason not on record"),
}
"""What returns of the matcher are of, in words."""


class _Compared(NamedTuple):
    """The period before, as it was printed and as it stands now, and the id of the report that printed it."""

    printed: Release | None = None
    revised: Release | None = None
    report: str | None = None


@dataclass(frozen=True)
class Gathering:
    """Reads what one report needs: of a public edition public releases, of goals what the document says, and of
    returns what may be printed. `withheld`: keys of the tables that public editions leave empty.
    """

    catalogue: Catalogue
    targets: TargetFacts
    inner: InnerFacts
    calendar: Calendar = field(default_factory=Calendar)
    withheld: tuple[str, ...] = ()

    def facts(
        self,
        session: Session,
        period: ReportPeriod,
        edition: Edition,
        known_at: datetime,
        correction: Correction | None,
    ) -> Facts:
        """All of it. Raises FailedPrecondition (NO_SIGNED_RELEASE)."""
        signed = _signed(session, edition)
        release = _newest(signed, period.last)
        if release is None:
            raise _no_release(period, edition)
        before = _compared(session, signed, period, edition)
        internal = edition is Edition.INTERNAL
        axes = load(releases.snapshot(session, release.id))[0].cube.axes
        goals, milestones = self.targets.of(session, period, told=internal)
        told = tuple(returns.of_quarters(session, period.codes))
        if not internal:
            told = self._publishable(session, period, known_at, told)
        return Facts(
            period=period.code,
            edition=edition,
            known_at=known_at,
            release=ReleaseFacts.of(release),
            printed=ReleaseFacts.of(before.printed) if before.printed else None,
            revised=ReleaseFacts.of(before.revised) if before.revised else None,
            previous_report=before.report,
            trend=tuple(_trend(session, signed, period.last)),
            revisions=tuple(_revisions(session, signed, period)),
            goals=goals,
            milestones=milestones,
            goals_note=self.targets.register.outlook.note if internal else Text("", ""),
            release_note=release.note,
            axes={name: tuple(codes) for name, codes in axes.document().items()},
            names=dict(_names(self.catalogue, axes)) | _SAID,
            synthetic=release.origin == "SYNTHETIC" or any(each.synthetic for each in told),
            correction=correction,
            inner=self.inner.of(session, period, axes, known_at, told) if internal else None,
            returns=Returns(period.codes, told),
            release_parts=_parts(release.note, self.inner.map.method),
            calendar=self.calendar.around(period, _signed_reports(session, edition)),
            withheld=() if internal else self.withheld,
            counting=self.targets.register.rules.note,
            stances={each.id: each.stance for each in self.catalogue.directions},
        )

    def planned(self, session: Session, edition: Edition, today: date) -> tuple[Planned, ...]:
        """The release calendar around the quarter that ended last."""
        ended = ReportPeriod(Quarter.of(today).later(-1), yearly=False)
        return self.calendar.around(ended, _signed_reports(session, edition))

    def _publishable(
        self, session: Session, period: ReportPeriod, known_at: datetime, told: tuple[Return, ...]
    ) -> tuple[Return, ...]:
        """What was reported, and what is counted here, as a public edition prints it beside those before it."""
        own = self.inner.returned(session, period)
        whole = (*told, Return(Source.TALENT, str(period.last), 1, OWN_METHOD, known_at, False, own))
        printed = _Printed(session)
        return tuple(published(each, printed.before(each)) for each in whole)


class _Printed:
    """What public reports have printed of returns. One that is not turned down may still be signed, and counts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        known = reports.of_edition(session, Edition.PUBLIC)
        standing = [each for each in known if each.life.state is not ReleaseState.REJECTED]
        self._standing = sorted(standing, key=lambda each: (_last(each), each.known_at), reverse=True)

    def before(self, found: Return) -> Return | None:
        """What was printed last of the same quarter; of what adds up from year to year, of it or of one before."""
        lasting = found.source is Source.TALENT
        newest = self._standing if lasting else sorted(self._standing, key=_known_at, reverse=True)
        for report in newest:
            covers = _last(report) <= found.quarter if lasting else found.quarter.startswith(report.period)
            same = (
                [each for each in self._returns(report.id) if each.source is found.source] if covers else []
            )
            if same := [each for each in same if lasting or each.quarter == found.quarter]:
                return same[0]
        return None

    def _returns(self, report: str) -> tuple[Return, ...]:
        known = reports.content(self._session, report).facts.returns
        return known.told if known else ()


def _known_at(report: Report) -> datetime:
    return report.known_at


def _last(report: Report) -> str:
    return str(ReportPeriod.parse(report.period).last)


def _parts(note: Text, method: Method) -> tuple[Text, ...]:
    """A release's note subject by subject; nothing of one by another method than today's."""
    whole = method.note
    if not (note.zh.startswith(whole.zh) and note.en.startswith(whole.en)):
        return ()
    rest = Text(note.zh.removeprefix(whole.zh), note.en.removeprefix(whole.en).strip())
    return (*parts(method), rest) if rest.zh else parts(method)


def _signed_reports(session: Session, edition: Edition) -> dict[str, date]:
    """When the first report of each period was signed."""
    found: dict[str, date] = {}
    for each in reports.of_edition(session, edition):
        day = next((civil_date(step.at) for step in each.life.steps if step.action is Action.SIGN), None)
        if day is not None:
            found[each.period] = min(day, found.get(each.period, day))
    return found


def _signed(session: Session, edition: Edition) -> list[Release]:
    """The newest day first, its latest revision first."""
    known = releases.of_edition(session, edition)
    return [each for each in known if each.life.state is ReleaseState.SIGNED]


def _newest(signed: list[Release], quarter: Quarter) -> Release | None:
    return next((each for each in signed if each.quarter == str(quarter)), None)


def _no_release(period: ReportPeriod, edition: Edition) -> FailedPrecondition:
    code = str(period.last)
    zh, en = ("内部版", "internal") if edition is Edition.INTERNAL else ("公开版", "public")
    return FailedPrecondition(
        Text(
            f"{code} 的{zh}图谱发布尚未签发，报告须以已签发的发布为准；请先起草、核稿并签发该发布",
            f"no {en} release of {code} is signed, and a report is of a signed one; draft, check and sign it first",
        ),
        reason="NO_SIGNED_RELEASE",
        metadata={"quarter": code},
    )


def _compared(session: Session, signed: list[Release], period: ReportPeriod, edition: Edition) -> _Compared:
    """As it was printed: by the report of then, or, without one, by the first release of then."""
    mine = [each for each in signed if each.quarter == str(period.before.last)]
    if not mine:
        return _Compared()
    known = reports.of_edition(session, edition)
    report = next((each for each in known if each.period == period.before.code and each.signed), None)
    printed = next((each for each in mine if report and each.id == report.release_id), mine[-1])
    return _Compared(printed, mine[0], report.name if report else None)


def _trend(session: Session, signed: list[Release], last: Quarter) -> Iterator[TrendPoint]:
    for back in range(_TREND_QUARTERS - 1, -1, -1):
        release = _newest(signed, last.later(-back))
        if release is None:
            continue
        row = Printed(tuple(releases.rows(session, release.id))).at()
        found = asdict(row) if row else {}
        values = {name: found.get(name) for name in ("demand", "supply", "index", "low", "high")}
        yield TrendPoint(release.quarter, release.id, **values, symbol=str(index_of(row)))


def _revisions(session: Session, signed: list[Release], period: ReportPeriod) -> Iterator[RevisionFacts]:
    """Of the quarters of the period and the last one before it, oldest first."""
    for back in range(period.quarters, -1, -1):
        quarter = str(period.last.later(-back))
        mine = sorted((each for each in signed if each.quarter == quarter), key=lambda each: each.revision)
        for old, new in pairwise(mine):
            before, after = (releases.rows(session, each.id) for each in (old, new))
            found = differences(before, after)
            kinds = Counter(each.kind.value for each in found)
            same = len({row.key for row in before} | {row.key for row in after}) - len(found)
            yield RevisionFacts(quarter, old.revision, new.revision, dict(kinds), same)


def _names(catalogue: Catalogue, axes: Axes) -> Iterator[tuple[str, Text]]:
    """What the codes of a release are called today; a code that the catalogue has lost stands for itself."""
    leaves = {each.code: each.name for each in catalogue.leaves}
    leaves |= {each.id: each.marked for each in catalogue.local_directions}
    known = (
        {each.id: each.name for each in catalogue.industries} | leaves,
        {each.id: each.name for each in catalogue.cities},
        {each.id: each.name for each in catalogue.categories},
    )
    for codes, names in zip((axes.nodes, axes.cities, axes.categories), known, strict=True):
        yield from ((code, names[code]) for code in codes if code != ALL and code in names)
    yield from ((f"programme/{each.id}", each.name) for each in catalogue.programmes)
