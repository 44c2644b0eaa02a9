"""Placement of a text into the catalogue's directions: shares that sum to one, `none of them` included."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.item import ItemKind
from services.matcher.encode.grams import grams, normalise
from services.matcher.encode.sparse import columns_of

# `None of them` competes like a leaf of similarity NONE: nine in ten abstracts of all fields stay below it with
# every leaf. Only shared terms count: dense vectors of short texts agree too easily. SHARPNESS tells how fast
# shares part.
SHARPNESS = 30.0
NONE = 0.075
LEAST_SHARE = 0.05


@dataclass(frozen=True, slots=True)
class Placement:
    """`shares` by leaf code, the largest first; with `none` they sum to one. Derived from the text alone."""

    shares: tuple[tuple[str, float], ...]
    none: float


def place(space: MatchSpace, text: str) -> Placement:
    """Place a text; one that says nothing is `none of them` wholly."""
    with space.lock:
        encoded = space.encoder.encode([text])
        directions = space.population(ItemKind.DIRECTION)
        if not encoded.present[0] or directions.size == 0:
            return Placement((), 1.0)
        similarity = directions.sparse.dot(encoded.sparse)[0].astype(np.float64)
        common = directions.sparse.dot(_without_single(encoded.sparse, text))[0] > 0
        return _shares(np.where(common, similarity, 0.0), [item.id for item in directions.items])


def place_stored(space: MatchSpace, kind: ItemKind, id_: str) -> Placement:
    """Place the text of a stored item. Raises NotFound."""
    return place(space, space.item(kind, id_).text)


def _without_single(row: csr_array, text: str) -> csr_array:
    """The row without single ideographs, which alone are no evidence of a direction."""
    found = grams([normalise(text)])
    kept = np.isin(row.indices, columns_of(found.key[found.kind != 1]))
    indices = row.indices[kept]
    return csr_array((row.data[kept], indices, [0, len(indices)]), shape=row.shape)


def _shares(similarity: NDArray[np.float64], codes: list[str]) -> Placement:
    """Softmax over square roots of similarities with a constant one for none; small shares go to none."""
    logits = SHARPNESS * np.sqrt(np.append(np.maximum(similarity, 0.0), NONE))
    weights = np.exp(logits - logits.max())
    shares = weights / weights.sum()
    named = zip(codes, shares[:-1].tolist(), strict=True)
    kept = [(code, share) for code, share in named if share >= LEAST_SHARE]
    kept.sort(key=lambda pair: (-pair[1], pair[0]))
    return Placement(tuple(kept), max(0.0, 1.0 - sum(share for _, share in kept)))
