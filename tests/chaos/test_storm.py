"""Ten trials of the storm: eight on SQLite and the embedded log, two on a PostgreSQL and a Kafka of their own.

A house begins with the sample imported as an officer does, and a partner that follows the stream with the shipped
subscriber; then people and firms are registered while the processes under them are killed.
"""

import random

import pytest

from tests.servers import nursery
from tests.storm.__main__ import trials
from tests.storm.faults import draw

SEEDS = {"embedded": (1, 2, 3, 4, 5, 6, 7, 8), "full": (417, 591)}
KILLED = {"embedded": {"talent", "funding", "matcher"}, "full": {"talent", "matcher", "database", "broker"}}


@pytest.mark.parametrize("engines", SEEDS)
def test_nothing_acknowledged_is_lost_and_nothing_takes_effect_twice(engines: str) -> None:
    results = list(trials(engines, SEEDS[engines], nursery.spawn))
    broken = [str(result) for result in results if result.violations]
    assert not broken, "\n".join(broken)
    assert [result.seed for result in results] == list(SEEDS[engines])
    assert results[-1].counts[0] >= len(results)
    assert results[-1].events > 0
    assert results[-1].resumed > 0


@pytest.mark.parametrize("engines", SEEDS)
def test_the_seeds_kill_what_they_are_to_kill(engines: str) -> None:
    faults = [fault for seed in SEEDS[engines] for fault in draw(random.Random(seed), engines == "full")]
    assert {fault.victim for fault in faults if fault.kind == "kill"} == KILLED[engines]
