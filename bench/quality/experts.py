"""Whether who has written of a subject is found by a text of it, when all that is known of a person are papers.

People are made of the labelled texts of a folder: each has one to twelve, most of one label and the others of any, so
that one person's papers are of several subjects and the same paper may be several people's. Right for a text that asks
is who writes mostly of its label. The product compares a person by all papers together; peers do so with BM25, TF-IDF
and latent semantic analysis, or let each paper vote for whoever wrote it (Macdonald and Ounis 2006: the scores of the
papers found first are added up), by the root of how many a person has, since whoever wrote much has the most votes on
anything.

    make bench ONLY=quality.experts DATA="FOLDER [FOLDER ...]"
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from bench.harness import Row, Run
from bench.quality.beside import alone, beside
from bench.quality.peers import PEERS, Scores, bm25
from bench.quality.ranking import Rankings, ranked
from bench.quality.searching import Part, found
from bench.quality.texts import Task, read_task

NAMES = ("quality.experts.",)
OF_A_LABEL, MOST_PAPERS = 4, 12
_USUAL_PAPERS, _SPREAD = 4.0, 0.8
_LEAST_OWN = 0.5
VOTERS = 200


@dataclass(frozen=True, slots=True)
class People:
    """`wrote`: for each person the numbers of the papers; `subject`: the label that most of them are of."""

    wrote: Sequence[Sequence[int]]
    subject: Sequence[str]


def measure(run: Run) -> Iterator[Row]:
    """For every folder of labelled texts a row for the product and one for each peer."""
    with threadpool_limits(1):
        for folder in run.data:
            name = f"quality.experts.{folder.name}"
            if run.wants(name) and (papers := read_task(folder, run.limit)).labels:
                yield from _rows(run, name, papers)


def people_of(papers: Task, seed: int) -> People:
    """People made of labelled papers: some for every label."""
    chance = np.random.default_rng(seed)
    labels = np.array(papers.labels)
    wrote: list[list[int]] = []
    subject: list[str] = []
    for label in np.unique(labels).tolist():
        own = np.flatnonzero(labels == label)
        for _ in range(OF_A_LABEL):
            count = int(np.clip(chance.lognormal(np.log(_USUAL_PAPERS), _SPREAD), 1, MOST_PAPERS))
            mine = min(len(own), max(1, round(count * chance.uniform(_LEAST_OWN, 1.0))))
            others = min(count - mine, mine - 1)
            chosen = [*chance.choice(own, mine, replace=False), *chance.integers(0, len(labels), others)]
            wrote.append([int(each) for each in chance.permutation(chosen)])
            subject.append(label)
    return People(wrote, subject)


def finding_people(papers: Task, people: People) -> Task:
    """Find, with every text that asks, the people who write mostly of its label."""
    right = {
        label: frozenset(number for number, each in enumerate(people.subject) if each == label)
        for label in set(papers.wanted)
    }
    asked = [number for number, label in enumerate(papers.wanted) if right[label]]
    return Task(
        papers.name,
        ["\n".join(papers.documents[paper] for paper in wrote) for wrote in people.wrote],
        [papers.queries[number] for number in asked],
        [right[papers.wanted[number]] for number in asked],
        [None] * len(asked),
    )


def votes(scores: Scores, wrote: Sequence[Sequence[int]]) -> Scores:
    """[queries, people] of [queries, papers]: what the papers found first give to whoever wrote them."""
    wrote_it = np.zeros((scores.shape[1], len(wrote)))
    for number, papers in enumerate(wrote):
        wrote_it[np.unique(papers), number] = 1.0
    votes = np.zeros(scores.shape)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :VOTERS]
    np.put_along_axis(votes, best, np.take_along_axis(scores, best, 1), 1)
    return np.asarray(votes @ wrote_it / np.sqrt(wrote_it.sum(axis=0)))


def _rows(run: Run, name: str, papers: Task) -> Iterator[Row]:
    people = people_of(papers, run.seed)
    task = finding_people(papers, people)
    of_papers = Task(papers.name, papers.documents, task.queries, task.right, task.own)
    peers: dict[str, Rankings] = {peer: ranked(score(task, run.seed)) for peer, score in PEERS.items()}
    peers["votes"] = ranked(votes(bm25(of_papers, run.seed), people.wrote))
    ours = found(task, Part())
    note = f"{len(people.wrote)} made up; {{minus}}"
    row, _ = beside(run, f"{name}.lexical", task, ours, peers, note)
    yield row
    for peer, each in peers.items():
        yield alone(run, f"{name}.{peer}", task, each)
