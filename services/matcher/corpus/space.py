"""The match space: every population under one encoder, kept by version."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

import numpy as np
from scipy.sparse import csr_array

from services.kernel.clock import Clock, SystemClock, civil_date
from services.matcher.corpus.encoding import Known, population_of
from services.matcher.corpus.population import Population, empty_encoding
from services.matcher.corpus.said import Sayings
from services.matcher.domain.cells import cell_items
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import Columns
from services.matcher.domain.gaps import by_gaps
from services.matcher.domain.item import STORED, Item, ItemKind, not_matched
from services.matcher.domain.kinds import PairKind
from services.matcher.encode.encoder import Encoded, Encoder
from services.matcher.encode.sparse import COLUMNS


class MatchSpace:
    """Items of all kinds, ready to be compared. One writer at a time; readers and the writer take `lock`.

    What a team lacks depends on the day, which the clock tells.
    """

    def __init__(
        self,
        codes: Codes,
        encoder: Encoder,
        items: Iterable[Item] = (),
        known: Known | None = None,
        clock: Clock | None = None,
    ) -> None:
        """`known`: rows that this encoder has made before. `clock`: the machine's, if none is given."""
        self.codes = codes
        self.lock = threading.RLock()
        self._encoder = encoder
        self._clock = clock or SystemClock()
        self._populations = _populations(list(items), encoder, codes, known or {})
        self._lacking: _Lacking | None = None

    @property
    def encoder(self) -> Encoder:
        """The encoder of all rows."""
        return self._encoder

    def population(self, kind: ItemKind) -> Population:
        """All items of one kind; the cells of the shortage map are made at the first question about them."""
        if kind is ItemKind.CELL and kind not in self._populations:
            self._populations = {**self._populations, kind: _cells(self.codes, self._encoder.dimensions)}
        return self._populations[kind]

    def anchors(self, kind: PairKind) -> Population:
        """The anchors of a kind as it sees them, in the rows of their population."""
        plain = self.population(kind.anchor)
        if not kind.by_gaps:
            return plain
        day, held = civil_date(self._clock.now()), self._lacking
        if held is None or (held.plain, held.revision, held.day) != (plain, plain.revision, day):
            before = held if held is not None and held.day == day else None
            held = self._lacking = _Lacking.of(plain, day, self.codes, before)
        return held.seen

    def across(self, kind: PairKind, *, forward: bool) -> Population:
        """The other side of a kind: its candidates, or its anchors as it sees them."""
        return self.population(kind.candidate) if forward else self.anchors(kind)

    def seen(self, kind: PairKind, item: Item) -> Item:
        """An item of a kind as it sees it."""
        if not kind.by_gaps or item.kind is not kind.anchor:
            return item
        return by_gaps(item, civil_date(self._clock.now()))

    def find(self, kind: ItemKind, id_: str) -> Item | None:
        """One item, or None."""
        population = self.population(kind)
        row = population.row_of.get(id_)
        return None if row is None else population.items[row]

    def item(self, kind: ItemKind, id_: str) -> Item:
        """One item. Raises NotFound."""
        found = self.find(kind, id_)
        if found is None:
            raise not_matched(kind, id_)
        return found

    def put(self, item: Item) -> bool:
        """Add or replace an item; false, and nothing done, for a version that is not newer."""
        return bool(self.put_all([item]))

    def put_all(self, items: Iterable[Item], sayings: Sayings | None = None) -> list[Item]:
        """Add or replace items, no two of one id; those whose version is newer than what is known. `sayings`: what is
        known of their texts.
        """
        with self.lock:
            news = [item for item in items if self._populations[item.kind].admits(item.id, item.version)]
            for kind in dict.fromkeys(item.kind for item in news):
                some = [item for item in news if item.kind is kind]
                self._populations[kind].put(some, self._encoder, sayings or Sayings())
            return news

    def remove(self, kind: ItemKind, id_: str, version: int) -> bool:
        """Forget an item; false, and nothing done, for a version that is not newer."""
        with self.lock:
            population = self._populations[kind]
            if not population.admits(id_, version):
                return False
            population.remove(id_, version)
            return True

    def fill(self, populations: Mapping[ItemKind, Population]) -> None:
        """Take over populations that were encoded with the space's encoder."""
        with self.lock:
            self._populations = {**self._populations, **populations}

    @property
    def size(self) -> int:
        """Number of stored items of all kinds."""
        return sum(self._populations[kind].size for kind in STORED)

    @property
    def text_count(self) -> int:
        """How many of them say anything."""
        return sum(int(np.count_nonzero(self._populations[kind].columns["text"])) for kind in STORED)

    def texts(self) -> list[str]:
        """Every text of every item, catalogue first: what an encoder is fitted on."""
        first = [ItemKind.DIRECTION, *(kind for kind in STORED if kind is not ItemKind.DIRECTION)]
        items = (item for kind in first for item in self._populations[kind].items)
        return [item.text for item in items if item.text.strip()]

    def adopt(self, encoder: Encoder) -> None:
        """Encode everything anew with another encoder, then swap; readers see the old rows or the new ones.

        Every score may have changed: standing lists must be recomputed.
        """
        with self.lock:
            items = [item for kind in STORED for item in self._populations[kind].items]
            fresh = _populations(items, encoder, self.codes, {})
            for kind, population in fresh.items():
                population.remember(self._populations[kind])
            self._populations, self._encoder = fresh, encoder


