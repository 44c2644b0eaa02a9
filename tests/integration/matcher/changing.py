"""Random changes, and what subscribers of single cities must know after them."""

import random

from bole.talent.v1 import position_pb2
from services.matcher.domain.item import ItemKind
from services.matcher.store import items
from tests.integration.matcher.installed import CODES, TEXTS, Matcher, fold
from tests.integration.matcher.producing import Producer

CITIES = ("suzhou", "nanjing", "nantong")


def change(producer: Producer, rng: random.Random, step: int) -> None:
    """One entity new, changed, withdrawn or erased."""
    text, code = f"{rng.choice(TEXTS)}，第{step}批", rng.choice(CODES)
    city, number = rng.choice(CITIES), rng.randrange(6)
    match rng.randrange(6):
        case 0:
            producer.person(f"n{step}", text, code=code, city=city)
        case 1:
            producer.person(f"p{number}", text, code=code, city=city)
        case 2:
            producer.position(f"o{number}", text, code=code, city=city)
        case 3:
            state = rng.choice([position_pb2.Position.STATE_OPEN, position_pb2.Position.STATE_CLOSED])
            producer.position(f"o{number}", text, code=code, city=city, state=state)
        case 4:
            producer.firm(f"f{number}", text, code=code, city=city)
        case _:
            producer.person(f"n{step}", text, code=code, city=city)
            producer.erase(f"n{step}")


def check_every_city(matcher: Matcher) -> None:
    """Each city's subscriber knows exactly the lists of anchors that are in it now."""
    with matcher.house.database.read() as session:
        homes = {(each.kind, each.id): each.item for each in items.followed(session)}
    kinds = {"person-position": ItemKind.POSITION, "person-firm": ItemKind.FIRM}
    for city in CITIES:
        expected = {
            pair: score
            for pair, score in matcher.lists().items()
            if pair[0] in kinds and homes[kinds[pair[0]], pair[1]].city == city  # type: ignore[union-attr]
        }
        events = matcher.events()
        known = fold([each for each in events if each.city == city and each.kind in kinds])
        assert known == expected
