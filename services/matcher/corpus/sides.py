"""One side of many pairs: items of the space or of a request, as scores read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.matcher.corpus.population import Population, Rows, columns_with_text
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import Item
from services.matcher.encode.encoder import Encoded, Encoder
from services.matcher.score.block import Mask


class Ranked(NamedTuple):
    """One place of a list."""

    id: str
    log_odds: float


@dataclass(frozen=True, slots=True)
class Side:
    """Items, columns and encoded rows, in one order."""

    items: tuple[Item, ...]
    columns: Columns
    encoded: Encoded

    @classmethod
    def stored(cls, population: Population, rows: Rows) -> "Side":
        """Items of the space."""
        items = tuple(population.items[row] for row in rows)
        return cls(items, population.columns.take(rows), population.encoded(rows))

    @classmethod
    def given(cls, items: Sequence[Item], space: MatchSpace, instead_of: Item | None = None) -> "Side":
        """Items that came with a request or are supposed, and are stored nowhere. Equal texts are read once.

        `instead_of`: whom they are supposed in the place of, of whose text as much is known as of theirs.
        """
        number = {text: at for at, text in enumerate(dict.fromkeys(item.text for item in items))}
        read = space.encoder.encode(list(number))
        rows = [number[item.text] for item in items]
        encoded = Encoded(read.dense[rows], read.sparse[rows])
        columns = columns_with_text(items, encoded, space.codes)
        if any(item.given for item in items):
            columns = columns.knowing(_known(items, encoded, space.encoder, instead_of))
        return cls(tuple(items), columns, encoded)

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.items)

    @property
    def ids(self) -> tuple[str, ...]:
        """Of every row."""
        return tuple(item.id for item in self.items)

    def part(self, start: int, end: int) -> "Side":
        """Some of them that follow one another."""
        encoded = Encoded(self.encoded.dense[start:end], self.encoded.sparse[start:end])
        return Side(self.items[start:end], self.columns.part(start, end), encoded)

    def take(self, numbers: Rows) -> "Side":
        """Some of them in another order, a copy."""
        encoded = Encoded(self.encoded.dense[numbers], self.encoded.sparse[numbers])
        items = tuple(self.items[number] for number in numbers.tolist())
        return Side(items, self.columns.take(numbers), encoded)

    def single(self, number: int) -> "Side":
        """One of them, a copy."""
        return self.take(np.array([number], np.int64))


def _known(
    items: Sequence[Item], encoded: Encoded, encoder: Encoder, instead_of: Item | None
) -> NDArray[np.float64]:
    """How much of their texts the library can compare: of stored ones, which are part of it, all."""
    if instead_of is not None:
        return np.repeat(encoder.known(encoder.encode([instead_of.text])), len(items))
    return np.where([item.given for item in items], encoder.known(encoded), 1.0)


def inside(anchors: Sequence[Item], candidates: Sequence[str]) -> Mask | None:
    """[anchors, candidates]: which of these ids are in the teams that the anchors are; None where none of them is a
    team with people.
    """
    teams = _people(anchors)
    return (
        None if teams is None else np.array([[id_ in team for id_ in candidates] for team in teams], np.bool_)
    )


def inside_of_many(
    anchors: Sequence[Item], place: Mapping[str, int], size: int, start: int = 0
) -> Mask | None:
    """The same for candidates of different ids, which `place` numbers; `start` is the number of the first of `size`."""
    teams = _people(anchors)
    if teams is None:
        return None
    mask = np.zeros((len(anchors), size), np.bool_)
    for row, team in enumerate(teams):
        columns = [place[id_] - start for id_ in team if id_ in place]
        mask[row, [at for at in columns if 0 <= at < size]] = True
    return mask


def _people(anchors: Sequence[Item]) -> list[frozenset[str]] | None:
    """Who is in each of them; None where none of them is a team with people."""
    if not any(anchor.staff for anchor in anchors):
        return None
    return [
        frozenset(part.person for part in anchor.staff.parts) if anchor.staff else frozenset()
        for anchor in anchors
    ]
