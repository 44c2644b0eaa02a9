"""The matcher in memory: encoder, match space, standing lists, and the requests over them."""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from services.catalogue import Catalogue
from services.chassis.telemetry.logs import log
from services.kernel.clock import Clock
from services.kernel.side_by_side import beside
from services.matcher.corpus.encoding import rows_at_hand, rows_of
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.population import PLACED, columns_with_text
from services.matcher.corpus.said import Sayings
from services.matcher.corpus.snapshot import Covers, read_snapshot, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.columns import Columns
from services.matcher.domain.item import STORED, Item, ItemKind
from services.matcher.domain.kinds import KINDS, STANDING, PairKind, Weighing
from services.matcher.domain.known import Known
from services.matcher.domain.made_with import MadeWith
from services.matcher.encode.encoder import Encoder, Family
from services.matcher.encode.lexical import LexicalFamily
from services.matcher.index.directory import SnapshotUnusable
from services.matcher.lists.delta import Delta, ListKey, Places
from services.matcher.lists.standing import Changes, StandingLists
from services.matcher.score.scoring import EDITION
from services.matcher.service.reencoding import Successor, telling
from services.matcher.service.routing import AnchorKey, Route, Told, route_of, routed

LEAST_CORPUS = 200
GROWTH = 2.0
_STAMP = 12
BULK = 500
_BULK_PART = 4


