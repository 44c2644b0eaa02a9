from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.states import ACTIVE, DealState
from services.funding.domain.pipeline.stage_times import ALLOWED_DAYS, Sla, StageTimes
from services.funding.domain.pipeline.waiting import WAITS_FOR, stands_since
from services.funding.domain.screening.saved_search import (
    Alert,
    AlertKind,
    SavedSearch,
    Seen,
    changes,
    examine_search,
)
from services.kernel.errors import InvalidArgument

AT = datetime(2026, 6, 1, 2, tzinfo=UTC)
SEARCH = SavedSearch(
    id="s",
    owner="analyst",
    title="苏州氢能",
    fund_id="f",
    filter="",
    order_by="",
    columns=("deal", "hard"),
    pinned_revision=None,
    crossing_score="hard",
    crossing_value=60.0,
    headroom_below_fen=1000,
    whole_fund=True,
    created_at=AT,
    looked=True,
    headroom_fen=1500,
)
CALM = Seen(59.9, "PASS/PASS/FAIL", overdue=False)


def kinds(
    before: dict[str, Seen], now: dict[str, Seen], free: int = 1500, **more: Any
) -> list[tuple[str, str]]:
    return [(each.kind.name, each.deal_id) for each in changes(replace(SEARCH, **more), before, now, free)]


def test_the_first_look_is_where_alerts_begin_from() -> None:
    assert kinds({}, {"a": CALM}, looked=False) == []
    assert kinds({"a": CALM}, {"a": CALM}) == []


def test_deals_that_come_and_go_and_change_are_told() -> None:
    up = replace(CALM, score=60.0)
    assert kinds({"a": CALM}, {"b": CALM}) == [("NEW_MATCH", "b"), ("LEFT", "a")]
    assert kinds({"a": CALM}, {"a": up}) == [("SCORE_CROSSED", "a")]
    assert kinds({"a": up}, {"a": replace(CALM, score=None)}) == [("SCORE_CROSSED", "a")]
    assert kinds({"a": CALM}, {"a": up}, crossing_score="") == []
    assert kinds({"a": CALM}, {"a": replace(CALM, gates="PASS/PASS/PASS")}) == [("GATE_CHANGED", "a")]
    late = replace(CALM, overdue=True)
    assert kinds({"a": CALM}, {"a": late}) == [("SLA_DUE", "a")]
    assert kinds({"a": late}, {"a": CALM}) == []


def test_capital_is_told_when_it_falls_below_and_not_while_it_stays_there() -> None:
    assert kinds({}, {}, 999) == [("HEADROOM_BELOW", "")]
    assert kinds({}, {}, 1000) == []
    assert kinds({}, {}, 900, headroom_fen=999) == []
    assert kinds({}, {}, 900, headroom_below_fen=None) == []


def test_capital_that_is_below_from_the_start_is_told_at_once() -> None:
    new = replace(SEARCH, looked=False, headroom_fen=None)
    [found] = changes(new, {}, {"a": CALM}, 999)
    alert = Alert("x", "s", "analyst", found.kind, "", AT.date(), found.before, found.after, AT)
    assert alert.text.zh == "基金可用额度为9.99元，已低于关注值"
    assert changes(new, {}, {"a": CALM}, 1000) == []


def test_an_alert_says_what_changed_in_both_languages() -> None:
    for kind in AlertKind:
        before, after = (
            ("150000000 fen", "90000000 fen") if kind is AlertKind.HEADROOM_BELOW else ("59.9", "60.0")
        )
        text = Alert("i", "s", "o", kind, "d", date(2026, 6, 1), before, after, AT).text
        assert text.zh
        assert text.en
        if kind is AlertKind.HEADROOM_BELOW:
            assert "150万" in text.zh


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"title": " "}, "REQUIRED"),
        ({"crossing_score": "luck"}, "UNKNOWN_SCORE"),
        ({"crossing_value": 101.0}, "OUT_OF_BOUNDS"),
        ({"crossing_value": float("nan")}, "OUT_OF_BOUNDS"),
        ({"headroom_below_fen": 0}, "AMOUNT_TOO_SMALL"),
        ({"columns": ("",)}, "REQUIRED"),
    ],
)
def test_a_search_that_cannot_be_is_refused(changed: dict[str, Any], reason: str) -> None:
    examine_search(SEARCH)
    with pytest.raises(InvalidArgument) as refused:
        examine_search(replace(SEARCH, **changed))
    assert reason in {each.reason for each in refused.value.violations}


def step(at: int, action: Action, source: DealState, target: DealState) -> Transition:
    return Transition(1, action, source, target, "x", AT + timedelta(days=at), "")


def test_time_on_hold_and_time_of_the_firm_do_not_count() -> None:
    diligence, hold, asked = DealState.DUE_DILIGENCE, DealState.ON_HOLD, DealState.INFO_REQUESTED
    way = [
        step(3, Action.START_DUE_DILIGENCE, DealState.INITIATED, diligence),
        step(10, Action.REQUEST_INFORMATION, diligence, asked),
        step(12, Action.HOLD, asked, hold),
        step(20, Action.RESUME, hold, asked),
        step(25, Action.ANSWER_INFORMATION, asked, diligence),
    ]
    assert stands_since(AT, []) == AT
    assert stands_since(AT, way[:1]) == AT + timedelta(days=3)
    assert stands_since(AT, way[:2]) == AT + timedelta(days=10)
    assert stands_since(AT, way[:4]) == AT + timedelta(days=10 + 8)
    assert stands_since(AT, way) == AT + timedelta(days=3 + 15)


def test_every_stage_that_somebody_works_on_has_a_limit_and_a_party() -> None:
    assert set(ALLOWED_DAYS) == set(WAITS_FOR) == ACTIVE - {DealState.LEAD, DealState.ON_HOLD}


def test_a_deal_is_due_before_its_limit_and_over_from_the_very_instant() -> None:
    times, second = StageTimes(), timedelta(seconds=1)
    for days, standing in ((0, Sla.WITHIN), (2, Sla.DUE), (5, Sla.OVER)):
        assert times.standing(DealState.SUBMITTED, AT - timedelta(days=days), AT) is standing
        earlier = times.standing(DealState.SUBMITTED, AT - timedelta(days=days) + second, AT)
        assert days == 0 or earlier is not standing
    assert times.standing(DealState.ON_HOLD, AT, AT + timedelta(days=99)) is Sla.NONE
    assert times.standing(DealState.SUBMITTED, None, AT) is Sla.NONE
    own = StageTimes.of([(DealState.SUBMITTED, 30)], 0)
    assert own.standing(DealState.SUBMITTED, AT - timedelta(days=30) + second, AT) is Sla.WITHIN
    assert own.days[DealState.SCREENING] == ALLOWED_DAYS[DealState.SCREENING]
