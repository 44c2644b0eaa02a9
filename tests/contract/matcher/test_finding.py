"""What a search offers beside its best: counts, a limit per employer, a least probability, a wider filter."""

from collections import Counter
from typing import Any

import pytest

from bole.matcher.v1 import match_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import position_service_pb2, position_service_pb2_grpc
from services.matcher.service.counting import FACETS
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused
from tests.contract.matcher.searching import SECONDS, asked, find, names, pages, text


def test_facets_are_the_counts_of_the_searches_that_they_lead_to(stub: Any) -> None:
    answer = find(stub, asked(facets=list(FACETS)))
    assert [each.field for each in answer.facets] == list(FACETS)
    cities = answer.facets[0].values
    assert cities
    for each in cities:
        narrowed = find(stub, asked(filter=f"city_code = {each.value}", facets=["city_code"]))
        if each.HasField("count"):
            assert narrowed.admitted_count == each.count
        assert narrowed.facets[0] == answer.facets[0]
    told = [each.count for each in cities if each.HasField("count")]
    hidden = [each for each in cities if not each.HasField("count")]
    assert all(count >= 5 for count in told)
    assert len(hidden) != 1 or len(cities) == 1


def test_of_firms_every_count_is_told(whole: Installation) -> None:
    with whole.channel("matcher", MANAGER) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        answer = find(stub, asked("firm-direction", facets=["stage", "city_code"], limit=1000))
    for facet in answer.facets:
        assert facet.values
        assert all(each.HasField("count") for each in facet.values)
    assert sum(each.count for each in answer.facets[1].values) == answer.admitted_count
    assert len(answer.candidates) == answer.admitted_count


@pytest.mark.parametrize("field", ["industry_code", "direction_code"])
def test_funds_are_counted_and_found_by_what_their_mandates_admit(stub: Any, field: str) -> None:
    firm = find(stub, asked("firm-direction", limit=1)).candidates[0].name
    every = find(stub, asked("firm-fund", firm, facets=[field]))
    assert every.candidates[0].name.startswith("funds/")
    (facet,) = every.facets
    assert facet.values
    assert {"industry_code": "third-gen-semiconductor", "direction_code": "sic"}[field] in {
        each.value for each in facet.values
    }
    for each in facet.values:
        found = find(stub, asked("firm-fund", firm, filter=f"{field}:{each.value}"))
        assert found.admitted_count == each.count > 0


def test_pages_hold_everybody_once_whatever_the_order(stub: Any) -> None:
    for order in ("", "stars desc, contributions.directions", "change_time desc", "probability"):
        whole_list = find(stub, asked(limit=1000, order_by=order, filter="direction_code:sic"))
        assert not whole_list.next_page_token
        found = pages(stub, asked(limit=2, order_by=order, filter="direction_code:sic"))
        assert len(found) > 1
        assert names(found) == names([whole_list])


def test_a_page_token_is_of_one_search(stub: Any) -> None:
    token = find(stub, asked(limit=1)).next_page_token
    assert find(stub, asked(limit=3, page_token=token, facets=["city_code"])).candidates[0].rank == 2
    failure = refused(stub.FindMatches, asked(limit=1, page_token=token, filter="city_code = suzhou"))
    assert (failure.reason, fields(failure)) == ("PAGE_TOKEN_MISMATCH", ["page_token"])


