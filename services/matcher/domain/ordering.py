"""What candidates may be ordered by, and the keys that put them in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.matcher.domain.priority import Urgency
from services.matcher.domain.ranking import Key, score_key

SCORE, SHORTAGE, POLICY = PLACES = ("score", "shortage", "policy")
"""Places: the first is the best by score, the most urgent by stars, the one that the policy names first."""
PROBABILITY, STARS, CHANGED = VALUES = ("probability", "stars", "change_time")
CONTRIBUTION = "contributions."
"""Before the name of a part of the score."""


@dataclass(frozen=True, slots=True)
class Term:
    """A field of an order, and whether its largest value comes first."""

    field: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What a candidate is ordered by. `urgency` is None where nothing is said; `changed` in microseconds, None where
    nobody knows; `parts` of the score by name, as far as the order names them.
    """

    log_odds: float
    urgency: Urgency | None = None
    changed: int | None = None
    parts: Mapping[str, float] = field(default_factory=dict)


def key(terms: Sequence[Term], id_: str, facts: Facts, tiers: Sequence[str]) -> Key:
    """The key of a candidate in an order: without a value last, equal ones by score, ties by id.

    `tiers` of the policy, the most urgent first.
    """
    parts: list[float] = []
    for term in terms:
        value = _value(term.field, facts, tiers)
        parts += (1, 0) if value is None else (0, -value if term.descending else value)
    return (*parts, *score_key(facts.log_odds, id_))


def _value(name: str, facts: Facts, tiers: Sequence[str]) -> float | None:
    """Raises KeyError for what is none."""
    if name.startswith(CONTRIBUTION):
        return facts.parts[name.removeprefix(CONTRIBUTION)]
    if name in (SCORE, PROBABILITY):
        return facts.log_odds if name == PROBABILITY else -facts.log_odds
    if name == CHANGED:
        return facts.changed
    return None if facts.urgency is None else _of_urgency(name, facts.urgency, tiers)


def _of_urgency(name: str, said: Urgency, tiers: Sequence[str]) -> float | None:
    """Stars, of which 0 are none; or a place."""
    if name == POLICY:
        return tiers.index(said.policy.tier) - len(tiers) * said.policy.city_named
    if name == SHORTAGE:
        return -said.stars
    return {STARS: said.stars or None}[name]
