"""Who belongs to a direction, and which firms to a mandate: made-up ones whose true shares are known.

Texts are made of the hand-written entries of the sample, which know nothing of the matcher's vocabulary. A fifth
declare one direction that is not theirs, with a text that does not bear it out. Right for a direction is who is mostly
of it, for a mandate which firm is mostly of its industries. Every query is answered by the search that FindMatches
runs, of the kind itself. Peers: BM25, TF-IDF and latent semantic analysis of the same texts, asked with the catalogue's
words of the directions, and the order by what is declared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.beside import alone, beside
from bench.quality.peers import PEERS
from bench.quality.ranking import Rankings, ranked
from bench.quality.texts import Task
from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.item import Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder
from services.sample.triples import Triple, load_triples

BELONGING = ("person-direction", "team-direction", "firm-direction")
FINANCED = "firm-fund"
NAMES = tuple(f"quality.{key.replace('-', '_')}." for key in (*BELONGING, FINANCED))
COUNT, FUNDS = 4_000, 40
WHOLE, MOSTLY = 1000, 500
_FALSE = 0.2
Shares = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Made:
    """Made-up items of one sort with their true shares, and what is asked of them: an anchor, its words, its scope."""

    items: Sequence[Item]
    truth: Sequence[dict[str, int]]
    anchors: Sequence[Item]
    words: Sequence[str]
    scopes: Sequence[frozenset[str]]


def measure(run: Run) -> Iterator[Row]:
    """A row for each kind beside the best of its peers, and a row for each of those."""
    with threadpool_limits(1):
        for key, name in zip((*BELONGING, FINANCED), NAMES, strict=True):
            if run.wants(name):
                yield from _rows(run, key, name)


def _rows(run: Run, key: str, name: str) -> Iterator[Row]:
    made = made_up(key, run.size(COUNT), run.seed)
    task = task_of(key, made)
    ours = rankings(key, made)
    peers = {each: ranked(score(task, run.seed)) for each, score in PEERS.items()}
    peers["declared"] = ranked(declared(made))
    row, _ = beside(run, f"{name}matcher", task, ours, peers, f"{len(made.items):,} made up; {{minus}}")
    yield row
    for each, found in peers.items():
        yield alone(run, f"{name}{each}", task, found)


def made_up(key: str, count: int, seed: int) -> Made:
    """`count` items of the sort that a kind finds, and its anchors: every direction with texts, or funds."""
    chance, triples, sort = np.random.default_rng(seed), load_triples(), KINDS[key].candidate
    leaves = sorted(triples)
    truth = [_truth(leaves, chance) for _ in range(count)]
    items = [
        Item(
            sort,
            f"{number:08d}",
            texts=_texts(sort, shares, triples, chance),
            leaves=_declared(shares, leaves, chance),
            city="suzhou",
            stage=Stage.SEED,
            purposes=frozenset(Purpose),
        )
        for number, shares in enumerate(truth)
    ]
    directions = {item.id: item for item in direction_items(load())}
    if key != FINANCED:
        anchors = [directions[leaf] for leaf in leaves]
        return Made(
            items, truth, anchors, [each.text for each in anchors], [frozenset({leaf}) for leaf in leaves]
        )
    industries = {leaf.code: leaf.industry for leaf in load().leaves}
    known = sorted({industries[leaf] for leaf in leaves})
    drawn = [chance.choice(known, chance.integers(1, 4), replace=False).tolist() for _ in range(FUNDS)]
    scopes = [frozenset(leaf for leaf in leaves if industries[leaf] in some) for some in drawn]
    funds = [
        Item(ItemKind.FUND, f"fund{number}", city="suzhou", mandate=Mandate(frozenset(some)))
        for number, some in enumerate(drawn)
    ]
    words = ["\n".join(directions[leaf].text for leaf in sorted(scope)) for scope in scopes]
    return Made(items, truth, funds, words, scopes)


def task_of(key: str, made: Made) -> Task:
    """What is right for each anchor: who is mostly of its scope."""
    right = [
        frozenset(
            number
            for number, shares in enumerate(made.truth)
            if sum(share for leaf, share in shares.items() if leaf in scope) >= MOSTLY
        )
        for scope in made.scopes
    ]
    asked = [number for number, each in enumerate(right) if each]
    return Task(
        key,
        [item.text for item in made.items],
        [made.words[number] for number in asked],
        [right[number] for number in asked],
        [None] * len(asked),
    )


def rankings(key: str, made: Made) -> Rankings:
    """Numbers of items, best first, as the product's search finds them for every anchor that somebody is right for."""
    catalogue = load()
    directions = direction_items(catalogue)
    encoder = LexicalEncoder.fitted([item.text for item in (*directions, *made.items)])
    funds = [each for each in made.anchors if each.kind is ItemKind.FUND]
    space = MatchSpace(codes_of(catalogue), encoder, (*directions, *made.items, *funds))
    finder = Finder(space, Pairs(space))
    return [
        np.array(
            [int(match.item.id) for match in finder.find(key, (anchor.kind, anchor.id), 1_000)], np.int64
        )
        for anchor in _asked(made)
    ]


def declared(made: Made) -> NDArray[np.float64]:
    """[anchors, items]: how much each declares of what is asked for."""
    scopes = [made.scopes[made.anchors.index(anchor)] for anchor in _asked(made)]
    shares = [dict(item.leaves) for item in made.items]
    return np.array(
        [[sum(share for leaf, share in of.items() if leaf in scope) for of in shares] for scope in scopes],
        float,
    )


def _asked(made: Made) -> list[Item]:
    """The anchors for which somebody is right, as `task_of` has them."""
    return [
        anchor
        for anchor, scope in zip(made.anchors, made.scopes, strict=True)
        if any(sum(of.get(leaf, 0) for leaf in scope) >= MOSTLY for of in made.truth)
    ]


def _truth(leaves: Sequence[str], chance: np.random.Generator) -> dict[str, int]:
    """Mostly of one direction; half of them partly of another."""
    main, other = chance.choice(leaves, 2, replace=False).tolist()
    share = int(chance.integers(600, WHOLE)) if chance.random() < 0.5 else WHOLE
    return {main: share} if share == WHOLE else {main: share, other: WHOLE - share}


def _texts(
    sort: ItemKind,
    shares: dict[str, int],
    triples: dict[str, tuple[Triple, ...]],
    chance: np.random.Generator,
) -> tuple[str, ...]:
    """The larger part of the text is of the direction that the item mostly is of."""
    found: list[str] = []
    for leaf, share in shares.items():
        entry = triples[leaf][int(chance.integers(len(triples[leaf])))]
        told = {
            ItemKind.FIRM: (entry.technology, entry.product, entry.application),
            ItemKind.TEAM: (entry.technology, entry.challenge, entry.application),
        }.get(sort, ("、".join(entry.skills), entry.challenge, entry.technology))
        found.extend(told if share >= MOSTLY else told[:1])
    return tuple(found)


def _declared(shares: dict[str, int], leaves: Sequence[str], chance: np.random.Generator) -> Shares:
    if chance.random() < _FALSE:
        return ((str(chance.choice(leaves)), WHOLE),)
    return tuple(shares.items())
