"""What texts say whatever encoder reads them, so that it can be worked out before an encoder is fitted."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from services.matcher.domain.codes import Codes
from services.matcher.domain.degrees import degrees
from services.matcher.domain.texts.denial import affirmed
from services.matcher.domain.texts.windows import normal
from services.matcher.encode.grams import MAX_CHARACTERS, normalise
from services.matcher.encode.sparse import normal_term_rows, term_rows


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
    if not placed:
        return Said(term_rows(texts), np.zeros((len(texts), len(codes.leaves)), np.int8))
    affirming = [affirmed(normal(text)) for text in texts]
    both = zip(texts, affirming, strict=True)
    counted = [affirmed(normalise(text)) if len(text) > MAX_CHARACTERS else form for text, form in both]
    return Said(normal_term_rows(counted), degrees(codes, texts, affirming))


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

    def unknown(self, texts: Sequence[str]) -> list[str]:
        """Those of which nothing is known."""
        return [text for text in texts if text not in self._row_of]

    def of(self, codes: Codes, texts: Sequence[str], placed: Sequence[bool] | None = None) -> Said:
        """What these texts say; what is not known yet is worked out. `placed`: of which it matters where they belong;
        of all, if that is not said.
        """
        placed = placed or [True] * len(texts)
        known = self
        for matters in (True, False):
            some = [text for text, asked in zip(texts, placed, strict=True) if asked is matters]
            fresh = list(dict.fromkeys(known.unknown(some)))
            if fresh:
                known = known if matters else Sayings(known)  # another time it may matter
                known.add(fresh, said(codes, fresh, placed=matters))
        rows = np.array([known._row_of[text] for text in texts], np.int64)
        found = joined(known._parts) if known._parts else said(codes, texts)
        known._parts = [found]
        return found if np.array_equal(rows, np.arange(found.placed.shape[0])) else found.take(rows)


def joined(parts: Sequence[Said]) -> Said:
    """Rows one below the other; there is one part at least."""
    if len(parts) == 1:
        return parts[0]
    counts = vstack([part.counts for part in parts], format="csr")
    return Said(counts, np.concatenate([part.placed for part in parts]))
