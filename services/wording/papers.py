"""Releases, reports and nominations that several people handle one after the other: what waits for whom, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bole.common.v1.data_origin_pb2 import DataOrigin
from bole.talent.v1 import nomination_pb2, report_pb2, shortage_release_pb2
from services.catalogue import Catalogue
from services.kernel.text import Text
from services.wording.library import NOMINATION_STATES
from services.wording.pages import PAGES
from services.wording.reports import ACTIONS, EDITION_NAMES

OPEN: Final = "state = DRAFT OR state = CHECKED"
"""The filter of releases and reports that somebody has still to handle."""
UNDECIDED: Final = "state = NOMINATED OR state = ELIGIBLE OR state = REVIEWED"
"""The same of nominations."""
_HANDLED = ("CHECK", "SIGN")
_DECIDED = {
    "CHECK": Text("资格审查", "check eligibility"),
    "REVIEW": Text("评审", "review"),
    "DECIDE": Text("审定", "decide"),
}
"""What waits for somebody; to turn down, to withdraw or to declare an interest is open to many all the time."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One that waits. `verbs`: what the reader could do with it now; `since`: when it got there, in UTC."""

    name: str
    title: Text
    verbs: tuple[Text, ...]
    since: datetime
    origin: DataOrigin

    @property
    def page(self) -> str:
        """Where the console has it."""
        collection, _, id_ = self.name.partition("/")
        return f"{PAGES[collection]}/{id_}"


def of_release(release: shortage_release_pb2.ShortageRelease) -> Paper | None:
    """A release, if the reader could check or sign it."""
    kind = Text("图谱发布", "Release of the map")
    return _issued(release, shortage_release_pb2.ShortageReleaseStep, kind, release.quarter)


def of_report(report: report_pb2.Report) -> Paper | None:
    """A report, if the reader could check or sign it."""
    return _issued(report, report_pb2.ReportStep, Text("运行情况报告", "Report"), report.period)


def of_nomination(nomination: nomination_pb2.Nomination, steps: Any, catalogue: Catalogue) -> Paper | None:
    """A nomination, if the reader could check, review or decide it. It is called by programme, year, city and industry:
    nobody's name. `steps`: what ListNominationSteps answered of it.
    """
    verbs = _open(steps.options, "kind", nomination_pb2.NominationStep.Kind, _DECIDED)
    if not verbs:
        return None
    programme = next(each.name for each in catalogue.programmes if each.id == nomination.programme_code)
    city, industry = catalogue.city(nomination.city_code), catalogue.industry(nomination.industry_code)
    state = NOMINATION_STATES[nomination_pb2.Nomination.State.Name(nomination.state).removeprefix("STATE_")]
    return Paper(
        nomination.name,
        Text(
            f"{programme.zh} {nomination.year} · {city.short_zh} · {industry.name_zh}（{state.zh}）",
            f"{programme.en} {nomination.year} · {city.pinyin} · {industry.name_en} ({state.en})",
        ),
        verbs,
        nomination.update_time.ToDatetime(UTC),
        nomination.origin,
    )


def _issued(paper: Any, steps: Any, kind: Text, period: str) -> Paper | None:
    verbs = _open(paper.options, "action", steps.Action, {code: ACTIONS[code] for code in _HANDLED})
    if not verbs:
        return None
    edition = EDITION_NAMES[shortage_release_pb2.StatisticsEdition.Name(paper.edition).rpartition("_")[2]]
    return Paper(
        paper.name,
        Text(
            f"{kind.zh} {period} {edition.zh}第 {paper.revision} 次",
            f"{kind.en} {period}, {edition.en}, revision {paper.revision}",
        ),
        verbs,
        max(each.time.ToDatetime(UTC) for each in paper.steps),
        paper.origin,
    )


def _open(options: Iterable[Any], field: str, kinds: Any, called: dict[str, Text]) -> tuple[Text, ...]:
    codes = [
        kinds.Name(getattr(each, field)).partition("_")[2] for each in options if not each.HasField("reason")
    ]
    return tuple(called[code] for code in codes if code in called)
