"""The pair score: log-odds as a sum of a constant and signed contributions, for a block of pairs."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.columns import Columns
from services.matcher.domain.kinds import PairKind
from services.matcher.score.block import Block, Mask, Matrix
from services.matcher.score.features import FEATURES, OF_SIMILARITY, READ
from services.matcher.score.gates import GATES

CONSTANT = "constant"
EDITION = 5
"""Of gates, features and the weights set by hand: raised with whatever makes a score come out otherwise."""
MANY = 16
"""From so many anchors on, what is the same for several of them is worked out once."""
_MANY_PAIRS = 1 << 16


@dataclass(frozen=True, slots=True)
class Scores:
    """[anchors, candidates]: which pairs pass every gate, and the log-odds of all of them."""

    admitted: Mask
    log_odds: Matrix

    def ranked(self) -> Matrix:
        """Log-odds, minus infinity where a gate is shut."""
        return self.log_odds if self.admitted.all() else np.where(self.admitted, self.log_odds, -np.inf)


def score_block(kind: PairKind, block: Block) -> Scores:
    """Score every pair of the block."""
    return Scores(admitted(kind, block), log_odds(kind, block))


def log_odds(kind: PairKind, block: Block) -> Matrix:
    """The log-odds of every pair of the block, gates not looked at. They never fall where a similarity grows."""
    total = np.full(block.shape, kind.constant)
    many = block.anchors.size >= MANY and total.size >= _MANY_PAIRS
    sorts: dict[tuple[str, ...], tuple[Block, NDArray[np.int64]]] = {}
    for use in kind.features:
        read = READ.get(use.name)
        if not many or read is None:
            value, of_anchor = FEATURES[use.name](block), None
        else:
            if read not in sorts:
                sorts[read] = alike(block, read)
            once, of_anchor = sorts[read]
            value = FEATURES[use.name](once)
        if use.factor != 1.0:
            value = use.factor * value
        total += value if of_anchor is None or len(value) == 1 else value[of_anchor]
    return total


def alike(block: Block, read: tuple[str, ...]) -> tuple[Block, NDArray[np.int64]]:
    """The block of one anchor for all that are alike in these columns, and which stands for each."""
    first, of_anchor = block.anchors.alike(read)
    nothing = np.broadcast_to(np.zeros(1), (len(first), block.candidates.size))
    return Block(block.anchors.take(first), block.candidates, nothing, block.codes), of_anchor


def order_of_alike(kind: PairKind, anchors: Columns) -> NDArray[np.int64]:
    """Anchors in an order in which those follow one another that are alike in what the features of a kind read."""
    reads = {READ[use.name] for use in kind.features if READ.get(use.name)}
    sorts = [anchors.alike(read)[1] for read in sorted(reads, key=len)]
    return np.lexsort(sorts) if sorts else np.arange(anchors.size)


def reads_texts(kind: PairKind) -> bool:
    """Whether a score of this kind depends on how similar the texts are."""
    return any(use.name in OF_SIMILARITY for use in kind.features)


def admitted(kind: PairKind, block: Block) -> Mask:
    """Which pairs pass every gate of the kind."""
    passed = np.ones(block.shape, np.bool_)
    for name in kind.gates:
        passed &= GATES[name](kind, block)
    return passed


def gate_outcomes(kind: PairKind, block: Block) -> dict[str, Mask]:
    """Outcome of every gate for every pair of the block."""
    return {name: np.broadcast_to(GATES[name](kind, block), block.shape) for name in kind.gates}


def features(kind: PairKind, block: Block) -> dict[str, Matrix]:
    """What each feature of the kind says of every pair of the block, before it is weighed."""
    return {use.name: np.broadcast_to(FEATURES[use.name](block), block.shape) for use in kind.features}


def contributions(kind: PairKind, said: Mapping[str, float]) -> dict[str, float]:
    """The parts of the score of one pair of which the features say this, the constant first.

    Added in this order they are the log-odds of `score_block`, bit for bit.
    """
    return {CONSTANT: kind.constant} | {use.name: use.factor * said[use.name] for use in kind.features}


def probability(log_odds: float) -> float:
    """The logistic function, safe at both ends."""
    if log_odds >= 0:
        return 1.0 / (1.0 + math.exp(-log_odds))
    return math.exp(log_odds) / (1.0 + math.exp(log_odds))
