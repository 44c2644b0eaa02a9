"""What each stage of the way asks for before a deal may go on, and how many of its deals have it (完备率).

What is asked is read from the state machine: the documents of every step that leads on from the stage, and the facts
that the guards of these steps look at and that people have to see to. The documents of two outside experts, which only
a deal that rests on unproved rights needs, are not counted; the actions of the deal name them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Transition
from services.funding.domain.deal.edges import EDGES
from services.funding.domain.deal.evidence import ONCE, Evidence, EvidenceKind, Requirement, missing_evidence
from services.funding.domain.deal.guards import FEWEST_IN_TEAM
from services.funding.domain.deal.states import PIPELINE, DealState
from services.kernel.text import Text


class Fact(StrEnum):
    """What people see to, beside documents."""

    TEAM = "TEAM"
    INTERESTS = "INTERESTS"
    VOTE = "VOTE"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _FACTS[self]


_FACTS = {
    Fact.TEAM: Text("尽调团队两人以上", "a team of two or more"),
    Fact.INTERESTS: Text("项目组均已声明利益冲突", "interests declared by the whole team"),
    Fact.VOTE: Text("本轮表决已结束", "a closed vote of this round"),
}
_FACTS_OF = {
    DealState.INITIATED: (Fact.TEAM, Fact.INTERESTS),
    DealState.DUE_DILIGENCE: (Fact.INTERESTS,),
    DealState.IC_INTERNAL: (Fact.INTERESTS, Fact.VOTE),
    DealState.IC_EXTERNAL: (Fact.INTERESTS, Fact.VOTE),
}
Asked = EvidenceKind | Fact


@dataclass(frozen=True)
class Standing:
    """A deal on the board as far as this goes. `state`: its stage, a `parked` one's where it was parked; `documents`
    are those of its register, `team` its people, `undeclared` those of them who have not declared, `voted` whether a
    vote of this round is closed.
    """

    deal_id: str
    firm_name: str
    state: DealState
    transitions: Sequence[Transition]
    documents: Sequence[Evidence]
    team: frozenset[str]
    undeclared: frozenset[str]
    voted: bool
    parked: bool = False

    def has(self, asked: Asked, at: datetime) -> bool:
        """Whether it has what is asked, as of an instant."""
        if isinstance(asked, Fact):
            return {
                Fact.TEAM: len(self.team) >= FEWEST_IN_TEAM,
                Fact.INTERESTS: bool(self.team) and not self.undeclared,
                Fact.VOTE: self.voted,
            }[asked]
        brought = [each for step in self.transitions for each in step.evidence if each.kind is asked]
        spent = frozenset(each.sha256 for each in brought if asked in ONCE)
        filed = [each for each in self.documents if each.kind is asked]
        return not missing_evidence((Requirement(asked),), (*filed, *brought), spent, at)


class Lacking(NamedTuple):
    """A deal that lacks something, by the name of its firm."""

    firm_name: str
    deal_id: str


@dataclass(frozen=True)
class Item:
    """One thing that a stage asks for: how many of its deals have it, and those that do not, by firm."""

    asked: Asked
    have: int
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True)
class StageCompletion:
    """A stage: its deals, how many of them are parked, how many have all that it asks for, and thing by thing."""

    state: DealState
    deals: int
    parked: int
    complete: int
    items: tuple[Item, ...]


def asked_of(state: DealState) -> tuple[Asked, ...]:
    """What a deal needs to go on from a stage: facts first, then documents in the order of the machine."""
    place = PIPELINE.index(state)
    ahead = {*PIPELINE[place:], DealState.INVESTED}
    kinds = [
        required.kind
        for edge in EDGES.values()
        if edge.source is state and edge.target in ahead and edge.action is not Action.IMPORT
        for required in edge.requires
    ]
    return (*_FACTS_OF.get(state, ()), *dict.fromkeys(kinds))


def completion(board: Iterable[Standing], at: datetime) -> tuple[StageCompletion, ...]:
    """Every stage in order, those without deals too. Deals that have ended are not counted.

    Looks at one deal after the other and keeps of each no more than what it lacks.
    """
    tallies = {state: _Tally({asked: [] for asked in asked_of(state)}) for state in PIPELINE}
    for each in board:
        if each.state in tallies:
            tallies[each.state].add(each, at)
    return tuple(_stage(state, tally) for state, tally in tallies.items())


@dataclass(slots=True)
class _Tally:
    """What is counted of a stage."""

    lacking: dict[Asked, list[Lacking]]
    deals: int = 0
    parked: int = 0
    complete: int = 0

    def add(self, standing: Standing, at: datetime) -> None:
        """Count a deal."""
        missing = [asked for asked in self.lacking if not standing.has(asked, at)]
        self.deals += 1
        self.parked += standing.parked
        self.complete += not missing
        for asked in missing:
            self.lacking[asked].append(Lacking(standing.firm_name, standing.deal_id))


def _stage(state: DealState, tally: _Tally) -> StageCompletion:
    items = (
        Item(asked, tally.deals - len(lacking), tuple(sorted(lacking)))
        for asked, lacking in tally.lacking.items()
    )
    return StageCompletion(state, tally.deals, tally.parked, tally.complete, tuple(items))
