"""What waits for a visitor of releases, reports and nominations, which several people handle one after the other."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bole.common.v1 import text_pb2
from bole.talent.v1 import (
    nomination_pb2,
    nomination_service_pb2,
    report_pb2,
    report_service_pb2,
    shortage_release_pb2,
    shortage_release_service_pb2,
)
from services.chassis.rpc.wire import instant_to_wire
from services.console.pages import papers
from tests.unit.console.pages.visiting import Nobody, visit

DAY = datetime(2026, 11, 2, 3, 4, tzinfo=UTC)
NOT_YOURS = text_pb2.Text(zh="请由他人签发", en="somebody else signs")
RELEASE = shortage_release_pb2.ShortageReleaseStep
NOMINATION = nomination_pb2.NominationStep


class Desk(Nobody):
    """A release that may be checked, a report that another may sign, and nominations of which one may be decided."""

    def __init__(self) -> None:
        self.filters: list[str] = []

    def stub(self, *_: Any) -> Any:
        """The services."""
        return self

    def ListShortageReleases(self, request: Any, **_: Any) -> Any:
        """One draft."""
        self.filters.append(request.filter)
        one = shortage_release_pb2.ShortageRelease(
            name="shortageReleases/r", quarter="2026Q3", revision=2, edition="STATISTICS_EDITION_INTERNAL"
        )
        one.steps.add(action=RELEASE.ACTION_DRAFT, time=instant_to_wire(DAY))
        one.options.add(action=RELEASE.ACTION_CHECK)
        one.options.add(action=RELEASE.ACTION_SIGN, reason=NOT_YOURS)
        one.options.add(action=RELEASE.ACTION_REJECT)
        return shortage_release_service_pb2.ListShortageReleasesResponse(releases=[one])

    def ListReports(self, *_: Any, **__: Any) -> Any:
        """One that somebody else has to sign."""
        one = report_pb2.Report(name="reports/r", period="2026Q3", edition="STATISTICS_EDITION_PUBLIC")
        one.steps.add(time=instant_to_wire(DAY))
        one.options.add(action=report_pb2.ReportStep.ACTION_SIGN, reason=NOT_YOURS)
        one.options.add(action=report_pb2.ReportStep.ACTION_REJECT)
        return report_service_pb2.ListReportsResponse(reports=[one])

    def ListNominations(self, *_: Any, **__: Any) -> Any:
        """Two that are not decided."""
        made: dict[str, Any] = {
            "programme_code": "top-talent",
            "year": 2026,
            "city_code": "suzhou",
            "industry_code": "hydrogen",
            "state": nomination_pb2.Nomination.STATE_REVIEWED,
        }
        found = [nomination_pb2.Nomination(name=f"nominations/{day}", **made) for day in (1, 2)]
        for at, each in enumerate(found, 1):
            each.update_time.CopyFrom(instant_to_wire(DAY.replace(day=at)))
        return nomination_service_pb2.ListNominationsResponse(nominations=found)

    def ListNominationSteps(self, request: Any, **_: Any) -> Any:
        """The first waits for the visitor; of the second they are who nominated."""
        found = nomination_service_pb2.ListNominationStepsResponse()
        why = {} if request.parent.endswith("/1") else {"reason": NOT_YOURS}
        found.options.add(kind=NOMINATION.KIND_DECIDE, **why)
        found.options.add(kind=NOMINATION.KIND_WITHDRAW)
        return found


@pytest.mark.parametrize(
    ("language", "titles", "verbs"),
    [
        (
            "zh",
            ["顶尖人才支持计划 2026 · 苏州 · 氢能（已评审）", "图谱发布 2026Q3 内部版第 2 次"],
            ["审定", "核稿"],
        ),
        ("en", None, ["decide", "check"]),
    ],
)
def test_what_waits_for_the_visitor_is_told_with_what_they_can_do(
    language: Any, titles: list[str] | None, verbs: list[str]
) -> None:
    desk = Desk()
    found = papers.waiting(replace(visit(), backend=desk))
    assert [each.name for each in found] == ["nominations/1", "shortageReleases/r"]
    assert [each.page for each in found] == ["/nominations/1", "/releases/r"]
    assert [verb.to(language) for each in found for verb in each.verbs] == verbs
    assert titles in (None, [each.title.to(language) for each in found])
    assert desk.filters == ["state = DRAFT OR state = CHECKED"]
