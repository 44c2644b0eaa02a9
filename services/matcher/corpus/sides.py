"""One side of many pairs: items of the space or of a request, as scores read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from services.matcher.corpus.population import Population, Rows, columns_with_text
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item
from services.matcher.encode.encoder import Encoded


class Ranked(NamedTuple):
    """One place of a list."""

    id: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Side:
    """Ids, columns and encoded rows, in one order."""

    ids: tuple[str, ...]
    columns: Columns
    encoded: Encoded

    @classmethod
    def stored(cls, population: Population, rows: Rows) -> "Side":
        """Items of the space."""
        ids = tuple(population.items[row].id for row in rows)
        return cls(ids, population.columns.take(rows), population.encoded(rows))

    @classmethod
    def given(cls, items: Sequence[Item], space: MatchSpace) -> "Side":
        """Items that came with a request or are supposed, and are stored nowhere. Equal texts are read once."""
        number = {text: at for at, text in enumerate(dict.fromkeys(item.text for item in items))}
        read = space.encoder.encode(list(number))
        rows = [number[item.text] for item in items]
        encoded = Encoded(read.dense[rows], read.sparse[rows])
        ids = tuple(item.id for item in items)
        return cls(ids, columns_with_text(items, encoded, space.codes), encoded)

    def part(self, start: int, end: int) -> "Side":
        """Some of them that follow one another."""
        encoded = Encoded(self.encoded.dense[start:end], self.encoded.sparse[start:end])
        return Side(self.ids[start:end], self.columns.part(start, end), encoded)

    def take(self, numbers: Rows) -> "Side":
        """Some of them in another order, a copy."""
        encoded = Encoded(self.encoded.dense[numbers], self.encoded.sparse[numbers])
        ids = tuple(self.ids[number] for number in numbers.tolist())
        return Side(ids, self.columns.take(numbers), encoded)

    def single(self, number: int) -> "Side":
        """One of them, a copy."""
        return self.take(np.array([number], np.int64))
