"""When a step of the demonstration counts as done."""

from typing import Any

import pytest

from services.cli.demo import judging
from services.cli.demo.judging import NotAsItShouldBe
from services.sample import PLANTED_ERRORS

PLANTED = [
    {"sheet": each.sheet, "row": 1, "field": each.header, "reason": each.reason} for each in PLANTED_ERRORS
]


def scored(*values: float, log_odds: float) -> dict[str, Any]:
    return {"log_odds": log_odds, "contributions": [{"name": "x", "value": value} for value in values]}


def test_contributions_add_up_to_a_millionth() -> None:
    judging.adds_up(scored(-3.5, 3.44, 0.82, log_odds=0.76))
    with pytest.raises(NotAsItShouldBe) as refused:
        judging.adds_up(scored(-3.5, 3.44, log_odds=-0.060003))
    assert refused.value.text.zh
    assert refused.value.text.en


def test_exactly_the_planted_rows_must_be_refused() -> None:
    judging.refusals(PLANTED)
    with pytest.raises(NotAsItShouldBe, match="not found"):
        judging.refusals(PLANTED[1:])
    with pytest.raises(NotAsItShouldBe, match="too many"):
        judging.refusals([*PLANTED, {"sheet": "persons", "row": 2, "field": "姓名", "reason": "NEW"}])


def grid(index: float | None = None) -> list[dict[str, Any]]:
    return [{"index": index, "low": 10.0, "high": 90.0} for _ in range(14 * 13)]


def test_the_map_has_every_cell_and_of_the_sample_something_to_say() -> None:
    tight = {**scored(1.0, log_odds=1.0), "reasons": ["缺人"]}
    judging.shortage({"grid": grid(50.0), "tightest": [tight]}, sample=True)
    judging.shortage({"grid": grid(), "tightest": []}, sample=False)
    for wrong in (grid()[1:], grid(95.0), grid()):
        with pytest.raises(NotAsItShouldBe):
            judging.shortage({"grid": wrong, "tightest": [tight]}, sample=True)


def test_matches_come_best_first_and_of_the_sample_not_empty() -> None:
    best, next_ = scored(2.0, log_odds=2.0), scored(1.0, log_odds=1.0)
    found = {"kind": "person-firm", "anchor": "firms/1", "candidates": [best, next_]}
    judging.matches([found], sample=True)
    judging.matches([{**found, "candidates": []}], sample=False)
    for wrong in ([next_, best], []):
        with pytest.raises(NotAsItShouldBe):
            judging.matches([{**found, "candidates": wrong}], sample=True)


def test_a_deal_without_checks_and_a_stream_with_holes_are_not_done() -> None:
    judging.screening({"deals": [{"checks": [1], "scores": [1, 2, 3, 4]}]})
    judging.stream({"gaps": 0, "duplicates": 0})
    with pytest.raises(NotAsItShouldBe):
        judging.screening({"deals": [{"checks": [], "scores": [1, 2, 3, 4]}]})
    with pytest.raises(NotAsItShouldBe):
        judging.stream({"gaps": 1, "duplicates": 0})


def test_a_decision_holds_when_votes_capital_and_record_agree() -> None:
    vote = {"result": "RESULT_CARRIED", "quorum": 3, "yes": 2, "no": 1, "recused": ["x"]}
    good: dict[str, Any] = {
        "votes": [vote, vote],
        "ticket_fen": 5,
        "reserved_fen": [1, 6, 1],
        "paid_fen": 5,
        "taken_fen": 5,
        "ledger_agrees": True,
        "trail": {"intact": True},
    }
    judging.decision(good)
    for changes in (
        {"votes": [{**vote, "no": 0}]},
        {"votes": [{**vote, "recused": []}]},
        {"votes": [{**vote, "result": "RESULT_NO_QUORUM"}]},
        {"reserved_fen": [1, 5, 1]},
        {"reserved_fen": [1, 6, 2]},
        {"taken_fen": 4},
        {"ledger_agrees": False},
        {"trail": {"intact": False}},
    ):
        with pytest.raises(judging.NotAsItShouldBe):
            judging.decision({**good, **changes})
