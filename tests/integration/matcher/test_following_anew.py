"""The next process goes on where the last one stopped or begins anew, and is turned away while one writes."""

import random
from collections.abc import Iterator

import pytest
from sqlalchemy import update

from bole.funding.v1 import firm_pb2
from services.chassis.house import House
from services.kernel.errors import Aborted
from services.matcher.domain import catalogue_items
from services.matcher.domain.item import ItemKind, Mandate, Stage
from services.matcher.domain.texts.wording import Wording
from services.matcher.store.schema import item, match_counter
from tests.integration.matcher.changing import change, check_every_city
from tests.integration.matcher.following import all_places, anew, candidates
from tests.integration.matcher.installed import CODES, TEXTS, Matcher, check, load_some
from tests.integration.matcher.producing import Producer


@pytest.fixture
def successor(house: House, matcher: Matcher) -> Iterator[Matcher]:
    """Another process over the same database, for when the first is dead."""
    made = Matcher.over(house)
    yield made
    made.end()


def test_the_limits_of_a_mandate_are_kept_over_a_restart(
    matcher: Matcher, successor: Matcher, producer: Producer
) -> None:
    stages = [firm_pb2.FIRM_STAGE_GROWTH]
    producer.fund("late", has_limits=True, stages=stages, ticket_max_fen=5, valuation_below_fen=7)
    producer.fund("any", has_limits=True)
    producer.fund("before")
    producer.firm("f0", TEXTS[0])
    matcher.follow()
    matcher.end()
    successor.follow()
    assert {pair[1] for pair in successor.lists() if pair[0] == "firm-fund"} == {"any", "before"}
    mandate = successor.engine.space.item(ItemKind.FUND, "late").mandate
    assert mandate == Mandate(stages=frozenset({Stage.GROWTH}), ticket_max=5, valuation_below=7)


def test_what_was_read_and_not_followed_is_followed_by_the_next_process(
    matcher: Matcher, successor: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    producer.person("new", TEXTS[0])
    producer.position("o0", TEXTS[0], city="nantong")
    producer.firm("f0", TEXTS[0], state=firm_pb2.Firm.STATE_WITHDRAWN)
    matcher.read()
    matcher.end()
    successor.follow()
    check(successor)
    check_every_city(successor)
    assert "new" in candidates(successor, "person-direction", "sic")
    assert candidates(successor, "person-firm", "f0") == set()


def test_what_the_program_before_has_marked_is_followed(
    matcher: Matcher, successor: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    matcher.end()
    gone = {"facts": None, "version": item.c.version + 1, "settled": False}
    with successor.house.database.write() as session:
        session.execute(update(item).where(item.c.kind == "person", item.c.id == "p0").values(gone))
    successor.follow()
    check(successor)
    assert "p0" not in {pair[2] for pair in successor.lists()}


def test_lists_that_were_made_by_other_words_are_made_anew(
    house: House, matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_some(producer)
    matcher.follow()
    before = all_places(matcher.engine)
    matcher.end()
    monkeypatch.setattr(catalogue_items, "_wording_of_directions", lambda _local: Wording())
    successor = Matcher.over(house)
    successor.follow()
    assert all_places(successor.engine) == all_places(anew(successor)) != before
    check(successor)
    successor.end()


def test_a_restart_makes_no_difference(matcher: Matcher, successor: Matcher, producer: Producer) -> None:
    rng = random.Random(5)
    load_some(producer)
    matcher.follow()
    for step in range(12):
        change(producer, rng, step)
        matcher.follow()
    check(matcher)
    matcher.end()
    before = matcher.events()
    successor.follow()
    assert successor.events() == before
    for step in range(12, 24):
        change(producer, rng, step)
        successor.follow()
    check(successor)
    check_every_city(successor)
    assert all_places(successor.engine) == all_places(anew(successor))


def test_a_lost_encoder_is_noticed_and_everything_is_followed_anew(
    matcher: Matcher, successor: Matcher, producer: Producer
) -> None:
    with producer.together():
        for number in range(260):
            producer.position(f"o{number}", f"{TEXTS[number % 4]}，编号{number}", code=CODES[number % 3])
        for number in range(30):
            producer.person(f"p{number}", TEXTS[number % 4], code=CODES[number % 3])
    matcher.follow()
    check(matcher)
    version = matcher.engine.space.encoder.version
    matcher.end()
    for file in (matcher.house.settings.data_dir / "matcher").rglob("*.npy"):
        file.write_bytes(file.read_bytes()[:-3])
    successor.follow()
    check(successor)
    assert successor.engine.space.encoder.version == version


def test_a_second_writer_is_turned_away(matcher: Matcher, successor: Matcher, producer: Producer) -> None:
    load_some(producer)
    matcher.follow()
    assert not successor.settler.lead()
    with matcher.house.database.write() as session:
        session.execute(match_counter.update().values(last=match_counter.c.last + 1))
    producer.person("new", TEXTS[0])
    matcher.read()
    known = len(matcher.events())
    with pytest.raises(Aborted):
        matcher.settler.settle()
    assert len(matcher.events()) == known
