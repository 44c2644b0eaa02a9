"""What texts say whatever encoder reads them, so that it can be worked out before an encoder is fitted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from services.matcher.domain.codes import Codes
from services.matcher.domain.degrees import degrees
from services.matcher.encode.sparse import term_rows


class Said(NamedTuple):
    """Of some texts, a row each: how often each has its grams (`term_rows`), and how far it belongs to every leaf
    (`degrees`; nothing of texts that nobody asks it of).
    """

    counts: csr_array
    placed: NDArray[np.int8]

    def take(self, rows: NDArray[np.int64]) -> "Said":
        """Some rows, in the order given."""
        return Said(self.counts[rows], self.placed[rows])


def said(codes: Codes, texts: Sequence[str], *, placed: bool = True) -> Said:
    """Worked out; of a text the same whatever else is asked with it. `placed`: whether it matters where they belong."""
    places = degrees(codes, texts) if placed else np.zeros((len(texts), len(codes.leaves)), np.int8)
    return Said(term_rows(texts), places)


class Sayings:
    """What is known of texts by now."""

    def __init__(self, known: "Sayings | None" = None) -> None:
        self._row_of: dict[str, int] = dict(known._row_of) if known else {}
        self._parts: list[Said] = list(known._parts) if known else []

    @property
    def size(self) -> int:
        """How many texts that are."""
        return len(self._row_of)

    def add(self, texts: Sequence[str], found: Said) -> None:
        """Keep what these texts say, a row for each."""
        first = sum(part.placed.shape[0] for part in self._parts)
        self._row_of |= zip(texts, range(first, first + found.placed.shape[0]), strict=True)
        self._parts.append(found)

    def knows_any(self, texts: Sequence[str]) -> bool:
        """Whether something is known of one of these texts at least."""
        return any(text in self._row_of for text in texts)

    def of(self, codes: Codes, texts: Sequence[str], *, placed: bool = True) -> Said:
        """What these texts say; what is not known yet is worked out. `placed`: whether it matters where they belong."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._row_of]
        if len(fresh) == len(texts):
            return said(codes, texts, placed=placed)
        if fresh:
            known = self if placed else Sayings(self)  # another time it may matter
            known.add(fresh, said(codes, fresh, placed=placed))
            return known.of(codes, texts)
        rows = np.array([self._row_of[text] for text in texts], np.int64)
        self._parts = [joined(self._parts)]
        return self._parts[0].take(rows)


def joined(parts: Sequence[Said]) -> Said:
    """Rows one below the other; there is one part at least."""
    if len(parts) == 1:
        return parts[0]
    counts = vstack([part.counts for part in parts], format="csr")
    return Said(counts, np.concatenate([part.placed for part in parts]))