class View(NamedTuple):
    """What readers use: both belong together and are replaced together."""

    space: MatchSpace
    finder: Finder


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds: items that the lists have followed, the lists, and by what encoder and catalogue they
    were made.

    `lost_routes`: under which routes lists were told whose anchors are among what still is to be followed. `offsets`:
    how far each topic was read.
    """

    known: Sequence[Known]
    lists: Mapping[ListKey, Places]
    made_by: str | None
    lost_routes: Mapping[AnchorKey, Route]
    weighings: Sequence[Weighing] = ()
    offsets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Followed:
    """What some changes led to: what to tell, the lists that are not what they were, and whether all is anew."""

    told: list[Told]
    lists: Mapping[ListKey, Places]
    anew: bool


class Engine:
    """One writer, many readers: `load` and `follow` are for the writer, the finder is safe for everybody.

    The encoder is fitted on the catalogue at first, on everything once there are LEAST_CORPUS texts, and again
    whenever they have grown by GROWTH since; the snapshot keeps it. Another encoder means all lists anew. One of
    another family than the one that stands, or of a family that is slow, is made beside it (`outdated`, `succeed`):
    until its rows are whole, changes are followed and requests answered by the old one.

    `unsaved`: how many changes the snapshot has not seen. `stale`: the stored lists were made with an encoder that is
    lost, or by another edition of the catalogue; the next `follow` computes them anew.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        directory: Path,
        family: Family | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.catalogue, self._clock = catalogue, clock
        self.family: Family = family or LexicalFamily()
        self._successor: Successor | None = None
        self._directory = directory / "snapshot"
        self._codes = codes_of(catalogue)
        self._directions = direction_items(catalogue)
        self._fitted_on = 0
        self.stale = False
        self.unsaved = 0
        self.offsets: Mapping[str, int] = {}
        self._lost_routes: Mapping[AnchorKey, Route] = {}
        self._weighings: Sequence[Weighing] = ()
        self._kinds: Mapping[str, PairKind] = KINDS
        self._bind(MatchSpace(self._codes, self._first_encoder(None), self._directions, clock=clock))

    @property
    def version(self) -> str:
        """What scores are made with: the encoder, the edition of the features, and weights where they were learnt."""
        learnt = [f"{key}={kind.model}" for key, kind in sorted(self._kinds.items()) if kind.model]
        weights = sha256(";".join(learnt).encode()).hexdigest()[:16] if learnt else ""
        return str(MadeWith(self.space.encoder.version, str(EDITION), weights))

    def weigh(self, weighings: Sequence[Weighing]) -> None:
        """Score with these weights from the next `follow` on, which then computes all lists anew.

        Those learnt with another family of encoders than the one that stands wait until that one stands again.
        """
        self._weighings = tuple(weighings)
        kinds = self._weighed(self.space.encoder.family)
        if kinds != self._kinds:
            self._kinds, self.stale = kinds, True

    def kind(self, key: str) -> PairKind:
        """A kind with the weights that stand."""
        return self._kinds[key]

    @property
    def space(self) -> MatchSpace:
        """Everything that can be matched now."""
        return self.view.space

    @property
    def made_by(self) -> str:
        """What stored lists are made by: that, the edition of the catalogue whose directions have lists, and the words
        by which texts are placed.
        """
        return f"{self.version}@{self.catalogue.version}.{self._codes.stamp[:_STAMP]}"

    @property
    def due(self) -> bool:
        """Whether there is something to follow although no item has changed."""
        return self.stale or self._successor is not None

    @property
    def outdated(self) -> bool:
        """Whether an encoder is wanted that has to be made beside the one that stands."""
        if self.space.encoder.family != self.family.name:
            return True
        return not self.family.in_step and self._too_few(self.space.text_count)

    def succeed(self, successor: Successor) -> None:
        """From the next `follow` on, encode with this."""
        self._successor = successor

    def knows_direction(self, code: str) -> bool:
        """Whether today's catalogue has this direction."""
        return code in self._codes.leaf_number

    def load(self, stored: Stored) -> None:
        """Take over stored items and lists; encoded rows come from the snapshot where it still holds.

        Lists made with another encoder than the snapshot's, or another catalogue, are stale.
        """
        items = [*self._directions, *(each.item for each in stored.known if each.item is not None)]
        try:
            space, covers = read_snapshot(
                self._directory, items, self._codes, (self.family,), clock=self._clock
            )
            _require_past(covers.offsets, stored.offsets)
            self._fitted_on = covers.fitted_on
        except SnapshotUnusable as reason:
            log(logging.INFO, "the index is built anew", reason=reason.text.en)
            encoder = self._first_encoder(stored.made_by)
            space = MatchSpace(self._codes, encoder, items, clock=self._clock)
            self._fitted_on = 0
        self.offsets = stored.offsets
        self._weighings = tuple(stored.weighings)
        self._bind(space)
        self.stale = bool(stored.lists) and self.made_by != stored.made_by
        self._lost_routes = stored.lost_routes
        self.lists.restore(stored.lists)

    def follow(self, changed: list[Known], sayings: Sayings | None = None) -> Followed:
        """Take over these changes. `sayings`: what is known of their texts.

        Another encoder, or a corpus that has doubled since it was fitted, makes all anew; so many changes that most
        lists are concerned are taken over first, and the lists are computed once at the end.
        """
        successor, self._successor = self._successor, None
        refit = bool(self.stale or successor or self._outgrown(changed))
        bulk = len(changed) >= BULK and len(changed) * _BULK_PART >= self.space.size
        self.stale = False
        self.unsaved += len(changed)
        present = {key: route for each in changed if (route := self._route(key := (each.kind, each.id)))}
        old = {**self._lost_routes, **present}
        before = self._lists_of(old)
        sayings = sayings or Sayings()
        deltas = (
            self._rebuild(changed, successor, sayings)
            if refit
            else self._step(changed, sayings, recompute=bulk)
        )
        told = routed(deltas, (before, self._lists_of(old)), old, self._route)
        self._lost_routes = {}
        return Followed(told, self.lists.take_touched(), refit or bulk)

    def _route(self, key: AnchorKey) -> Route | None:
        item = self.item(*key)
        return None if item is None else route_of(item, self._codes)

    def _lists_of(self, anchors: Iterable[AnchorKey]) -> Mapping[ListKey, Places]:
        """The lists of some anchors that are not empty."""
        keys = [(kind.key, id_) for sort, id_ in anchors for kind in STANDING if kind.anchor is sort]
        return {key: places for key in keys if (places := self.lists.places(*key))}

    def _step(self, changed: list[Known], sayings: Sayings, *, recompute: bool) -> list[Delta]:
        kept = self.space.put_all((each.item for each in changed if each.item is not None), sayings)
        removed = [
            (each.kind, each.id)
            for each in changed
            if each.item is None and self.space.remove(each.kind, each.id, each.version)
        ]
        if recompute:
            return self.lists.recompute()
        return self.lists.update(Changes.of([(item.kind, item.id) for item in kept], removed))

    def save(self) -> None:
        """Write the snapshot that shortens the next start; what is gone by now is in no snapshot any more."""
        self.unsaved = 0
        write_snapshot(self._directory, self.space, Covers(self.offsets, self._fitted_on))

    def item(self, kind: ItemKind, id_: str) -> Item | None:
        """The item in use, or None."""
        population = self.space.population(kind)
        row = population.row_of.get(id_)
        return None if row is None else population.items[row]

    def _rebuild(self, changed: list[Known], successor: Successor | None, sayings: Sayings) -> list[Delta]:
        items = {(item.kind, item.id): item for kind in STORED for item in self.space.population(kind).items}
        for each in changed:
            items.pop((each.kind, each.id), None)
            if each.item is not None:
                items[each.kind, each.id] = each.item
        following = successor or self._refitted(items.values(), sayings)
        space = MatchSpace(self._codes, following.encoder, items.values(), following.rows, clock=self._clock)
        self._fitted_on = following.fitted_on
        for kind in STORED:
            space.population(kind).remember(self.space.population(kind))
        for each in changed:
            if each.item is None:
                space.population(each.kind).remove(each.id, each.version)
        before = self.lists.all()
        self._bind(space)
        self.lists.restore(before)
        return self.lists.recompute()

    def _outgrown(self, changed: Sequence[Known]) -> bool:
        """Whether several new texts make the corpus too large for the encoder."""
        new = sum(each.item is not None and self.item(each.kind, each.id) is None for each in changed)
        return new > 1 and self.family.in_step and self._too_few(self.space.text_count + new)

    def _refitted(self, items: Collection[Item], sayings: Sayings) -> Successor:
        """An encoder fitted on these, where they have grown and it is done at once; the one that stands otherwise."""
        told = telling(items)
        if self.family.in_step and self._too_few(len(told)) and not self.outdated:
            texts = [item.text for item in told]
            found = sayings.of(self._codes, texts, [item.kind in PLACED for item in told])
            # Most of the fitting keeps one core busy, outside the interpreter.
            fitting = beside(lambda: self.family.fitted_rows(texts, found.counts))
            columns = Columns.of(told, self._codes)
            encoder, encoded = fitting.result()
            columns = columns_with_text(told, encoded, self._codes, found.placed, columns)
            return Successor(encoder, rows_of(told, encoded, columns), len(told))
        rows = rows_at_hand(self.space.population(kind) for kind in STORED if kind is not ItemKind.DIRECTION)
        return Successor(self.space.encoder, rows, self._fitted_on)

    def _too_few(self, texts: int) -> bool:
        return texts >= LEAST_CORPUS + len(self._directions) and texts >= GROWTH * max(self._fitted_on, 1)

    def _first_encoder(self, made_by: str | None) -> Encoder:
        """One fitted on the catalogue; the default's until a slow one is made, unless that made the stored lists."""
        ours = self.family.in_step or (made_by or "").startswith(self.family.name)
        family = self.family if ours else LexicalFamily()
        return family.fitted([item.text for item in self._directions])

    def _weighed(self, family: str) -> Mapping[str, PairKind]:
        kinds = dict(KINDS)
        for each in self._weighings:
            kinds[each.kind] = kinds[each.kind].weighed(each, family)
        return kinds

    def _bind(self, space: MatchSpace) -> None:
        pairs = Pairs(space)
        self._kinds = self._weighed(space.encoder.family)
        if unused := sorted({each.kind for each in self._weighings if not self._kinds[each.kind].model}):
            log(logging.INFO, "weights learnt with another encoder are not used", kinds=unused)
        self.view = View(space, Finder(space, pairs, self._kinds))
        self.lists = StandingLists([self._kinds[kind.key] for kind in STANDING], pairs)


def _require_past(covered: Mapping[str, int], read: Mapping[str, int]) -> None:
    """Raises SnapshotUnusable: the database was put back to before the snapshot, so that versions may come again."""
    ahead = [topic for topic, offset in covered.items() if offset > read.get(topic, 0)]
    if ahead:
        raise SnapshotUnusable.because("快照晚于数据库", f"it is later than the database: {', '.join(ahead)}")
