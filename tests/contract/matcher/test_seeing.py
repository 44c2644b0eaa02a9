"""Who sees what among matches: the same as in the services that keep it, on every way to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from bole.funding.v1 import firm_service_pb2, firm_service_pb2_grpc
from bole.matcher.v1 import anchor_pb2, match_pb2, matching_service_pb2_grpc
from bole.matcher.v1 import matching_service_pb2 as wire
from services.chassis.identity.identity import Grant
from tests.contract.installation import MANAGER, OFFICER, Installation, refused

SECONDS = 120


def asked(kind: str, name: str, **given: Any) -> wire.FindMatchesRequest:
    return wire.FindMatchesRequest(kind=kind, anchor=anchor_pb2.Anchor(name=name), **given)


@pytest.fixture
def stub(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", OFFICER, MANAGER) as channel:
        yield matching_service_pb2_grpc.MatchingServiceStub(channel)


Candidates = list[match_pb2.Candidate]


def funds_of(stub: Any, firm: str) -> Candidates:
    return list(stub.FindMatches(asked("firm-fund", firm, limit=1000), timeout=SECONDS).candidates)


@pytest.fixture
def firm(stub: Any) -> str:
    """A firm of the sample that funds of several cities could take."""
    firms = stub.FindMatches(asked("firm-direction", "directions/sic", limit=50), timeout=SECONDS).candidates
    return next(
        each.name for each in firms if len({fund.city_code for fund in funds_of(stub, each.name)}) > 1
    )


def test_a_fund_manager_of_a_city_sees_the_funds_of_that_city(
    whole: Installation, stub: Any, firm: str
) -> None:
    funds = funds_of(stub, firm)
    city = next(fund.city_code for fund in funds if fund.city_code)
    elsewhere = next(fund for fund in funds if fund.city_code != city)
    with whole.channel("matcher", Grant("fund_manager", city=city)) as channel:
        own = matching_service_pb2_grpc.MatchingServiceStub(channel)

        def seen() -> tuple[Candidates, wire.FindMatchesResponse] | None:
            """By the manager of the city and by everybody, while no fund comes or goes."""
            before = funds_of(stub, firm)
            answer = own.FindMatches(asked("firm-fund", firm, limit=1000), timeout=SECONDS)
            return (before, answer) if funds_of(stub, firm) == before else None

        known = whole.until(seen)
        assert known is not None
        everything, answer = known
        shown = [fund.name for fund in everything if fund.city_code == city]
        assert [each.name for each in answer.candidates] == shown
        assert answer.admitted_count == len(shown)
        for name in (elsewhere.name, "funds/nobody"):
            pair = wire.ExplainMatchRequest(kind="firm-fund", anchor=name, candidate=firm)
            for failure in (
                refused(own.FindMatches, asked("firm-fund", name)),
                refused(own.ExplainMatch, pair),
                refused(own.PlaceAnchor, wire.PlaceAnchorRequest(anchor=anchor_pb2.Anchor(name=name))),
            ):
                assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "CITY_NOT_GRANTED")


@pytest.mark.parametrize(
    ("grant", "kind", "anchor"),
    [
        (OFFICER, "firm-fund", "firms/x"),
        (Grant("talent_viewer"), "firm-direction", "directions/sic"),
        (MANAGER, "person-position", "positions/x"),
        (MANAGER, "similar-persons", "persons/x"),
    ],
)
def test_whoever_may_not_see_a_side_is_told_so_before_anything_else(
    whole: Installation, grant: Grant, kind: str, anchor: str
) -> None:
    with whole.channel("matcher", grant) as channel:
        own = matching_service_pb2_grpc.MatchingServiceStub(channel)
        failure = refused(own.FindMatches, asked(kind, anchor))
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "ROLE_MISSING")
        batch = wire.BatchFindMatchesRequest(requests=[asked(kind, anchor)])
        assert refused(own.BatchFindMatches, batch).reason == "ROLE_MISSING"
        watch = wire.WatchMatchesRequest(kinds=["person-position", "firm-fund"])
        if grant.role != "talent_viewer":
            assert refused(lambda given: next(own.WatchMatches(given)), watch).reason == "ROLE_MISSING"


def test_figures_of_firms_filter_for_whom_they_are_shown(whole: Installation, stub: Any) -> None:
    most = "sought_amount >= 1000万元"

    def count(filter_: str) -> int:
        asking = asked("firm-direction", "directions/sic", limit=1, filter=filter_)
        return int(stub.FindMatches(asking, timeout=SECONDS).admitted_count)

    def counts() -> list[int] | None:
        """While no firm comes or goes."""
        filters = ("", most, f"NOT {most}", "data_level = INTERNAL", "NOT sought_amount:*")
        found = [count(each) for each in filters]
        return found if found[0] == count("") else None

    known = whole.until(counts)
    assert known is not None
    everybody, many, rest, internal, silent = known
    assert 0 < many < everybody == many + rest == internal + silent
    with whole.channel("funding", MANAGER) as channel:
        firms = firm_service_pb2_grpc.FirmServiceStub(channel)
        listed = firms.ListFirms(firm_service_pb2.ListFirmsRequest(filter=most, page_size=500))
        shown = stub.FindMatches(
            asked("firm-direction", "directions/sic", limit=1000, filter=f"{most} AND city_code = suzhou"),
            timeout=SECONDS,
        )
        assert {each.name for each in listed.firms} >= {each.name for each in shown.candidates}
        assert all(each.sought_amount.units >= 10_000_000 for each in listed.firms)
    with whole.channel("matcher", OFFICER) as channel, whole.channel("funding", OFFICER) as other:
        office = matching_service_pb2_grpc.MatchingServiceStub(channel)
        for filter_ in (most, "data_level = PUBLIC"):
            failure = refused(office.FindMatches, asked("firm-direction", "directions/sic", filter=filter_))
            assert (failure.code, failure.violations[0].field) == ("INVALID_ARGUMENT", "filter")
        people = asked("person-direction", "directions/sic", filter="data_level = PERSONAL")
        assert office.FindMatches(people, timeout=SECONDS).admitted_count
        cards = firm_service_pb2_grpc.FirmServiceStub(other)
        asking = firm_service_pb2.ListFirmsRequest(filter=most)
        assert refused(cards.ListFirms, asking).code == "INVALID_ARGUMENT"
        plain = cards.ListFirms(firm_service_pb2.ListFirmsRequest(page_size=100))
        assert not any(each.HasField("sought_amount") for each in plain.firms)


def test_words_of_people_are_shown_in_the_city_of_the_grant(whole: Installation, stub: Any) -> None:
    people = stub.FindMatches(asked("person-cell", "shortageCells/sic.all.all", limit=50), timeout=SECONDS)
    person = next(each for each in people.candidates if each.city_code != "outside")
    like = stub.FindMatches(asked("similar-persons", person.name, limit=1), timeout=SECONDS).candidates[0]
    pair = wire.ExplainMatchRequest(kind="similar-persons", anchor=person.name, candidate=like.name)
    shown = {}
    for grant in (None, person.city_code, "outside"):
        held = Grant("talent_officer", city=grant, purposes=frozenset({"talent-service"}))
        with whole.channel("matcher", held, purpose="talent-service") as channel:
            own = matching_service_pb2_grpc.MatchingServiceStub(channel)
            found = own.ExplainMatch(pair, timeout=SECONDS)
            shown[grant] = [term.text for term in (*found.matched_terms, *found.missing_terms)]
            assert found.gates
    assert shown[None]
    same = like.city_code == person.city_code
    assert shown[person.city_code] == (shown[None] if same else [])
    assert shown["outside"] == []


def test_orders_beside_the_score(whole: Installation, stub: Any) -> None:
    def ask(order: str) -> list[match_pb2.Candidate]:
        request = asked("person-direction", "directions/sic", limit=1000, order_by=order)
        request.filter = "direction_code:sic"
        return list(stub.FindMatches(request, timeout=SECONDS).candidates)

    def all_orders() -> list[list[match_pb2.Candidate]]:
        """Of one state of the index and the map, which others may still be moving."""
        found = [ask(order) for order in ("", "shortage", "policy", "score")]
        return found if found[0] == found[-1] else []

    plain, by_shortage, by_policy, _ = whole.until(all_orders)
    assert plain
    for other in (by_shortage, by_policy):
        assert sorted(other, key=lambda each: each.rank) == plain
    stars = [each.priority.stars for each in by_shortage]
    assert stars == sorted(stars, reverse=True)
    named = [each.priority.city_named for each in by_policy]
    assert named == sorted(named, reverse=True)
    assert all(each.priority.cell.startswith("shortageCells/") for each in plain)
    failure = refused(stub.FindMatches, asked("person-direction", "directions/sic", order_by="age"))
    assert (failure.reason, failure.violations[0].field) == ("INVALID_ORDER_BY", "order_by")
