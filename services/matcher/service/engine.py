"""The matcher in memory: encoder, match space, standing lists, and the requests over them."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from services.catalogue import Catalogue
from services.chassis.telemetry.logs import log
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.snapshot import read_snapshot, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.known import Known
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.index.directory import SnapshotUnusable
from services.matcher.lists.delta import Delta, ListKey, Places
from services.matcher.lists.standing import Changes, StandingLists

LEAST_CORPUS = 200
GROWTH = 2.0
BULK = 500


class Engine:
    """One writer, many readers: `load` and `follow` are for the writer, the finder is safe for everybody.

    `stale`: the stored lists were made with an encoder that is lost; the next `follow` computes them anew.
    """

    def __init__(self, catalogue: Catalogue, directory: Path) -> None:
        self._catalogue = catalogue
        self._directory = directory / "snapshot"
        self._codes = codes_of(catalogue)
        self._directions = direction_items(catalogue)
        self._fitted_on = 0
        self.stale = False
        self.space = MatchSpace(self._codes, self._first_encoder(), self._directions)
        self._bind()

    def load(self, known: Iterable[Known], lists: Mapping[ListKey, Places]) -> None:
        """Take over stored items and lists; encoded rows come from the snapshot where it still holds."""
        items = [*self._directions, *(each.item for each in known if each.item is not None)]
        try:
            self.space, facts = read_snapshot(self._directory, items, self._codes)
            self._fitted_on = facts.get("fitted_on", 0)
            self.stale = False
        except SnapshotUnusable as reason:
            log(logging.INFO, "the index is built anew", reason=reason.text.en)
            self.space = MatchSpace(self._codes, self._first_encoder(), items)
            self._fitted_on = 0
            self.stale = bool(lists)
        self._bind()
        self.lists.restore(lists)

    def follow(self, changed: list[Known]) -> tuple[list[Delta], bool]:
        """The deltas after these changes, and whether everything was computed anew.

        Many changes at once, or a corpus that has doubled since the encoder was fitted, rebuild all.
        """
        if self.stale or len(changed) >= BULK or self._outgrown(len(changed)):
            self.stale = False
            return self._rebuild(changed), True
        put: list[tuple[ItemKind, str]] = []
        removed: list[tuple[ItemKind, str]] = []
        for each in changed:
            if each.item is not None:
                if self.space.put(each.item):
                    put.append((each.kind, each.id))
            elif self.space.remove(each.kind, each.id, each.version):
                removed.append((each.kind, each.id))
        return self.lists.update(Changes.of(put, removed)), False

    def save(self) -> None:
        """Write the snapshot that shortens the next start."""
        write_snapshot(self._directory, self.space, {"fitted_on": self._fitted_on})

    def item(self, kind: ItemKind, id_: str) -> Item | None:
        """The item in use, or None."""
        population = self.space.population(kind)
        row = population.row_of.get(id_)
        return None if row is None else population.items[row]

    def _rebuild(self, changed: list[Known]) -> list[Delta]:
        items = {
            (item.kind, item.id): item for kind in ItemKind for item in self.space.population(kind).items
        }
        for each in changed:
            items.pop((each.kind, each.id), None)
            if each.item is not None:
                items[each.kind, each.id] = each.item
        encoder = self.space.encoder
        texts = [item.text for item in items.values() if item.text.strip()]
        if self._too_few(len(texts)):
            encoder = LexicalEncoder.fitted(texts)
            self._fitted_on = len(texts)
        space = MatchSpace(self._codes, encoder, items.values())
        for kind in ItemKind:
            space.population(kind).remember(self.space.population(kind))
        for each in changed:
            if each.item is None:
                space.population(each.kind).remove(each.id, each.version)
        before = self.lists.all()
        self.space = space
        self._bind()
        self.lists.restore(before)
        return self.lists.recompute()

    def _outgrown(self, arriving: int) -> bool:
        return self._too_few(len(self.space.texts()) + arriving) if arriving > 1 else False

    def _too_few(self, texts: int) -> bool:
        return texts >= LEAST_CORPUS + len(self._directions) and texts >= GROWTH * max(self._fitted_on, 1)

    def _first_encoder(self) -> LexicalEncoder:
        return LexicalEncoder.fitted([item.text for item in self._directions])

    def _bind(self) -> None:
        pairs = Pairs(self.space)
        self.finder = Finder(self.space, pairs)
        self.lists = StandingLists(list(KINDS.values()), pairs)
