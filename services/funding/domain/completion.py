"""What each stage of the way asks for before a deal may go on, and how many of its deals have it (完备率).

What is asked is read from the state machine: the documents of every step that leads on from the stage, and the facts
that the guards of these steps look at and that people have to see to. The documents of two outside experts, which only
a deal that rests on unproved rights needs, are not counted; the actions of the deal name them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

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
    """A deal on the board as far as this goes. `state`: its stage, a parked one's where it was parked; `documents` are
    those of its register, `team` its people, `undeclared` those of them who have not declared, `voted` whether a vote
    of this round is closed.
    """

    deal_id: str
    firm_name: str
    state: DealState
    transitions: Sequence[Transition]
    documents: Sequence[Evidence]
    team: frozenset[str]
    undeclared: frozenset[str]
    voted: bool

    def has(self, asked: Asked, at: datetime) -> bool:
        """Whether it has what is asked, as of an instant."""
        if isinstance(asked, Fact):
            return {
                Fact.TEAM: len(self.team) >= FEWEST_IN_TEAM,
                Fact.INTERESTS: bool(self.team) and not self.undeclared,
                Fact.VOTE: self.voted,
            }[asked]
        given = tuple(each for step in self.transitions for each in step.evidence)
        spent = frozenset(each.sha256 for each in given if each.kind in ONCE)
        return not missing_evidence((Requirement(asked),), (*self.documents, *given), spent, at)


@dataclass(frozen=True)
class Item:
    """One thing that a stage asks for: how many of its deals have it, and those that do not, by firm."""

    asked: Asked
    have: int
    lacking: tuple[Standing, ...]


@dataclass(frozen=True)
class StageCompletion:
    """A stage: its deals, how many of them have all that it asks for, and thing by thing."""

    state: DealState
    deals: int
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
    """Every stage in order, those without deals too. Deals that have ended are not counted."""
    standing = sorted(board, key=lambda each: (each.firm_name, each.deal_id))
    return tuple(_stage(state, [each for each in standing if each.state is state], at) for state in PIPELINE)


def _stage(state: DealState, deals: Sequence[Standing], at: datetime) -> StageCompletion:
    items = []
    for asked in asked_of(state):
        lacking = tuple(each for each in deals if not each.has(asked, at))
        items.append(Item(asked, len(deals) - len(lacking), lacking))
    incomplete = {each.deal_id for item in items for each in item.lacking}
    return StageCompletion(state, len(deals), len(deals) - len(incomplete), tuple(items))
