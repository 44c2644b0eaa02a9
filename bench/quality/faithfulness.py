"""Whether explanations are true: taking the term that is named first out of the candidate's text lowers the score.

Pairs are the queries of a folder and the first three that the product's search finds for each. Peer: as many
characters taken out anywhere else in the text, which ought to lower it less often.

    make bench ONLY=quality.explain DATA="FOLDER [FOLDER ...]"
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.searching import KIND, STANDARD, asked, searching
from bench.quality.texts import Task, read_task
from services.matcher.encode.grams import normalise
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score.hypotheses import without

NAMES = ("quality.explain.",)
QUERIES, DEPTH = 300, 3
_LEAST = 0.95


def measure(run: Run) -> Iterator[Row]:
    """A row for every folder with queries."""
    with threadpool_limits(1):
        for folder in run.data:
            name = f"quality.explain.{folder.name}.faithful"
            if run.wants(name):
                yield from _rows(run, name, read_task(folder, run.size(QUERIES)))


def _rows(run: Run, name: str, task: Task) -> Iterator[Row]:
    finder, chance = (
        searching(task, LexicalEncoder.fitted(task.documents, STANDARD)),
        np.random.default_rng(run.seed),
    )
    lowered: list[bool] = []
    elsewhere: list[bool] = []
    for query in map(asked, task.queries):
        for match in finder.find(KIND, query, DEPTH):
            explained = finder.explain(KIND, query, match.item)
            if explained.terms.matched:
                term = explained.terms.matched[0].text
                for results, texts in (
                    (lowered, without(match.item.texts, term)),
                    (elsewhere, (_cut(match.item.text, len(term), chance),)),
                ):
                    changed = replace(match.item, id="", texts=texts)
                    score = finder.explain(KIND, query, changed, terms=False).log_odds
                    results.append(score < explained.log_odds)
    if not lowered:  # no pair has a term that is named
        return
    share = float(np.mean(lowered))
    yield run.row(
        name,
        share,
        "share of pairs whose score falls",
        n=len(lowered),
        peer="the least it may be",
        peer_value=_LEAST,
        bar=1.0,
        lower_is_better=False,
        note=f"as many characters elsewhere: {np.mean(elsewhere):.3f}",
    )


def _cut(text: str, length: int, chance: np.random.Generator) -> str:
    whole = normalise(text)
    start = int(chance.integers(0, max(1, len(whole) - length)))
    return f"{whole[:start]} {whole[start + length :]}"
