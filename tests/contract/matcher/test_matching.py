"""MatchingService: lists, explanations and the stream, for staff and for partners."""

from collections.abc import Iterator
from typing import Any

import grpc
import pytest
from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from bole.talent.v1 import (
    library_service_pb2,
    library_service_pb2_grpc,
    person_pb2,
    position_service_pb2,
    position_service_pb2_grpc,
)
from services.chassis.identity import Grant
from tests.contract.coverage import CALLS
from tests.contract.installation import MANAGER, OFFICER, Installation, fields, refused

SECONDS = 300
MATCHING = {person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM}
CELL = anchor_pb2.Anchor(name="shortageCells/sic.all.all")
TEXT = anchor_pb2.TextAnchor(text="海水直接电解制氢电解槽设计，膜电极耐氯腐蚀")


@pytest.fixture(scope="module", autouse=True)
def _level(whole: Installation) -> None:
    """What other tests have changed has arrived: two questions in a row are answered from the same index."""
    whole.wait_level()


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield matching_service_pb2_grpc.MatchingServiceStub(channel)


@pytest.fixture
def position(whole: Installation) -> str:
    """An open position of the sample."""
    with whole.channel("talent", OFFICER) as channel:
        answer = position_service_pb2_grpc.PositionServiceStub(channel).ListPositions(
            position_service_pb2.ListPositionsRequest(filter="state = OPEN", page_size=1), timeout=SECONDS
        )
    return str(answer.positions[0].name)


@pytest.fixture(scope="module")
def partner_key(whole: Installation) -> str:
    made = whole.tool("matcher", "add-partner", "契约测试合作方")
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def find(**given: Any) -> wire.FindMatchesRequest:
    asked: dict[str, Any] = {"kind": "person-position", "limit": 5}
    return wire.FindMatchesRequest(**{**asked, **given})


def said(text: str) -> anchor_pb2.Anchor:
    return anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text=text))


def costing(yuan: int) -> anchor_pb2.Anchor:
    ask = money_pb2.Money(currency_code="CNY", units=yuan)
    return anchor_pb2.Anchor(text=anchor_pb2.TextAnchor(text="制氢", ask=ask))


def by_text(**given: Any) -> wire.FindMatchesRequest:
    return find(anchor=anchor_pb2.Anchor(text=TEXT), anchor_side="person", **given)


def test_the_best_people_of_a_position_with_reasons(stub: Any, position: str) -> None:
    answer = stub.FindMatches(find(anchor=anchor_pb2.Anchor(name=position)), timeout=SECONDS)
    assert [each.rank for each in answer.candidates] == list(range(1, len(answer.candidates) + 1))
    assert answer.candidates
    scores = [each.log_odds for each in answer.candidates]
    assert scores == sorted(scores, reverse=True)
    for each in answer.candidates:
        assert each.name.startswith("persons/")
        assert sum(part.value for part in each.contributions) == pytest.approx(each.log_odds, abs=1e-6)
    assert answer.admitted_count >= len(answer.candidates)


def test_a_text_is_matched_and_filtered(stub: Any) -> None:
    every = stub.FindMatches(by_text(limit=100), timeout=SECONDS)
    assert every.candidates
    city = every.candidates[0].city_code
    some = stub.FindMatches(by_text(limit=100, filter=f"city_code = {city}"), timeout=SECONDS)
    assert {each.city_code for each in some.candidates} == {city}
    assert some.admitted_count <= every.admitted_count


def test_an_explanation_repeats_the_score_of_the_list(stub: Any, position: str) -> None:
    listed = stub.FindMatches(find(anchor=anchor_pb2.Anchor(name=position)), timeout=SECONDS).candidates[0]
    explained = stub.ExplainMatch(
        wire.ExplainMatchRequest(kind="person-position", anchor=position, candidate=listed.name),
        timeout=SECONDS,
    )
    assert explained.candidate.log_odds == pytest.approx(listed.log_odds, abs=1e-6)
    assert explained.candidate.rank == listed.rank == 1
    assert explained.name == listed.name
    assert all(gate.passed for gate in explained.gates)
    differences = [abs(each.difference) for each in explained.changes]
    assert differences
    assert differences == sorted(differences, reverse=True)


