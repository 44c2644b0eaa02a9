"""Requests: find the best matches, explain a pair, say why somebody is not on the list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from services.kernel.errors import InvalidArgument
from services.matcher.corpus.field import Field
from services.matcher.corpus.filtering import Among, RowFilter
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.sides import Side
from services.matcher.corpus.space import MatchSpace
from services.matcher.corpus.verdict import Change, Standing, Supposed, WhyNot, telling, verdict, worths
from services.matcher.domain.item import Item, ItemKind, not_matched
from services.matcher.domain.kinds import KINDS, PairKind, pair_kind
from services.matcher.domain.roles import Role, in_role
from services.matcher.score.block import Block, Mask, Pair
from services.matcher.score.explaining import Explanation, GateOutcome, explain_line, explain_pair
from services.matcher.score.hypotheses import Hypothesis, hypotheses, of_terms
from services.matcher.score.scoring import (
    contributions,
    features,
    gate_outcomes,
    log_odds,
    probability,
    score_block,
)

MAX_RESULTS = 1_000
MAX_TEXT = 50_000
Query = Item | tuple[ItemKind, str]
"""An item that is given, or one that is stored."""


@dataclass(frozen=True, slots=True)
class Match:
    """One result: who, on which place (from 1), with which score. Whether that is calibrated, its kind knows."""

    item: Item
    rank: int
    log_odds: float

    @property
    def probability(self) -> float:
        """Logistic function of the log-odds."""
        return probability(self.log_odds)


class Finder:
    """Answers requests over a match space. The queried item is stored (an id) or given (an `Item`).

    `kinds`: with the weights that stand; those set by hand without.
    """

    def __init__(self, space: MatchSpace, pairs: Pairs, kinds: Mapping[str, PairKind] | None = None) -> None:
        self._space = space
        self._pairs = pairs
        self._kinds = KINDS if kinds is None else kinds

    def in_role(self, key: str, role: Role) -> "Finder":
        """The same for who would have a role at a firm. Raises InvalidArgument (unknown kind, one without roles)."""
        return Finder(self._space, self._pairs, {**self._kinds, key: in_role(self.kind(key), role)})

    def find(self, kind: str, query: Query, k: int, wanted: RowFilter | None = None) -> list[Match]:
        """The k best on the other side of a kind of pairs, ties by id.

        A query of the anchor's kind finds candidates, one of the candidate's kind finds anchors. Raises
        InvalidArgument (unknown kind, k, text empty or too long, wrong sort of query), NotFound.
        """
        return self.search(kind, query, k, wanted)[0]

    def search(
        self, kind: str, query: Query, k: int, wanted: RowFilter | None = None
    ) -> tuple[list[Match], int]:
        """What `find` finds, and how many pass the gates and the filter. Raises as `find`."""
        self.kind(kind)
        if not 1 <= k <= MAX_RESULTS:
            raise InvalidArgument.field(
                "k", "K_OUT_OF_RANGE", f"k 应在 1 与 {MAX_RESULTS} 之间", f"k must be 1 to {MAX_RESULTS}"
            )
        return self.ranked(kind, query, k, wanted)

    def ranked(
        self, kind: str, query: Query, k: int, wanted: RowFilter | None = None
    ) -> tuple[list[Match], int]:
        """The same for any number, for who looks at more than are shown."""
        pair = self.kind(kind)
        with self._space.lock:
            side, forward = self._side(pair, query)
            population = self._space.population(pair.candidate if forward else pair.anchor)
            mask = None if wanted is None else wanted.mask(population.columns, self._space.codes)
            found = self._pairs.search(pair, side, k, mask, forward=forward)
            matches = [
                Match(population.items[population.row_of[place.id]], rank, place.log_odds)
                for rank, place in enumerate(found.best, start=1)
            ]
            return matches, found.admitted

    def passing(self, kind: str, query: Query) -> Mask:
        """Which rows of the other side pass every gate, whatever a filter says. Raises as `find`."""
        pair = self.kind(kind)
        with self._space.lock:
            side, forward = self._side(pair, query)
            return self._pairs.passed(pair, side, None, forward=forward)

    def shut(self, kind: str, query: Query) -> list[GateOutcome]:
        """The gates that leave nobody of the other side, whatever a filter says, as `Pairs.shut`. Raises as `find`."""
        pair = self.kind(kind)
        with self._space.lock:
            side, forward = self._side(pair, query)
            anchor = side.items[0] if forward else None
            names = self._pairs.shut(pair, side, forward=forward)
            return [GateOutcome.shut(name, anchor) for name in names]

    def admitted(self, kind: str, anchor: str, candidates: Sequence[str]) -> list[bool]:
        """Which stored candidates pass every gate with a stored anchor; all must be present."""
        with self._space.lock:
            scores = self._pairs.scores(self.kind(kind), [anchor], candidates)
            return [bool(score > -np.inf) for score in scores[0]]

    def explain(
        self, kind: str, anchor: Item | str, candidate: Item | str, *, terms: bool = True
    ) -> Explanation:
        """Why a pair scores as it does; either side stored (an id) or given. Raises NotFound.

        Without `terms` it is several times cheaper: for the rows of a list.
        """
        pair = self.kind(kind)
        with self._space.lock:
            one, other = self._item(pair.anchor, anchor), self._item(pair.candidate, candidate)
            block = self._block_of_one(pair, one, other)
            both = Pair(self._space.seen(pair, one), other)
            return explain_pair(pair, both, block, self._space.codes, self._space.encoder if terms else None)

    def explain_found(self, kind: str, query: Item, found: Sequence[Item]) -> list[Explanation]:
        """Why each that a search from `query` found scores as it does, without terms, as `explain` says it."""
        pair = self.kind(kind)
        forward = query.kind is pair.anchor
        pairs = [Pair(query, each) if forward else Pair(each, query) for each in found]
        with self._space.lock:
            pairs = [Pair(self._space.seen(pair, each.anchor), each.candidate) for each in pairs]
            block = self._line(pair, query, found)
            if block is None:
                return [self.explain(kind, each.anchor, each.candidate, terms=False) for each in pairs]
            return explain_line(pair, pairs, block, self._space.codes)

    def parts(self, kind: str, query: Item, found: Sequence[Item]) -> list[Mapping[str, float]]:
        """The contributions of each that a search from `query` found, by name."""
        pair = self.kind(kind)
        with self._space.lock:
            block = self._line(pair, query, found)
            if block is None:
                said = self.explain_found(kind, query, found)
                return [{part.name: part.value for part in each.contributions} for each in said]
            values = {name: each.ravel().tolist() for name, each in features(pair, block).items()}
            return [
                contributions(pair, {name: of[at] for name, of in values.items()}) for at in range(len(found))
            ]

    def _line(self, kind: PairKind, query: Item, found: Sequence[Item]) -> Block | None:
        """The pairs of one with several that are stored; None where they are not as they are held, or none."""
        forward = query.kind is kind.anchor
        others = self._stored(kind, kind.candidate if forward else kind.anchor, found)
        if others is None or not found:
            return None
        ours = self._stored_or_given(kind, query.kind, query)
        return self._pairs.block_of(*((ours, others) if forward else (others, ours)))

    def rank(self, kind: str, anchor: Item | str, candidate: Item) -> int:
        """A candidate's place among all that pass every gate with an anchor, from 1; 0 where it does not, or is not
        known. It is scored as it is given. Raises NotFound for an anchor that is not.
        """
        pair = self.kind(kind)
        with self._space.lock:
            population = self._space.population(pair.candidate)
            row = population.row_of.get(candidate.id)
            if row is None:
                return 0
            one = self._item(pair.anchor, anchor)
            own = float(score_block(pair, self._block_of_one(pair, one, candidate)).ranked()[0, 0])
            if own == -np.inf:
                return 0
            everybody = self._pairs.everybody(pair, self._stored_or_given(pair, pair.anchor, one))
            return Field(population.items, everybody).place(own, row)

    def why_not(
        self, kind: str, anchor: Item | str, candidate: str, k: int, among: Among | None = None
    ) -> WhyNot:
        """Why one that is stored is not among the k best of a search from the other side, and what would change it.

        The search starts from a stored anchor (its id), or from an item of either side. Raises NotFound.
        """
        pair = self.kind(kind)
        with self._space.lock:
            query = self._item(pair.anchor, anchor)
            sort = pair.candidate if query.kind is pair.anchor else pair.anchor
            asking = _Asking(pair, query, sort, among or Among())
            named = self._space.item(sort, candidate)
            both = asking.pair_with(named)
            explanation = self.explain(kind, both.anchor, both.candidate)
            standing = Standing(
                self._field(asking, query),
                self._space.population(sort).row_of[candidate],
                self._unmet(asking, named),
            )
            words = of_terms(both, explanation.terms)
            seen = Pair(self._space.seen(pair, both.anchor), both.candidate)
            facts = hypotheses(pair, seen, self._space.codes)
            supposed = self._supposed(asking, both, standing, [*words.values(), *facts])
            changes = tuple(
                self._change(asking, standing, each) for each in telling(explanation, standing, supposed)
            )
            worth = worths(explanation, dict(zip(words, supposed, strict=False)))
            return verdict(explanation, standing, k, changes, worth)

    def _supposed(
        self, asking: "_Asking", both: Pair, standing: Standing, some: Sequence[Hypothesis]
    ) -> list[Supposed]:
        """The score of a pair, and how much is shut to it, under each hypothesis of its candidate."""
        if not some:
            return []
        candidates = Side.given([each.candidate for each in some], self._space, both.candidate)
        anchor = self._stored_or_given(asking.kind, asking.kind.anchor, both.anchor)
        block = self._pairs.block_of(anchor, candidates)
        passed = np.stack([each[0] for each in gate_outcomes(asking.kind, block).values()])
        gates = np.count_nonzero(~passed, axis=0).tolist()
        values = log_odds(asking.kind, block)[0].tolist()
        return [
            Supposed(
                each,
                value,
                shut + bool(self._unmet(asking, each.candidate) if asking.forward else standing.unmet),
            )
            for each, value, shut in zip(some, values, gates, strict=True)
        ]

    def _change(self, asking: "_Asking", standing: Standing, supposed: Supposed) -> Change:
        """What becomes of the pair's place."""
        hypothesis, value, shut = supposed
        if shut:
            return Change(hypothesis, value, shut, 0)
        if asking.forward:
            return Change(hypothesis, value, shut, standing.field.place(value, standing.row))
        return Change(hypothesis, value, shut, self._field(asking, hypothesis.candidate).rank(standing.row))

    def _field(self, asking: "_Asking", query: Item) -> Field:
        """The scores of all whom a search from `query` looks at; minus infinity for those it leaves out."""
        population = self._space.population(asking.sort)
        side = self._stored_or_given(asking.kind, query.kind, query)
        scores = self._pairs.everybody(asking.kind, side, forward=asking.forward)
        for mask in asking.among.masks(population.columns, self._space.codes):
            scores = np.where(mask, scores, -np.inf)
        return Field(population.items, scores)

    def _unmet(self, asking: "_Asking", named: Item) -> tuple[str, ...]:
        conditions = asking.among.conditions
        if conditions is None:
            return ()
        side = self._stored_or_given(None, named.kind, named)
        return conditions.unmet(side.columns, self._space.codes)

    def kind(self, key: str) -> PairKind:
        """The kind as it is weighed now. Raises InvalidArgument UNKNOWN_PAIR_KIND."""
        return self._kinds[pair_kind(key).key]

    def _item(self, kind: ItemKind, given: Item | str) -> Item:
        return given if isinstance(given, Item) else self._space.item(kind, given)

    def _side(self, kind: PairKind, query: Query) -> tuple[Side, bool]:
        sort = query.kind if isinstance(query, Item) else query[0]
        if sort not in (kind.anchor, kind.candidate):
            raise InvalidArgument.field(
                "anchor",
                "WRONG_ANCHOR",
                f"配对类型 {kind.key} 只能从 {kind.anchor} 或 {kind.candidate} 出发",
                f"pairs of kind {kind.key} start from a {kind.anchor} or a {kind.candidate}",
            )
        if isinstance(query, Item):
            seen = self._space.seen(kind, _checked(query))
            return Side.given([seen], self._space), sort is kind.anchor
        population = self._space.across(kind, forward=sort is not kind.anchor)
        if query[1] not in population.row_of:
            raise not_matched(sort, query[1])
        return Side.stored(population, population.rows([query[1]])), sort is kind.anchor

    def _block_of_one(self, kind: PairKind, anchor: Item, candidate: Item) -> Block:
        one = self._stored_or_given(kind, kind.anchor, anchor)
        return self._pairs.block_of(one, self._stored_or_given(kind, kind.candidate, candidate))

    def _stored_or_given(self, kind: PairKind | None, sort: ItemKind, item: Item) -> Side:
        """An item as a kind sees it; as it is for none."""
        stored = self._stored(kind, sort, [item])
        if stored is not None:
            return stored
        return Side.given([item if kind is None else self._space.seen(kind, item)], self._space)

    def _stored(self, kind: PairKind | None, sort: ItemKind, some: Sequence[Item]) -> Side | None:
        """Items as the space holds them; None if it holds one of them otherwise or not at all."""
        population = self._space.population(sort)
        rows = [population.row_of.get(each.id, -1) for each in some]
        held = [None if row < 0 else population.items[row] for row in rows]
        if any(one is not other and one != other for one, other in zip(held, some, strict=True)):
            return None
        if kind is not None and sort is kind.anchor:
            population = self._space.anchors(kind)
        return Side.stored(population, np.array(rows, np.int64))


@dataclass(frozen=True, slots=True)
class _Asking:
    """A search from an item for one `sort` of the others."""

    kind: PairKind
    query: Item
    sort: ItemKind
    among: Among

    @property
    def forward(self) -> bool:
        """Whether candidates are looked for, and not anchors."""
        return self.query.kind is self.kind.anchor

    def pair_with(self, found: Item) -> Pair:
        """The pair with one of those it looks for."""
        return Pair(self.query, found) if self.forward else Pair(found, self.query)


def _checked(item: Item) -> Item:
    if not item.text.strip() and not item.leaves:
        raise InvalidArgument.field(
            "text", "QUERY_EMPTY", "请给出文本或方向", "give a text or a direction to search with"
        )
    if len(item.text) > MAX_TEXT:
        raise InvalidArgument.field(
            "text",
            "TEXT_TOO_LONG",
            f"文本不得超过 {MAX_TEXT} 字",
            f"the text must not exceed {MAX_TEXT} characters",
        )
    return item
