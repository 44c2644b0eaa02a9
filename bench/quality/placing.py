"""Whether texts are placed where they belong: `sentences.jsonl` {text, leaf, lang, sort}, written by hand for every
direction and for other fields (`none`) by somebody who had not seen the vocabulary, and never used to choose its words.

A text is where its largest share is, as PlaceAnchor tells, and nowhere if it has none. Peers place it with the
direction whose words in the catalogue are the nearest by BM25, TF-IDF or latent semantic analysis; they have no
answer that says nowhere.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.peers import PEERS
from bench.quality.texts import Task
from services.catalogue import Catalogue, load
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.placement import place

NAMES = ("quality.placing.",)
NONE = "none"
SENTENCES = Path(__file__).with_name("sentences.jsonl")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with the code of the leaf that it is of, or `none`; `lang` is `zh` or `en`."""

    text: str
    leaf: str
    lang: str
    sort: str


def measure(run: Run) -> Iterator[Row]:
    """Rows for leaves and industries beside the best peer of each, and for texts of other fields."""
    if not any(run.wants(f"{NAMES[0]}{each}") for each in ("leaf", "industry", "none")):
        return
    catalogue, sentences = load(), read(SENTENCES)
    industries = {leaf.code: leaf.industry for leaf in catalogue.leaves}
    industries |= {each.id: each.id for each in catalogue.industries}
    ours = placed(catalogue, sentences)
    of_a_leaf = [number for number, each in enumerate(sentences) if each.leaf != NONE]
    with threadpool_limits(1):
        peers = nearest(catalogue, [sentences[number] for number in of_a_leaf], run.seed)
    for name, group in (("leaf", {code: code for code in industries}), ("industry", industries)):
        wanted = [group[sentences[number].leaf] for number in of_a_leaf]
        right = [group.get(ours[number]) == each for number, each in zip(of_a_leaf, wanted, strict=True)]
        figures = {
            peer: float(np.mean([group[code] == each for code, each in zip(codes, wanted, strict=True)]))
            for peer, codes in peers.items()
        }
        best = max(figures, key=lambda peer: figures[peer])
        languages = [sentences[number].lang for number in of_a_leaf]
        yield run.row(
            f"quality.placing.{name}",
            float(np.mean(right)),
            "share of texts placed rightly",
            n=len(right),
            peer=best,
            peer_value=figures[best],
            bar=1.0,
            lower_is_better=False,
            note="; ".join(_told(each, languages, right) for each in sorted(set(languages))),
        )
    others = [ours[number] == NONE for number, each in enumerate(sentences) if each.leaf == NONE]
    if others:
        yield run.row(
            "quality.placing.none",
            float(np.mean(others)),
            "share of texts of other fields that are placed nowhere",
            n=len(others),
            lower_is_better=False,
        )


def read(path: Path) -> list[Sentence]:
    """The sentences of a file."""
    with path.open(encoding="utf-8") as file:
        return [Sentence(**json.loads(line)) for line in file if line.strip()]


def placed(catalogue: Catalogue, sentences: Sequence[Sentence]) -> list[str]:
    """For each the code of its largest share, of a leaf or of an industry as a whole; `none` where there is none."""
    wording = codes_of(catalogue).wording
    found = [place(wording, each.text).shares for each in sentences]
    return [shares[0].code if shares else NONE for shares in found]


def nearest(catalogue: Catalogue, sentences: Sequence[Sentence], seed: int) -> dict[str, list[str]]:
    """For each peer the code of the leaf whose words are nearest to each sentence."""
    directions = direction_items(catalogue)
    asked = [each.text for each in sentences]
    texts = [each.text for each in directions]
    task = Task("placing", texts, asked, [frozenset()] * len(asked), [None] * len(asked))
    return {
        peer: [directions[at].id for at in np.argmax(score(task, seed), axis=1).tolist()]
        for peer, score in PEERS.items()
    }


def _told(language: str, languages: Sequence[str], right: Sequence[bool]) -> str:
    of_it = [each for each, lang in zip(right, languages, strict=True) if lang == language]
    return f"{language} {np.mean(of_it):.3f} of {len(of_it):,}"