@pytest.mark.parametrize("kind", ["person-direction", "firm-direction", "team-direction"])
def test_what_would_change_a_place_in_a_direction_is_told(stub: Any, kind: str) -> None:
    found = stub.FindMatches(
        find(kind=kind, anchor=anchor_pb2.Anchor(name="directions/sic"), limit=1000), timeout=SECONDS
    )
    last = found.candidates[-1]
    pair = wire.ExplainMatchRequest(kind=kind, anchor="directions/sic", candidate=last.name)
    changes = stub.ExplainMatch(pair, timeout=SECONDS).changes
    assert {each.code for each in changes} <= {"DIRECTION", "TERM_ADDED", "TERM_REMOVED"}
    assert any(each.difference > 0 and each.rank < last.rank for each in changes)


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"kind": "person-positon"}, "INVALID_ARGUMENT", "kind"),
        ({"kind": ""}, "INVALID_ARGUMENT", "kind"),
        ({"limit": -1}, "INVALID_ARGUMENT", "limit"),
        ({"limit": 1001}, "INVALID_ARGUMENT", "limit"),
        ({"filter": "city_code ="}, "INVALID_ARGUMENT", "filter"),
        ({"filter": "colour = red"}, "INVALID_ARGUMENT", "filter"),
        ({"anchor_side": "fund"}, "INVALID_ARGUMENT", "anchor_side"),
        ({"order_by": "age"}, "INVALID_ARGUMENT", "order_by"),
        ({"order_by": "score, score"}, "INVALID_ARGUMENT", "order_by"),
        ({"order_by": "stars downwards"}, "INVALID_ARGUMENT", "order_by"),
        ({"order_by": "contributions.ticket"}, "INVALID_ARGUMENT", "order_by"),
        ({"facets": ["colour"]}, "INVALID_ARGUMENT", "facets"),
        ({"facets": ["sought_amount"]}, "INVALID_ARGUMENT", "facets"),
        ({"max_per_employer": -1}, "INVALID_ARGUMENT", "max_per_employer"),
        ({"max_per_employer": 1_001}, "INVALID_ARGUMENT", "max_per_employer"),
        ({"kind": "person-direction", "max_per_employer": 1}, "INVALID_ARGUMENT", "max_per_employer"),
        ({"min_probability": 1.5}, "INVALID_ARGUMENT", "min_probability"),
        ({"min_probability": -0.1}, "INVALID_ARGUMENT", "min_probability"),
        ({"min_probability": float("nan")}, "INVALID_ARGUMENT", "min_probability"),
        ({"broaden_below": -1}, "INVALID_ARGUMENT", "broaden_below"),
        ({"broaden_below": 1_001}, "INVALID_ARGUMENT", "broaden_below"),
        ({"page_token": "forged"}, "INVALID_ARGUMENT", "page_token"),
        ({"anchor": said("！？……")}, "INVALID_ARGUMENT", "anchor.text.text"),
        ({"anchor": said("a\0b")}, "INVALID_ARGUMENT", "anchor.text.text"),
        ({"anchor": costing(-1)}, "INVALID_ARGUMENT", "anchor.text.ask"),
    ],
)
def test_bad_requests_are_refused_by_field(stub: Any, given: dict[str, Any], code: str, field: str) -> None:
    asked = {"anchor": anchor_pb2.Anchor(text=TEXT), "anchor_side": "person", **given}
    failure = refused(stub.FindMatches, find(**asked))
    assert failure.code == code
    assert field in fields(failure)


def test_a_misspelt_kind_is_put_right(stub: Any) -> None:
    failure = refused(stub.FindMatches, by_text(kind="person-positon"))
    assert "person-position" in failure.text.zh
    assert "person-position" in failure.text.en


@pytest.mark.parametrize("name", ["persons/nobody", "positions/nothing"])
def test_an_unknown_anchor_is_not_found(stub: Any, name: str) -> None:
    assert refused(stub.FindMatches, find(anchor=anchor_pb2.Anchor(name=name))).code == "NOT_FOUND"


