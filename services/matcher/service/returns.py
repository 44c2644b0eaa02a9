"""Counting a quarter for the statistical return of the matcher."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.chassis.returns import Counted, Span
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.proposal import ProposalState, Refusal
from services.matcher.domain.returns import VERSION, Course, Side, figures
from services.matcher.store import items
from services.matcher.store.schema import proposal, proposal_step


@dataclass(frozen=True)
class MatcherReturns:
    """Counts proposals by the quarter in which they were put forward; `industry_of`: that of a direction."""

    industry_of: Callable[[str], str]

    @property
    def version(self) -> str:
        """Of the method."""
        return VERSION

    def stamp(self, session: Session) -> tuple[int, ...]:
        """How many proposals there are, in how many steps."""
        steps = session.scalar(select(func.count()).select_from(proposal_step)) or 0
        return session.scalar(select(func.count()).select_from(proposal)) or 0, steps

    def of(self, session: Session, span: Span) -> Counted:
        """The figures of one quarter."""
        first, after = span.instants
        made = (proposal.c.created_at >= first) & (proposal.c.created_at < after)
        states = defaultdict[str, set[ProposalState]](set)
        steps = select(proposal_step.c.proposal_id, proposal_step.c.state)
        for row in session.execute(
            steps.join(proposal, proposal.c.id == proposal_step.c.proposal_id).where(made)
        ):
            states[row.proposal_id].add(ProposalState(row.state))
        rows = session.execute(select(proposal).where(made).order_by(proposal.c.id)).all()
        sides = {row.id: _sides(row.kind, row.anchor, row.candidate) for row in rows}
        industries = self._industries(session, sides.values())
        courses = (
            Course(
                row.kind,
                sides[row.id],
                frozenset(states[row.id]),
                row.parts,
                Refusal(row.reason) if row.reason else None,
                frozenset().union(*(industries.get(side, frozenset()) for side in sides[row.id])),
            )
            for row in rows
        )
        return Counted(figures(courses), any(row.origin == "SYNTHETIC" for row in rows))

    def _industries(self, session: Session, pairs: Iterable[frozenset[Side]]) -> dict[Side, frozenset[str]]:
        """Of the firms and positions among these, as they are known now."""
        ids = defaultdict[ItemKind, set[str]](set)
        for kind, id_ in chain.from_iterable(pairs):
            if kind in (ItemKind.FIRM, ItemKind.POSITION):
                ids[kind].add(id_)
        return {
            (kind, id_): frozenset(map(self.industry_of, leaves))
            for kind, wanted in ids.items()
            for id_, leaves in items.leaves_of(session, kind, sorted(wanted)).items()
        }


def _sides(key: str, anchor: str, candidate: str) -> frozenset[Side]:
    kind = KINDS[key]
    return frozenset({(kind.anchor, anchor), (kind.candidate, candidate)})
