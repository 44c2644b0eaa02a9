"""The pair score: log-odds as a sum of a constant and signed contributions, for a block of pairs."""

import math
from dataclasses import dataclass

import numpy as np

from services.matcher.domain.kinds import PairKind
from services.matcher.score.block import Block, Mask, Matrix
from services.matcher.score.features import FEATURES, OF_SIMILARITY
from services.matcher.score.gates import GATES

CONSTANT = "constant"


@dataclass(frozen=True, slots=True)
class Scores:
    """[anchors, candidates]: which pairs pass every gate, and the log-odds of all of them."""

    admitted: Mask
    log_odds: Matrix

    def ranked(self) -> Matrix:
        """Log-odds, minus infinity where a gate is shut."""
        return np.where(self.admitted, self.log_odds, -np.inf)


def score_block(kind: PairKind, block: Block) -> Scores:
    """Score every pair of the block."""
    return Scores(admitted(kind, block), log_odds(kind, block))


def log_odds(kind: PairKind, block: Block) -> Matrix:
    """The log-odds of every pair of the block, gates not looked at. They never fall where a similarity grows."""
    total = np.full(block.shape, kind.constant)
    for use in kind.features:
        total += use.factor * FEATURES[use.name](block)
    return total


def reads_texts(kind: PairKind) -> bool:
    """Whether a score of this kind depends on how similar the texts are."""
    return any(use.name in OF_SIMILARITY for use in kind.features)


def admitted(kind: PairKind, block: Block) -> Mask:
    """Which pairs pass every gate of the kind."""
    passed = np.ones(block.shape, np.bool_)
    for name in kind.gates:
        passed &= GATES[name](kind, block)
    return passed


def gate_outcomes(kind: PairKind, block: Block) -> dict[str, bool]:
    """Outcome of every gate for a block of one pair."""
    return {name: bool(GATES[name](kind, block)[0, 0]) for name in kind.gates}


def contributions(kind: PairKind, block: Block) -> dict[str, float]:
    """The parts of the score of a block of one pair, the constant first.

    Added in this order they are the log-odds of `score_block`, bit for bit.
    """
    parts = {CONSTANT: kind.constant}
    for use in kind.features:
        parts[use.name] = float(use.factor * FEATURES[use.name](block)[0, 0])
    return parts


def features(kind: PairKind, block: Block) -> dict[str, float]:
    """What each feature of the kind says of a block of one pair, before it is weighed."""
    return {use.name: float(FEATURES[use.name](block)[0, 0]) for use in kind.features}


def probability(log_odds: float) -> float:
    """The logistic function, safe at both ends."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))
