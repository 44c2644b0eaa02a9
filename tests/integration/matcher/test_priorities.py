"""What the shortage map tells is kept beside the items, and stands beside scores without touching them."""

import pytest
from google.type import date_pb2

from bole.events.v1 import shortage_event_pb2
from bole.matcher.v1 import anchor_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import load
from services.chassis.log.topics import SHORTAGES
from services.chassis.rpc.call import serving
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.rpc import finding
from services.matcher.rpc.ordering import Order
from services.matcher.rpc.priorities import Priorities
from services.matcher.rpc.seeing import EVERYTHING
from tests.integration.matcher.calling import call
from tests.integration.matcher.installed import TEXTS, Matcher, check
from tests.integration.matcher.producing import Producer

KIND = "person-position"


def tell(producer: Producer, key: str, stars: int, *, hidden: bool = False) -> None:
    state = shortage_event_pb2.ShortageState(
        id=key,
        version=producer.next(key),
        after=shortage_event_pb2.ShortageState.Standing(stars=stars, hidden=hidden),
        as_of_date=date_pb2.Date(year=2026, month=9, day=30),
    )
    producer.say(SHORTAGES, key, state)


def test_the_map_stands_beside_the_scores_and_orders_only_when_asked(
    matcher: Matcher, producer: Producer
) -> None:
    producer.position("o0", TEXTS[0])
    for id_, city in (("p0", "suzhou"), ("p1", "nanjing"), ("p2", "xuzhou"), ("p3", "outside")):
        producer.person(id_, TEXTS[0], city=city)
    matcher.follow()
    lists, finder = matcher.lists(), matcher.engine.view.finder
    before = finder.find(KIND, (ItemKind.POSITION, "o0"), 10)
    tell(producer, "sic/nanjing/outstanding-engineer", 2)
    tell(producer, "sic/nanjing/outstanding-engineer", 5)
    tell(producer, "sic/xuzhou/outstanding-engineer", 3, hidden=True)
    tell(producer, "sic/suzhou/outstanding-engineer", 4)
    tell(producer, "sic/all/outstanding-engineer", 1)
    producer.say(SHORTAGES, "sic/suzhou/outstanding-engineer", None, version=2)
    producer.say(SHORTAGES, "no cell", None, version=1)
    matcher.follow()
    check(matcher)
    found = matcher.engine.view.finder.find(KIND, (ItemKind.POSITION, "o0"), 10)
    assert (found, matcher.lists()) == (before, lists)
    priorities = Priorities(matcher.house, load())
    shown = {
        each.item.id: priority
        for each, priority in zip(found, priorities.of([each.item for each in found]), strict=True)
        if priority is not None
    }
    assert {id_: (each.stars, each.hidden) for id_, each in shown.items()} == {
        "p0": (0, False),
        "p1": (5, False),
        "p2": (3, True),
        "p3": (1, False),
    }
    assert shown["p1"].cell == "shortageCells/sic.nanjing.outstanding-engineer"
    assert (shown["p1"].tier_code, shown["p0"].HasField("as_of_date")) == ("growth", False)
    order = Order.of("shortage", KINDS[KIND])
    ordered = [
        each for _, each in order.keyed(ItemKind.PERSON, found, priorities, lambda some: [{}] * len(some))
    ]
    assert [each.item.id for each in ordered] == ["p1", "p2", "p3", "p0"]
    assert sorted(ordered, key=lambda each: each.rank) == found
    with matcher.house.database.read() as session:
        assert matcher.feed.dead_letters.count(session) == 1


def test_an_order_beside_the_score_says_whom_it_does_not_reach(
    matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch
) -> None:
    producer.position("o0", TEXTS[0])
    for number in range(5):
        producer.person(f"p{number}", TEXTS[0])
    matcher.follow()
    monkeypatch.setattr(finding, "MOST_ORDERED", 3)
    searches = finding.Searches(matcher.house, matcher.engine, load())
    for order, unordered in (("", 0), ("score", 0), ("stars desc", 2), ("contributions.city", 2)):
        request = wire.FindMatchesRequest(
            kind=KIND, anchor=anchor_pb2.Anchor(name="positions/o0"), order_by=order
        )
        with serving(call()):
            found = searches.one(request, EVERYTHING)
        assert (found.admitted_count, found.unordered_count) == (5, unordered)
        assert len(found.candidates) == 5 - unordered