@pytest.mark.parametrize("name", ["", "persons", "persons/", "deals/x", "persons/a/b"])
def test_a_name_that_is_none_is_refused(stub: Any, name: str) -> None:
    assert refused(stub.FindMatches, find(anchor=anchor_pb2.Anchor(name=name))).code == "INVALID_ARGUMENT"


def test_the_index_says_that_it_is_level(stub: Any) -> None:
    status = stub.GetIndexStatus(wire.GetIndexStatusRequest(), timeout=SECONDS)
    counts = {each.item: each.count for each in status.items}
    assert all(counts[item] > 0 for item in ("person", "position", "firm", "fund", "direction"))
    assert status.dead_letter_count == 0


def test_several_anchors_are_answered_as_each_alone(stub: Any, position: str) -> None:
    asked = [
        find(anchor=anchor_pb2.Anchor(name=position)),
        by_text(limit=3),
        find(kind="person-cell", anchor=CELL),
    ]
    together = stub.BatchFindMatches(wire.BatchFindMatchesRequest(requests=asked), timeout=SECONDS)
    assert list(together.responses) == [stub.FindMatches(each, timeout=SECONDS) for each in asked]


@pytest.mark.parametrize(
    ("asked", "reason", "field"),
    [
        ([], None, "requests"),
        ([find(anchor=said("制氢"), kind="person-planet")], "UNKNOWN_PAIR_KIND", "requests[0].kind"),
        ([find(anchor=CELL, limit=1000)] * 6, "BATCH_TOO_LARGE", "requests"),
    ],
)
def test_a_batch_is_refused_whole(stub: Any, asked: list[Any], reason: str | None, field: str) -> None:
    failure = refused(stub.BatchFindMatches, wire.BatchFindMatchesRequest(requests=asked))
    assert failure.code == "INVALID_ARGUMENT"
    assert reason in {None, failure.reason}
    assert field in fields(failure)


def test_a_person_s_cells_are_named_and_explained(whole: Installation, stub: Any) -> None:
    answer = stub.FindMatches(find(kind="person-cell", anchor=CELL, limit=1), timeout=SECONDS)
    person = answer.candidates[0].name
    cells = stub.FindMatches(find(kind="person-cell", anchor=anchor_pb2.Anchor(name=person)), timeout=SECONDS)
    best = cells.candidates[0]
    assert best.name.startswith("shortageCells/")
    assert best.title.zh.count(" · ") == 2
    pair = wire.ExplainMatchRequest(kind="person-cell", anchor=best.name, candidate=person)
    with whole.channel("matcher", OFFICER, purpose="talent-service") as channel:
        explained = matching_service_pb2_grpc.MatchingServiceStub(channel).ExplainMatch(pair, timeout=SECONDS)
    assert explained.candidate.log_odds == best.log_odds
    assert len(explained.matched_terms) + len(explained.missing_terms) > 0
    for terms in (explained.matched_terms, explained.missing_terms):
        values = [term.value for term in terms]
        assert values == sorted(values, reverse=True)
    worth = {term.text: term.value for term in explained.matched_terms}
    removed = [each for each in explained.changes if each.code == "TERM_REMOVED"]
    assert all(worth[each.term] == -each.difference for each in removed)
    unknown = anchor_pb2.Anchor(name=f"{best.name}.x")
    assert refused(stub.FindMatches, find(kind="person-cell", anchor=unknown)).code == "NOT_FOUND"


def test_people_and_firms_have_their_like(stub: Any, position: str) -> None:
    person = stub.FindMatches(find(anchor=anchor_pb2.Anchor(name=position)), timeout=SECONDS).candidates[0]
    like = stub.FindMatches(
        find(kind="similar-persons", anchor=anchor_pb2.Anchor(name=person.name)), timeout=SECONDS
    )
    assert like.candidates
    assert person.name not in {each.name for each in like.candidates}
    asked = wire.WatchMatchesRequest(kinds=["similar-firms"])
    assert refused(lambda given: next(stub.WatchMatches(given)), asked).reason == "KIND_NOT_WATCHED"


