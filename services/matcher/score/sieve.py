"""Scores of many pairs in two steps: near ones of all, at little cost, and exact ones of those that may matter.

Near scores are made in 32 bits and lie within `margin` of the exact ones, which are those of `log_odds`, bit for bit.
"""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.kinds import PairKind
from services.matcher.encode.encoder import Mix
from services.matcher.score.block import Block, Matrix, mixed
from services.matcher.score.features import (
    FEATURES,
    OF_SIMILARITY,
    READ,
    TEXT_GAIN,
    WHOLLY_KNOWN,
    text_base,
    text_value,
)
from services.matcher.score.scoring import admitted, alike

Near = NDArray[np.float32]
Places = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)
# A similarity is rounded by less than 1e-6, of which the square root near zero makes 0.001, and the gain 0.008; sums
# of numbers below a hundred are rounded by less than 0.001.
_ROUNDED, _OF_TEXT = 0.002, 0.01


class Sieve:
    """The pairs of a block whose similarity of texts is `sparse` and `dense` ([anchors, candidates]) in that `mix`;
    what `block` itself says of it is not read.
    """

    def __init__(self, kind: PairKind, block: Block, sparse: Near, dense: Near, mix: Mix) -> None:
        self._kind, self._block, self._mix = kind, block, mix
        self._sparse, self._dense = sparse, dense
        self._told = block.anchors.truth("text"), block.candidates.truth("text")
        self._sorts: dict[tuple[str, ...], tuple[Block, Places]] = {}
        self._values = {
            use.name: self._value(use.name) for use in kind.features if use.name not in OF_SIMILARITY
        }
        self._factors = {use.name: use.factor for use in kind.features}
        self._base = text_base(block)
        self._text = sum(use.factor for use in kind.features if use.name in OF_SIMILARITY)
        self.margin = _ROUNDED + _OF_TEXT * self._text

    def _value(self, name: str) -> tuple[Matrix, Places]:
        """What a feature says of every sort of anchors, and the sort of every anchor."""
        read = READ.get(name)
        if read is None:
            return FEATURES[name](self._block), np.arange(self._block.anchors.size)
        if read not in self._sorts:
            self._sorts[read] = alike(self._block, read)
        once, of_anchor = self._sorts[read]
        return FEATURES[name](once), of_anchor

    def near(self) -> Near:
        """[anchors, candidates]: the score to within the margin; minus infinity where a gate is shut."""
        gain, (anchors, candidates) = self._text * TEXT_GAIN, self._told
        nothing = np.float32(gain * WHOLLY_KNOWN)
        scores = self._dense * np.float32(self._mix.dense)
        scores += self._sparse if self._mix.sparse == 1.0 else self._sparse * np.float32(self._mix.sparse)
        np.maximum(scores, 0.0, out=scores)
        np.sqrt(scores, out=scores)
        scores *= np.float32(gain)
        if isinstance(self._base, np.ndarray):
            scores += (gain * (WHOLLY_KNOWN - self._base)).astype(np.float32)
        if not anchors.all():
            scores[~anchors] = nothing
        if not candidates.all():
            scores[:, ~candidates] = nothing
        rest, of_anchor = self._rest(self._kind.constant - float(nothing))
        scores += rest[of_anchor]
        passed = admitted(self._kind, self._block)
        if not passed.all():
            np.copyto(scores, -np.inf, where=~passed)
        return scores

    def _rest(self, constant: float) -> tuple[Near, Places]:
        """What all but the texts says, of every sort of anchors that are alike in it, and the sort of every anchor."""
        anchors, candidates = self._block.shape
        always = np.full((1, candidates), constant, np.float32), np.zeros(anchors, np.int64)
        sums: dict[tuple[str, ...] | str, tuple[Near, Places]] = {(): always}
        for name, (value, of_anchor) in self._values.items():
            read, few = READ.get(name, name), (self._factors[name] * value).astype(np.float32)
            sums[read] = (few + sums[read][0] if read in sums else few), of_anchor
        sorts = np.array([of_anchor for _, of_anchor in sums.values()])
        once, of_anchor = np.unique(sorts, axis=1, return_inverse=True)
        rest = np.zeros((once.shape[1], candidates), np.float32)
        for (few, _), of_sort in zip(sums.values(), once, strict=True):
            rest += few[of_sort]
        return rest, of_anchor

    def exact(self, anchors: Places, candidates: Places) -> NDArray[np.float64]:
        """The log-odds of some pairs."""
        total = np.full(len(anchors), self._kind.constant)
        for use in self._kind.features:
            if use.name in OF_SIMILARITY:
                value = self._exact_text(anchors, candidates)
            else:
                known, of_anchor = self._values[use.name]
                value = _chosen(known, of_anchor[anchors], candidates)
            total += use.factor * value if use.factor != 1.0 else value
        return total

    def _exact_text(self, anchors: Places, candidates: Places) -> NDArray[np.float64]:
        sparse, dense = (_chosen(each, anchors, candidates) for each in (self._sparse, self._dense))
        base = self._base
        if isinstance(base, np.ndarray):
            base = np.broadcast_to(base, self._block.shape)[anchors, candidates]
        value = text_value(mixed(self._mix, sparse, dense), base)
        value[~(self._told[0][anchors] & self._told[1][candidates])] = 0.0
        return value


def _chosen(matrix: NDArray[T], rows: Places, columns: Places) -> NDArray[T]:
    """Elements of a matrix: a third of the time of naming rows and columns."""
    chosen: NDArray[T] = (
        matrix[0].take(columns) if len(matrix) == 1 else matrix.ravel().take(rows * matrix.shape[1] + columns)
    )
    return chosen
