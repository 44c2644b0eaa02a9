"""Positions (岗位): what employers want, how long they look, and how each search ends."""

from services.talent.domain.position.facts import PositionFacts
from services.talent.domain.position.outcome import OutcomeKind, OutcomeStated, PositionOutcome
from services.talent.domain.position.position import Position, PositionStatus

__all__ = [
    "OutcomeKind",
    "OutcomeStated",
    "Position",
    "PositionFacts",
    "PositionOutcome",
    "PositionStatus",
]