def test_nobody_below_the_least_probability_is_shown(stub: Any) -> None:
    everybody = find(stub, asked(limit=1000))
    least = everybody.candidates[len(everybody.candidates) // 2].probability
    likely = find(stub, asked(limit=1000, min_probability=least))
    assert likely.admitted_count == everybody.admitted_count
    meant = [each for each in everybody.candidates if each.probability >= least]
    assert list(likely.candidates) == meant
    assert names(pages(stub, asked(limit=9, min_probability=least))) == [each.name for each in meant]
    assert not find(stub, asked(min_probability=1)).candidates


def test_positions_of_one_employer_leave_room_for_others(whole: Installation, stub: Any) -> None:
    with whole.channel("talent", OFFICER) as channel:
        listed = position_service_pb2_grpc.PositionServiceStub(channel).ListPositions(
            position_service_pb2.ListPositionsRequest(page_size=500), timeout=SECONDS
        )
    employers = {each.name: each.employer for each in listed.positions}
    request = text("碳化硅外延 工程师", anchor_side="person", limit=1000)
    everybody = find(stub, request)
    taken, heads = list[str](), Counter[str]()
    for each in everybody.candidates:
        heads[employers[each.name]] += 1
        if heads[employers[each.name]] <= 1:
            taken.append(each.name)
    assert len(taken) < len(everybody.candidates)
    request.max_per_employer = 1
    limited = find(stub, request)
    assert names([limited]) == taken
    assert limited.left_out_count == len(everybody.candidates) - len(taken)
    request.limit = 2
    assert names(pages(stub, request)) == taken
    left_out = next(each.name for each in everybody.candidates if each.name not in taken)
    for name, said in (
        (taken[1], "已在名单"),
        (taken[2], "个得分更高，距第"),
        (left_out, "达到每个单位的上限"),
    ):
        why = stub.ExplainMatch(wire.ExplainMatchRequest(search=request, candidate=name), timeout=SECONDS)
        assert said in why.standing.zh, name
        assert why.candidate.rank == names([everybody]).index(name) + 1


def test_who_is_less_likely_than_was_asked_for_is_told_so(stub: Any) -> None:
    search = text("碳化硅外延片生长工艺", anchor_side="position", limit=100)
    found = find(stub, search).candidates
    search.min_probability = (found[4].probability + found[5].probability) / 2
    assert len(find(stub, search).candidates) == 5
    for place, said in ((4, "已在名单第5位"), (5, "低于所要求的最低概率")):
        asked_ = wire.ExplainMatchRequest(search=search, candidate=found[place].name)
        why = stub.ExplainMatch(asked_, timeout=SECONDS)
        assert said in why.standing.zh
        assert why.candidate.rank == place + 1


def test_employers_of_people_are_for_who_may_see_them(whole: Installation, stub: Any) -> None:
    failure = refused(stub.FindMatches, asked(max_per_employer=1))
    assert (failure.reason, fields(failure)) == ("NO_EMPLOYERS", ["max_per_employer"])
    with whole.channel("matcher", OFFICER, purpose="talent-service") as channel:
        seeing = matching_service_pb2_grpc.MatchingServiceStub(channel)
        limited = find(seeing, asked(max_per_employer=1, limit=1000))
        assert 0 < len(limited.candidates) == limited.admitted_count - limited.left_out_count
    with whole.channel("matcher", MANAGER) as channel:
        funding = matching_service_pb2_grpc.MatchingServiceStub(channel)
        failure = refused(funding.FindMatches, asked("firm-direction", max_per_employer=1))
    assert failure.reason == "NO_EMPLOYERS"


def test_a_filter_that_few_pass_is_widened_and_says_so(stub: Any) -> None:
    narrow = "city_code = suqian AND direction_code:sic"
    plain = find(stub, asked(filter=narrow, limit=1000))
    wide = find(stub, asked(filter=narrow, limit=1000, broaden_below=1000))
    assert list(wide.broadened) == [
        match_pb2.BROADENING_CITY_TO_MOBILITY,
        match_pb2.BROADENING_CITY_TO_PROVINCE,
        match_pb2.BROADENING_DIRECTION_TO_INDUSTRY,
    ]
    stated = [each.name for each in wide.candidates if not each.let_in_by]
    assert stated == names([plain])
    assert wide.admitted_count > plain.admitted_count
    again = find(stub, asked(filter=wide.widened_filter, limit=1000))
    assert names([again]) == names([wide])
    enough = find(stub, asked(filter=narrow, broaden_below=1, limit=1000))
    assert bool(enough.broadened) == (plain.admitted_count == 0)
    assert not plain.broadened
    assert not plain.widened_filter


def test_the_widened_filter_is_the_one_that_is_explained(stub: Any) -> None:
    request = asked(filter="city_code = suqian", limit=1000, broaden_below=1000)
    widest = [each for each in find(stub, request).candidates if each.let_in_by]
    assert widest
    explained = stub.ExplainMatch(
        wire.ExplainMatchRequest(search=request, candidate=widest[0].name), timeout=SECONDS
    )
    assert (list(explained.unmet_conditions), explained.candidate.rank) == ([], widest[0].rank)
    request.broaden_below = 0
    explained = stub.ExplainMatch(
        wire.ExplainMatchRequest(search=request, candidate=widest[0].name), timeout=SECONDS
    )
    assert list(explained.unmet_conditions) == ["city_code = suqian"]


def test_somebody_is_looked_for_in_a_role_at_a_firm(stub: Any) -> None:
    firm = find(stub, asked("firm-direction")).candidates[0].name
    found = {
        role: find(stub, asked("person-firm", firm, limit=50, role=role))
        for role in match_pb2.FirmRole.values()
    }
    for role, answer in found.items():
        word = match_pb2.FirmRole.Name(role).removeprefix("FIRM_ROLE_").lower()
        for each in answer.candidates:
            told = {part.name: part for part in each.contributions}
            assert (word in told) == bool(role)
            assert sum(part.value for part in each.contributions) == pytest.approx(each.log_odds)
    scores = {role: [each.log_odds for each in answer.candidates] for role, answer in found.items()}
    assert len({tuple(each) for each in scores.values()}) == len(scores)

    search = asked("person-firm", firm, limit=3, role=match_pb2.FIRM_ROLE_ADVISER)
    first = find(stub, search).candidates[0]
    asked_why = wire.ExplainMatchRequest(search=search, candidate=first.name)
    why = stub.ExplainMatch(asked_why, timeout=SECONDS).candidate
    assert (why.log_odds, why.rank) == (first.log_odds, 1)
    reason = next(part.reason for part in why.contributions if part.name == "adviser")
    assert reason.zh.startswith("作为顾问")
    ordered = find(stub, asked("person-firm", firm, role=1, order_by="contributions.founder desc"))
    values = [
        part.value for each in ordered.candidates for part in each.contributions if part.name == "founder"
    ]
    assert values == sorted(values, reverse=True)

    second = find(
        stub, asked("person-firm", firm, limit=3, role=3, page_token=find(stub, search).next_page_token)
    )
    assert not set(names([second])) & set(names([find(stub, search)]))
    other = asked("person-firm", firm, limit=3, role=1, page_token=find(stub, search).next_page_token)
    assert refused(stub.FindMatches, other).reason == "PAGE_TOKEN_MISMATCH"


def test_a_role_is_that_of_a_person_at_a_firm(stub: Any) -> None:
    failure = refused(stub.FindMatches, asked(role=match_pb2.FIRM_ROLE_FOUNDER))
    assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "ROLE_WITHOUT_FIRM")
    assert "role" in fields(failure)
    assert "role" in fields(refused(stub.FindMatches, asked("person-firm", "firms/x", role=9)))


