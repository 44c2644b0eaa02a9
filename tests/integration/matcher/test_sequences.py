"""Whatever comes in one batch: the lists are those worked out anew, and every subscriber knows its own."""

import random
from collections.abc import Callable, Sequence

import pytest

from bole.funding.v1 import firm_pb2
from bole.talent.v1 import person_pb2, position_pb2
from services.catalogue import load
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS, STANDING
from services.matcher.domain.partners.subscription import Subscription
from services.matcher.store import items
from tests.integration.matcher.changing import CITIES
from tests.integration.matcher.following import all_places, anew
from tests.integration.matcher.installed import CODES, TEXTS, Matcher, check, fold, load_some
from tests.integration.matcher.producing import Producer

INDUSTRIES = {leaf.code: leaf.industry for leaf in load().leaves}
PURPOSES: tuple[list[person_pb2.ConsentPurpose], ...] = (
    [],
    [person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
    [person_pb2.CONSENT_PURPOSE_MATCH_POSITION, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
)


def act(producer: Producer, rng: random.Random, step: int, gone: set[str]) -> None:
    """One thing that happens to somebody; whoever is erased never comes again."""
    text, code, city = f"{rng.choice(TEXTS)}，第{step}批", rng.choice(CODES), rng.choice(CITIES)
    number = rng.randrange(6)
    present = [f"p{each}" for each in range(8) if f"p{each}" not in gone]
    person = rng.choice(present)
    happenings: list[Callable[[], None]] = [
        lambda: producer.person(person, text, code=code, city=city, purposes=rng.choice(PURPOSES)),
        lambda: producer.person(
            person,
            text,
            code=code,
            city=city,
            state=rng.choice([person_pb2.Person.STATE_ACTIVE, person_pb2.Person.STATE_MERGED]),
        ),
        lambda: producer.position(
            f"o{number}",
            text,
            code=code,
            city=city,
            state=rng.choice([position_pb2.Position.STATE_OPEN, position_pb2.Position.STATE_EXPIRED]),
        ),
        lambda: producer.firm(
            f"f{number}",
            text,
            code=code,
            city=city,
            state=rng.choice([firm_pb2.Firm.STATE_ACTIVE, firm_pb2.Firm.STATE_MERGED]),
        ),
        lambda: producer.fund(
            rng.choice(["angel", "other"]),
            rng.choice(["", *CITIES]),
            industry_codes=rng.sample(sorted({INDUSTRIES[each] for each in CODES}), rng.randrange(3)),
            scope_city_codes=rng.sample(CITIES, rng.randrange(2)),
            has_limits=True,
        ),
        lambda: producer.team("t", text, *rng.sample(present, min(2, len(present))), code=code),
    ]
    if len(present) > 3:
        happenings.append(lambda: erase(producer, person, gone))
    rng.choice(happenings)()


def erase(producer: Producer, person: str, gone: set[str]) -> None:
    producer.erase(person)
    gone.add(person)


def in_directions(item: Item, wanted: set[str]) -> bool:
    if item.kind is ItemKind.FUND:
        scope = item.mandate.industries if item.mandate else frozenset()
        return not scope or bool({INDUSTRIES[code] for code in wanted} & scope)
    if item.kind is ItemKind.DIRECTION:
        return item.id in wanted
    return bool({code for code, _ in item.leaves} & wanted)


def check_subscribers(matcher: Matcher, codes: Sequence[str] = CODES) -> None:
    """Of every city and each of these directions exactly the lists of the anchors that are there now."""
    with matcher.house.database.read() as session:
        anchors = {(each.kind, each.id): each.item for each in items.followed(session)}
    for leaf in matcher.engine.catalogue.leaves:
        anchors[ItemKind.DIRECTION, leaf.code] = Item(ItemKind.DIRECTION, leaf.code)
    kinds = frozenset(kind.key for kind in STANDING)
    wanted = [Subscription(kinds, directions=frozenset({code})) for code in codes]
    wanted += [Subscription(kinds, cities=frozenset({city})) for city in CITIES]
    events, lists = matcher.events(), matcher.lists()
    for each in wanted:
        expected = {}
        for pair, score in lists.items():
            anchor = anchors[KINDS[pair[0]].anchor, pair[1]]
            assert anchor is not None, pair
            if each.directions and not in_directions(anchor, set(each.directions)):
                continue
            if each.cities and anchor.city not in each.cities:
                continue
            expected[pair] = score
        known = fold([event for event in events if each.wants(event)])
        assert known == expected, each


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
@pytest.mark.parametrize("seed", range(2))
def test_what_comes_together_ends_as_if_it_had_come_one_by_one(
    matcher: Matcher, producer: Producer, seed: int
) -> None:
    rng, gone = random.Random(seed), set[str]()
    load_some(producer)
    producer.person("p6", TEXTS[0])
    producer.person("p7", TEXTS[1])
    matcher.follow()
    for step in range(6):
        with producer.together():
            for nth in range(rng.randrange(1, 7)):
                act(producer, rng, 10 * step + nth, gone)
        matcher.follow()
        check(matcher)
        check_subscribers(matcher)
    assert all_places(matcher.engine) == all_places(anew(matcher))
    assert not gone & {part for pair in matcher.lists() for part in pair}
