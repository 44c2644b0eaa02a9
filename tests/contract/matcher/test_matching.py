"""FindMatches: the best of an anchor, of a text, of several; what is refused, and to whom."""

from typing import Any

import grpc
import pytest
from google.type import money_pb2

from bole.funding.v1 import firm_pb2
from bole.matcher.v1 import anchor_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.coverage import CALLS
from tests.contract.installation import Installation, fields, refused
from tests.contract.matcher.asking import CELL, SECONDS, TEXT, by_text, costing, find, said


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


def test_a_text_finds_people_of_its_direction_whatever_language_it_is_in(stub: Any) -> None:
    text = anchor_pb2.TextAnchor(text="Engineer for proton exchange membrane fuel cell stacks")
    answer = stub.FindMatches(
        find(anchor=anchor_pb2.Anchor(text=text), anchor_side="position"), timeout=SECONDS
    )
    first = answer.candidates[0]
    parts = {each.name: each for each in first.contributions}
    assert "fcv" in first.direction_codes
    assert parts["placed"].value > 0
    assert "属于该方向的词" in parts["placed"].reason.zh
    assert "所给文字" in parts["directions"].reason.zh
    other = anchor_pb2.TextAnchor(text="Historian of medieval towns")
    answer = stub.FindMatches(
        find(anchor=anchor_pb2.Anchor(text=other), anchor_side="position"), timeout=SECONDS
    )
    parts = {each.name: each for each in answer.candidates[0].contributions}
    assert (parts["placed"].value, parts["directions"].value) == (0, 0)
    assert "不属于任何方向" in parts["placed"].reason.zh


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


def test_a_batch_tells_which_of_its_anchors_is_gone(stub: Any) -> None:
    asked = [by_text(limit=1), find(anchor=anchor_pb2.Anchor(name="positions/gone")), by_text(limit=1)]
    failure = refused(stub.BatchFindMatches, wire.BatchFindMatchesRequest(requests=asked))
    assert (failure.code, failure.metadata["field"]) == ("NOT_FOUND", "requests[1]")
    assert failure.metadata["resource"] == "positions/gone"


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


def test_an_outsider_is_turned_away(whole: Installation) -> None:
    with whole.channel("matcher", Grant("service")) as channel:
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.FindMatches, by_text()).code == "PERMISSION_DENIED"


def test_a_stranger_learns_nothing_of_the_index(whole: Installation) -> None:
    with grpc.insecure_channel(whole.settings.matcher_address) as bare:
        channel = grpc.intercept_channel(bare, CALLS)
        stub = matching_service_pb2_grpc.MatchingServiceStub(channel)
        assert refused(stub.GetIndexStatus, wire.GetIndexStatusRequest()).code == "UNAUTHENTICATED"
