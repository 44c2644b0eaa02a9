"""A process that dies between any two steps: each event comes into being once, numbered without a gap."""

import os
import random
import secrets
from pathlib import Path

import pytest

from services.chassis.fail_points import EXIT_KILLED
from services.chassis.log.log import open_log
from services.chassis.storage.db import Database
from tests.integration.matcher.changing import change, check_every_city
from tests.integration.matcher.installed import Matcher, check, load_some, make_house, prepare
from tests.integration.matcher.producing import OwnTopics, Producer
from tests.servers import nursery

POINTS = [
    "feed.after_effect_before_commit",
    "feed.after_commit",
    "settle.before_commit",
    "settle.after_commit",
]


def work(arguments: list[str], failpoint: str | None) -> int:
    """Run the process; its exit code."""
    environ = os.environ | ({} if failpoint is None else {"BOLE_FAILPOINT": failpoint})
    done = nursery.run("tests.integration.matcher.crashing", arguments, environ)
    assert done.returncode in (0, EXIT_KILLED), done.stderr
    return done.returncode


@pytest.mark.parametrize(
    ("urls", "points"),
    [("embedded", POINTS), ("full", POINTS[2:])],
    indirect=["urls"],
    ids=["embedded", "full"],
)
def test_every_event_once_and_in_order(
    database: Database, urls: tuple[str, str], points: list[str], tmp_path: Path
) -> None:
    suffix, rng = secrets.token_hex(4), random.Random(11)
    log = prepare(OwnTopics(open_log(urls[1]), suffix))
    house = make_house(tmp_path, database, log)
    producer = Producer(log, house.settings.keys_dir, house.clock)
    load_some(producer)
    arguments = [str(tmp_path), *urls, suffix]
    told: list[int] = []
    for number, point in enumerate(points):
        assert work(arguments, f"{point}:1") == EXIT_KILLED
        for step in range(3):
            change(producer, rng, number * 10 + step)
    assert work(arguments, None) == 0
    matcher = Matcher.over(house)
    check(matcher)
    told = [each.sequence for each in matcher.events()]
    matcher.follow()
    assert [each.sequence for each in matcher.events()] == told
    check_every_city(matcher)
    matcher.end()
    log.close()
