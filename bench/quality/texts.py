"""Folders of texts to measure on: what is to be found, with what, and what is right.

A folder of the first sort holds `corpus.jsonl` {id, text} and `queries.jsonl` {id, text, gold: [ids]}, one of the
second `train.jsonl` and `dev.jsonl` {text, label}. A query that is itself a document of the corpus does not find
itself.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Task:
    """`right` holds, for every query, the numbers of the right documents; `own` the query's own number, if any.

    `labels` are those of the documents and `wanted` those of the queries, where texts are to be labelled by
    their neighbours; both are empty otherwise.
    """

    name: str
    documents: Sequence[str]
    queries: Sequence[str]
    right: Sequence[frozenset[int]]
    own: Sequence[int | None]
    labels: Sequence[str] = ()
    wanted: Sequence[str] = ()

    @property
    def metric(self) -> str:
        """Mean reciprocal rank where one document is right, mean average precision where several are."""
        if self.labels:
            return "macro-F1"
        return "MRR" if all(len(each) == 1 for each in self.right) else "MAP"


def read_task(folder: Path, most: int | None = None) -> Task:
    """The task in a folder; `most`: only so many of its queries, for a trial."""
    if (folder / "train.jsonl").exists():
        return _labelling(folder, most)
    documents, queries = _lines(folder / "corpus.jsonl"), _lines(folder / "queries.jsonl")[:most]
    number = {entry["id"]: place for place, entry in enumerate(documents)}
    return Task(
        folder.name,
        [entry["text"] for entry in documents],
        [entry["text"] for entry in queries],
        [frozenset(number[each] for each in entry["gold"]) for entry in queries],
        [number.get(entry["id"]) for entry in queries],
    )


def _labelling(folder: Path, most: int | None) -> Task:
    known, asked = _lines(folder / "train.jsonl"), _lines(folder / "dev.jsonl")[:most]
    return Task(
        folder.name,
        [entry["text"] for entry in known],
        [entry["text"] for entry in asked],
        [frozenset()] * len(asked),
        [None] * len(asked),
        [entry["label"] for entry in known],
        [entry["label"] for entry in asked],
    )


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]
