"""Searches in an order by anything but the score: who stands where in it, and who is in no place of it."""

from typing import Any

import pytest

from bole.matcher.v1 import matching_service_pb2 as wire
from tests.contract.matcher.searching import SECONDS, asked, find, names, text


def test_an_order_of_several_terms(stub: Any) -> None:
    answer = find(stub, asked(limit=1000, order_by="contributions.directions desc, change_time"))
    parts = [
        next(part.value for part in each.contributions if part.name == "directions")
        for each in answer.candidates
    ]
    assert parts == sorted(parts, reverse=True)
    keys = [
        (-part, each.change_time.ToNanoseconds(), each.rank)
        for part, each in zip(parts, answer.candidates, strict=True)
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("order", ["stars desc", "policy, stars", "change_time desc"])
def test_who_stands_where_in_another_order_is_told(stub: Any, order: str) -> None:
    search = text("碳化硅外延片生长工艺", anchor_side="person", limit=1000, order_by=order)
    search.kind = "person-cell"
    found = find(stub, search).candidates
    search.limit = 3
    for place, said in ((1, "按所要求的排序在第1位"), (3, "在第3位"), (4, "有3个在前"), (900, "有899个在前")):
        named = found[place - 1]
        why = stub.ExplainMatch(
            wire.ExplainMatchRequest(search=search, candidate=named.name), timeout=SECONDS
        )
        assert (why.order_rank, why.candidate.rank) == (place, named.rank)
        assert said in why.standing.zh
    search.order_by = ""
    why = stub.ExplainMatch(wire.ExplainMatchRequest(search=search, candidate=found[3].name), timeout=SECONDS)
    assert (why.order_rank, why.candidate.rank) == (0, found[3].rank)


def test_who_is_in_no_place_of_another_order_is_told_why(stub: Any) -> None:
    everybody = find(stub, text("碳化硅外延片生长工艺", anchor_side="person", limit=1000)).candidates
    lowest = everybody[-1].probability
    search = text(
        "碳化硅外延片生长工艺",
        anchor_side="person",
        limit=1000,
        order_by="change_time",
        min_probability=min(each.probability for each in everybody if each.probability > lowest),
        max_per_employer=1,
    )
    shown = names([find(stub, search)])
    explained = {
        each.name: stub.ExplainMatch(
            wire.ExplainMatchRequest(search=search, candidate=each.name), timeout=SECONDS
        )
        for each in everybody
    }
    listed = [name for name, why in explained.items() if "已在名单内" in why.standing.zh]
    assert sorted(listed, key=lambda name: explained[name].order_rank) == shown
    left_out = [why for why in explained.values() if "达到每个单位的上限" in why.standing.zh]
    assert left_out
    assert all(why.order_rank for why in left_out)
    unlikely = [why for why in explained.values() if "低于所要求的最低概率" in why.standing.zh]
    assert [why.order_rank for why in unlikely] == [0] * len(unlikely)
    assert len(unlikely) == sum(each.probability < search.min_probability for each in everybody) > 0
    assert len(listed) + len(left_out) + len(unlikely) == len(everybody)
    search.filter = "city_code = suqian"
    outside = next(each for each in everybody if each.city_code != "suqian")
    why = stub.ExplainMatch(wire.ExplainMatchRequest(search=search, candidate=outside.name), timeout=SECONDS)
    assert (why.order_rank, list(why.unmet_conditions)) == (0, ["city_code = suqian"])


@pytest.mark.parametrize("first", ["score", "probability desc"])
def test_those_of_equal_score_stand_by_the_terms_behind_it(stub: Any, first: str) -> None:
    request = text("hydrogen fuel cell", anchor_side="person", limit=1000, order_by=f"{first}, stars desc")
    request.kind = "person-direction"
    found = find(stub, request).candidates
    keys = [(-each.log_odds, -each.priority.stars) for each in found]
    assert keys == sorted(keys)
    stars = {each.priority.stars for each in found if each.log_odds == found[0].log_odds}
    assert len(stars) > 1


def test_an_order_by_stars_has_all_cells_also_those_far_behind_by_score(stub: Any) -> None:
    request = text("碳化硅外延", anchor_side="person", limit=1000)
    request.kind = "person-cell"
    by_score = find(stub, request)
    assert by_score.admitted_count > 9_000
    request.order_by = "stars desc"
    by_stars = find(stub, request)
    assert (by_stars.unordered_count, by_stars.admitted_count) == (0, by_score.admitted_count)
    stars = [each.priority.stars for each in by_stars.candidates]
    assert stars == sorted(stars, reverse=True)
    assert max(each.rank for each in by_stars.candidates if each.priority.stars) > 1000
