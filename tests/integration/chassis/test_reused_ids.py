"""An event whose id came before with another content is set aside with both digests, whatever its version."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.feed.feed import Feed
from services.chassis.feed.known_ids import KnownIds
from services.chassis.feed.received import Poison, Received
from services.chassis.log.cloudevents import OutgoingEvent, make_headers
from services.chassis.log.sql_log import SqlLog
from services.chassis.storage.db import Database
from services.kernel.clock import ManualClock
from tests.integration.chassis.effects import FEED_TABLES, METADATA, TOPIC, Effects, effects, event
from tests.integration.chassis.feeding import append


def run(database: Database, log: SqlLog, clock: ManualClock) -> tuple[Feed, list[str]]:
    """A feed that has read everything, as after a start, and why it set records aside so far."""
    METADATA.create_all(database.engine)
    feed = Feed("test", database, log, (TOPIC,), Effects(), clock, tables=FEED_TABLES)
    while feed.lag():
        feed.step()
    with database.read() as session:
        return feed, [letter.reason for letter in feed.dead_letters.waiting(session)]


FIRST = event("a", 1)
OTHERS = {
    "the same version": FIRST._replace(payload=b"other"),
    "a newer version": event("a", 2)._replace(id=FIRST.id),
    "another key": event("b", 1)._replace(id=FIRST.id),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=list(OTHERS))
@pytest.mark.parametrize("restarted", [False, True], ids=["in one batch", "after a restart"])
def test_another_content_is_set_aside_and_the_rest_goes_on(
    database: Database, log: SqlLog, clock: ManualClock, other: OutgoingEvent, restarted: bool
) -> None:
    append(log, FIRST)
    if restarted:
        run(database, log, clock)
    append(log, other, event("c", 1))
    _, reasons = run(database, log, clock)
    assert effects(database) == [("a", 1), ("c", 1)]
    [reason] = reasons
    assert reason.startswith(f"event id {FIRST.id} came before with another content: sha256 ")
    then, now = reason.rpartition("sha256 ")[2].removesuffix(" now").split(" then, ")
    assert len(then) == len(now) == 64
    assert then != now


def test_what_comes_again_as_it_was_is_no_reuse(database: Database, log: SqlLog, clock: ManualClock) -> None:
    append(log, FIRST, FIRST, event("a", 2))
    run(database, log, clock)
    append(log, FIRST, event("a", 2), FIRST._replace(id="a-of-another-source", source="/bole/other"))
    append(log, FIRST._replace(source="/bole/other", payload=b"theirs"))
    _, reasons = run(database, log, clock)
    assert reasons == []
    assert effects(database) == [("a", 1), ("a", 2)]


def received(name: int, payload: bytes | None, offset: int) -> Received:
    made = event("a", 1, payload)._replace(id=str(name))
    return Received(TOPIC, offset, "a", payload, made.type, 1, made.time, make_headers(made))


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([b"x", b"", None])), max_size=60))
def test_the_first_content_of_an_id_stands_while_it_is_remembered(
    said: list[tuple[int, bytes | None]],
) -> None:
    known, first = KnownIds(kept=100), dict[int, bytes | None]()
    for offset, (name, payload) in enumerate(said):
        own = first.setdefault(name, payload) == payload
        if own:
            known.require_own(received(name, payload, offset))
        else:
            with pytest.raises(Poison):
                known.require_own(received(name, payload, offset))


def test_what_is_remembered_is_bounded() -> None:
    known = KnownIds(kept=3)
    for name in range(4):
        known.require_own(received(name, b"x", name))
    known.require_own(received(0, b"y", 4))  # forgotten, and so taken as new
    with pytest.raises(Poison):
        known.require_own(received(3, b"y", 5))
