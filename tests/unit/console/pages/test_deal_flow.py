"""What the deal flow asks, how ways through states are drawn, and how limits look."""

from datetime import timedelta

import pytest

from bole.common.v1 import facet_pb2
from bole.funding.v1 import deal_analysis_pb2, deal_pb2
from services.chassis.rpc.wire import instant_to_wire
from services.cli.answers import wording
from services.console.pages.deals.asked import filter_of, groups
from services.console.pages.deals.move import documents, move_of
from services.console.pages.funds import drawn
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language
from services.wording.ways import spans_of
from tests.unit.console.pages.visiting import NOW, visit

State = deal_pb2.Deal.State


def test_the_address_becomes_one_filter_and_values_stay_values() -> None:
    asked = visit({"state": 'LEAD" AND "', "q": "氢", "min": "500万", "filter": "hard > 60 OR early > 60"})
    assert filter_of(asked) == (
        'state = "LEAD\\" AND \\"" AND firm_words:"氢" AND ticket >= "500万" AND (hard > 60 OR early > 60)'
    )


def test_what_a_deal_has_several_of_is_asked_for_by_having() -> None:
    asked = visit({"industry_code": "hydrogen", "city_code": "suzhou", "blocking": "REGION"})
    assert filter_of(asked) == 'industry_code:"hydrogen" AND city_code = "suzhou" AND blocking:"REGION"'


def test_deals_that_nothing_blocks_are_a_choice_that_leads_to_them() -> None:
    values = [facet_pb2.Facet.Value(value="", count=4), facet_pb2.Facet.Value(value="REGION", count=2)]
    facets = [facet_pb2.Facet(field="blocking", values=values)]
    [group] = groups(visit({}), facets)
    assert "blocking=-" in group.choices[0].link
    assert not any(each.on for each in group.choices)
    asked = visit({"blocking": "-", "city_code": "suzhou"})
    assert filter_of(asked) == 'city_code = "suzhou" AND NOT blocking:*'
    [group] = groups(asked, facets)
    assert [each.on for each in group.choices] == [True, False]
    assert "blocking" not in group.choices[0].link


@pytest.mark.parametrize(
    ("language", "names"), [("zh", ["文件导入", "园区推荐"]), ("en", ["imported file", "园区推荐"])]
)
def test_a_channel_that_nobody_named_is_said_in_words(language: Language, names: list[str]) -> None:
    counted = [facet_pb2.Facet.Value(value=each, count=3) for each in ("import", "园区推荐")]
    [group] = groups(visit({}, language=language), [facet_pb2.Facet(field="channel", values=counted)])
    assert [each.name for each in group.choices] == names
    assert wording.facet("channel", "import", language) == names[0]


def test_a_way_through_states_has_no_gap_and_lasts_until_now() -> None:
    steps = [
        deal_pb2.DealTransition(to_state=state, transition_time=instant_to_wire(NOW - timedelta(days=days)))
        for state, days in (
            (State.STATE_SUBMITTED, 30),
            (State.STATE_SUBMITTED, 25),
            (State.STATE_SCREENING, 10),
        )
    ]
    found = spans_of(deal_pb2.Deal(), steps, NOW)
    assert [(state, (end - start).days) for state, start, end in found] == [
        (State.STATE_SUBMITTED, 20),
        (State.STATE_SCREENING, 10),
    ]


def test_limits_are_drawn_within_their_track() -> None:
    quotas = [
        deal_analysis_pb2.Quota(before=before, limit=limit)
        for before, limit in (("3/2", "1/5"), ("", "1/4"), ("0", ""))
    ]
    found = drawn(quotas)
    assert all(0 <= each.used <= 220 and 0 <= each.at <= 220 for each in found)
    assert [each.share for each in found] == ["150.0%", "—", "0.0%"]


def test_documents_are_rows_with_a_title_or_a_digest() -> None:
    form = {"kind_0": "A", "title_0": "", "sha256_0": "", "kind_1": "B", "title_1": "t", "sha256_1": "AB"}
    found = documents(visit(form=form), "deals/d")
    assert [(each.kind, each.title, each.sha256) for each in found] == [("B", "t", "ab")]
    assert found[0].receive_time.ToDatetime() == NOW.replace(tzinfo=None)
    with pytest.raises(InvalidArgument):
        documents(visit(form={"title_0": "t", "received_0": "yesterday"}), "deals/d")


def test_unknown_steps_are_refused() -> None:
    assert move_of("PASS_INTERNAL").rpc == "DecideInternal"
    with pytest.raises(InvalidArgument):
        move_of("GET_DEAL")