def test_who_is_found_for_a_text_is_explained_for_it(stub: Any) -> None:
    search = text("碳化硅外延片生长工艺", anchor_side="position", limit=5)
    third = find(stub, search).candidates[2]
    why = stub.ExplainMatch(wire.ExplainMatchRequest(search=search, candidate=third.name), timeout=SECONDS)
    assert (why.candidate.name, why.candidate.rank) == (third.name, 3)
    assert sum(part.value for part in why.candidate.contributions) == pytest.approx(third.log_odds)
    assert all(gate.passed for gate in why.gates)


@pytest.mark.parametrize(
    ("given", "candidate", "reason", "field"),
    [
        ({"anchor_side": ""}, "persons/x", "UNKNOWN_SIDE", "search.anchor_side"),
        ({"anchor_side": "fund"}, "persons/x", "UNKNOWN_SIDE", "search.anchor_side"),
        ({}, "positions/x", "WRONG_PAIR", "candidate"),
        ({}, "persons/nobody", "NOT_FOUND", None),
    ],
)
def test_what_cannot_be_explained_for_a_text(
    stub: Any, given: dict[str, str], candidate: str, reason: str, field: str | None
) -> None:
    search = text("碳化硅外延片", **{"anchor_side": "position", **given})
    failure = refused(stub.ExplainMatch, wire.ExplainMatchRequest(search=search, candidate=candidate))
    assert failure.reason == reason
    assert field is None or field in fields(failure)


def test_a_pair_is_named_or_searched_for_and_not_both(stub: Any) -> None:
    search = text("碳化硅外延片", anchor_side="position")
    both = wire.ExplainMatchRequest(kind="person-position", search=search, candidate="persons/x")
    assert refused(stub.ExplainMatch, both).reason == "GIVEN_WITH_SEARCH"