def test_a_firm_that_asks_for_more_than_a_mandate_allows_finds_no_fund(stub: Any) -> None:
    def funds(yuan: int) -> set[str]:
        text = anchor_pb2.TextAnchor(
            text="碳化硅外延片",
            city_code="suzhou",
            direction_code="sic",
            stage=firm_pb2.FIRM_STAGE_SEED,
            ask=money_pb2.Money(currency_code="CNY", units=yuan),
        )
        asked = find(kind="firm-fund", anchor=anchor_pb2.Anchor(text=text), anchor_side="firm", limit=100)
        return {each.name for each in stub.FindMatches(asked, timeout=SECONDS).candidates}

    assert funds(1_000_000)
    assert funds(1_000_000_000) < funds(1_000_000)


def test_a_stored_firm_is_held_against_mandates_with_what_it_asks_for(stub: Any) -> None:
    firm = stub.FindMatches(
        find(kind="firm-direction", anchor=anchor_pb2.Anchor(name="directions/sic")), timeout=SECONDS
    ).candidates[0]
    asked = find(kind="firm-fund", anchor=anchor_pb2.Anchor(name=firm.name), limit=100)
    funds = stub.FindMatches(asked, timeout=SECONDS).candidates
    asked.ask.CopyFrom(money_pb2.Money(currency_code="CNY", units=9_000_000_000))
    assert funds
    assert len(stub.FindMatches(asked, timeout=SECONDS).candidates) < len(funds)
    asked.ask.CopyFrom(money_pb2.Money(currency_code="USD", units=1))
    failure = refused(stub.FindMatches, asked)
    assert (failure.reason, fields(failure)) == ("AMOUNT_NOT_USABLE", ["ask"])
    for anchor in (anchor_pb2.Anchor(name="funds/x"), anchor_pb2.Anchor(text=TEXT)):
        asked.anchor.CopyFrom(anchor)
        failure = refused(stub.FindMatches, asked)
        assert (failure.reason, fields(failure)) == ("AMOUNT_WITHOUT_FIRM", ["ask"])


def read(channel: grpc.Channel, count: int, **given: Any) -> list[wire.WatchMatchesResponse]:
    """The first messages of a stream."""
    stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
    call = stub.WatchMatches(wire.WatchMatchesRequest(**given), timeout=SECONDS)
    try:
        return [next(call) for _ in range(count)]
    finally:
        call.cancel()


def test_a_partner_reads_pseudonyms_and_resumes_without_a_gap(whole: Installation, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        first = read(channel, 6, from_start=True, kinds=["person-position"])
        rest = read(channel, 4, kinds=["person-position"], resume_token=first[2].resume_token)
    events = [message.event for message in first if message.HasField("event")]
    assert all("persons/" not in f"{event.anchor} {event.candidate}" for event in events)
    assert any("subjects/" in f"{event.anchor} {event.candidate}" for event in events)
    again = [message.event for message in rest if message.HasField("event")]
    assert again[:3] == events[2:5]
    assert again[0].previous_sequence == events[1].sequence


def test_a_partner_may_only_watch(whole: Installation, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.FindMatches, by_text()).code == "PERMISSION_DENIED"
        asked = wire.WatchMatchesRequest(anchor="persons/anyone")
        assert refused(lambda request: next(stub.WatchMatches(request)), asked).code == "PERMISSION_DENIED"


def test_tokens_of_others_are_refused(whole: Installation, stub: Any, partner_key: str) -> None:
    with whole.channel("matcher", key=partner_key) as channel:
        token = read(channel, 1, from_start=True)[0].resume_token
    for bad in ("forged", token, token[:-4]):
        request = wire.WatchMatchesRequest(resume_token=bad)
        failure = refused(lambda asked: next(stub.WatchMatches(asked)), request)
        assert failure.code == "PERMISSION_DENIED"
        assert "resume_token" in fields(failure)


def test_an_outsider_is_turned_away(whole: Installation) -> None:
    with whole.channel("matcher", Grant("service")) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.FindMatches, by_text()).code == "PERMISSION_DENIED"


