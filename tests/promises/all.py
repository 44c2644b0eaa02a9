"""What can be run, and the row of the record that it belongs to."""

from collections.abc import Callable
from typing import NamedTuple

from tests.promises import (
    backlog,
    damage,
    dying,
    fairness,
    forgetting,
    generations,
    handover,
    lasting,
    overload,
    poison,
    repeating,
    restoring,
    rolling,
    scarcity,
    seeing,
    starting,
    transit,
)

TURNS, RECORDS, ROLLS = 100, 50_000, 5
AWAY_SECONDS, FAIR_SECONDS, DAYS_SECONDS = 60.0, 20.0, 24 * 60.0


class Promise(NamedTuple):
    """One run by a seed says everything that does not hold."""

    row: str
    violations: Callable[[int], list[str]]


PROMISES = {
    "P2": Promise("P2", dying.violations),
    "P4-embedded": Promise("P4 (embedded)", lambda seed: handover.violations("embedded", seed, TURNS)),
    "P4-full": Promise("P4 (full)", lambda seed: handover.violations("full", seed, TURNS)),
    "P5": Promise("P5", lambda seed: poison.violations(seed, RECORDS)),
    "P6": Promise("P6", overload.violations),
    "P7": Promise("P7", lambda seed: backlog.violations(seed, AWAY_SECONDS)),
    "P8-embedded": Promise("P8 (embedded)", lambda seed: rolling.violations("embedded", seed, ROLLS)),
    "P8-full": Promise("P8 (full)", lambda seed: rolling.violations("full", seed, ROLLS)),
    "P9": Promise("P9", generations.violations),
    "P10": Promise("P10", restoring.violations),
    "P11": Promise("P11", damage.violations),
    "P12": Promise("P12", repeating.violations),
    "P13-embedded": Promise("P13 (embedded)", lambda seed: forgetting.violations("embedded", seed)),
    "P13-full": Promise("P13 (full)", lambda seed: forgetting.violations("full", seed)),
    "P13-many-embedded": Promise(
        "P13 (201 people, embedded)", lambda seed: forgetting.violations("embedded", seed, each=67)
    ),
    "P13-many-full": Promise(
        "P13 (200 people, full)", lambda seed: forgetting.violations("full", seed, each=40)
    ),
    "P14": Promise("P14", seeing.violations),
    "P16": Promise("P16", lambda seed: fairness.violations(seed, FAIR_SECONDS)),
    "P17": Promise("P17", transit.violations),
    "P17-kafka": Promise("P17 (kafka)", lambda seed: transit.violations(seed, "kafka")),
    "P17-full": Promise("P17 (full)", lambda seed: transit.violations(seed, "full")),
    "P18": Promise("P18", scarcity.violations),
    "P18-memory": Promise("P18 (memory)", lambda seed: scarcity.violations(seed, memory=True)),
    "P18-names": Promise("P18 (names)", scarcity.without_names),
    "P18-days": Promise("P18 (24 days)", lambda seed: lasting.violations(seed, DAYS_SECONDS)),
    "P19": Promise("P19", starting.violations),
}