@dataclass(frozen=True, slots=True)
class _Lacking:
    """Teams seen by what they lack on a day, and of what they were made."""

    plain: Population
    revision: int
    day: date
    items: tuple[Item, ...]
    seen: Population

    @classmethod
    def of(cls, plain: Population, day: date, codes: Codes, before: "_Lacking | None") -> "_Lacking":
        """Teams that are the very ones of `before`, of the same day, are seen as they were."""
        known = {} if before is None else {id(item): row for row, item in enumerate(before.items)}
        rows = [known.get(id(item), -1) for item in plain.items]
        fresh = [row for row, at in enumerate(rows) if at < 0]
        if before is None or 2 * len(fresh) > len(rows):
            seen = plain.seen_as([by_gaps(item, day) for item in plain.items])
        else:
            items = [
                before.seen.items[at] if at >= 0 else by_gaps(item, day)
                for at, item in zip(rows, plain.items, strict=True)
            ]
            columns = before.seen.columns.take(np.array(rows, np.int64))
            new = Columns.of([items[row] for row in fresh], codes)
            for number, row in enumerate(fresh):
                columns.put(row, new, number)
            seen = plain.seen_as(items, columns)
        return cls(plain, plain.revision, day, tuple(plain.items), seen)


def _cells(codes: Codes, dimensions: int) -> Population:
    """Every cell of a direction, a city and a category. They have no text, and belong to no encoder."""
    cells = cell_items(codes)
    blank = np.zeros((len(cells), dimensions), np.float32)
    return Population.of(cells, Encoded(blank, csr_array((len(cells), COLUMNS), dtype=np.float32)), codes)


def _populations(
    items: Sequence[Item], encoder: Encoder, codes: Codes, known: Known
) -> Mapping[ItemKind, Population]:
    """Populations filled in one go; of several versions of one item the newest counts."""
    newest: dict[tuple[ItemKind, str], Item] = {}
    for item in sorted(items, key=lambda item: item.version):
        newest[item.kind, item.id] = item
    ordered = sorted(newest.values(), key=lambda item: (item.kind, item.id))
    groups = {kind: list(group) for kind, group in groupby(ordered, key=lambda item: item.kind)}
    populations: dict[ItemKind, Population] = {}
    for kind in STORED:
        group = groups.get(kind, [])
        populations[kind] = (
            population_of(group, known.get(kind), encoder, codes)
            if group
            else Population.of([], empty_encoding(encoder.dimensions), codes)
        )
    return populations