def place(**given: Any) -> wire.PlaceAnchorRequest:
    return wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(**given))


def test_a_text_is_placed_by_its_words(stub: Any) -> None:
    answer = stub.PlaceAnchor(place(text=TEXT), timeout=SECONDS)
    assert answer.shares[0].code in {"seawater-h2", "renewable-h2"}
    assert answer.shares[0].title.zh
    assert sum(each.share for each in answer.shares) + answer.none == pytest.approx(1)
    assert all(word.lower() in TEXT.text.lower() for each in answer.shares for word in each.words)


def test_a_text_of_another_field_belongs_to_none(stub: Any) -> None:
    history = anchor_pb2.TextAnchor(text="明代江南市镇的社会史研究，兼论城市与教育")
    answer = stub.PlaceAnchor(place(text=history), timeout=SECONDS)
    assert (list(answer.shares), answer.none) == ([], 1.0)


def test_a_stored_position_is_placed(stub: Any, position: str) -> None:
    answer = stub.PlaceAnchor(place(name=position), timeout=SECONDS)
    assert sum(each.share for each in answer.shares) + answer.none == pytest.approx(1)


def test_somebody_who_allows_no_matching_is_placed_nowhere(whole: Installation, stub: Any) -> None:
    with whole.channel("talent", OFFICER) as channel:
        listed = library_service_pb2_grpc.LibraryServiceStub(channel).ListPersons(
            library_service_pb2.ListPersonsRequest(filter="state = ACTIVE", page_size=500), timeout=SECONDS
        )
    silent = [each.name for each in listed.persons if not MATCHING & set(each.purposes)]
    assert silent
    failure = refused(stub.PlaceAnchor, place(name=silent[0]))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "CONSENT_MISSING")


@pytest.mark.parametrize(
    ("request_", "code", "reason"),
    [
        (wire.PlaceAnchorRequest(), "INVALID_ARGUMENT", None),
        (wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor()), "INVALID_ARGUMENT", "ANCHOR_MISSING"),
        (place(name="persons/nobody"), "NOT_FOUND", None),
        (place(name="planets/earth"), "INVALID_ARGUMENT", "INVALID_NAME"),
        (place(text=anchor_pb2.TextAnchor(text="！！！")), "INVALID_ARGUMENT", "TEXT_EMPTY"),
        (place(text=anchor_pb2.TextAnchor(text="氢" * 20_001)), "INVALID_ARGUMENT", None),
    ],
)
def test_what_cannot_be_placed(stub: Any, request_: Any, code: str, reason: str | None) -> None:
    failure = refused(stub.PlaceAnchor, request_)
    assert failure.code == code
    assert reason in {None, failure.reason}


def test_partners_place_nothing(whole: Installation) -> None:
    with whole.channel("matcher", Grant("partner")) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.PlaceAnchor, place(text=TEXT)).code == "PERMISSION_DENIED"


def test_a_pair_that_is_none_is_not_explained(stub: Any, position: str) -> None:
    def explain(**given: Any) -> Any:
        return refused(stub.ExplainMatch, wire.ExplainMatchRequest(**given))

    assert explain().code == "INVALID_ARGUMENT"
    pair = {"kind": "person-position", "anchor": position}
    assert explain(**pair, candidate="firms/x").reason == "WRONG_PAIR"
    assert explain(**pair, candidate=position).reason == "SAME_ENTITY"
    assert explain(**pair, candidate="persons/nobody").code == "NOT_FOUND"
    assert explain(kind="person-planet", anchor=position, candidate="persons/x").reason == "UNKNOWN_PAIR_KIND"


def test_a_stranger_learns_nothing_of_the_index(whole: Installation) -> None:
    with grpc.insecure_channel(whole.settings.matcher_address) as bare:
        channel = grpc.intercept_channel(bare, CALLS)
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.GetIndexStatus, wire.GetIndexStatusRequest()).code == "UNAUTHENTICATED"
