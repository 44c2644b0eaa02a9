"""Proposals, their steps, and the feedback that is left of them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.chunks import chunks
from services.chassis.storage.listing import Listing
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.proposal import LIVE, UNDECIDED, Proposal, ProposalState, Refusal, Step
from services.matcher.store.schema import feedback, proposal, proposal_step

_ALIVE = proposal.c.state.in_(LIVE)


def get(session: Session, id_: str, *, lock: bool = False) -> Proposal | None:
    """One proposal, or None; with `lock` nobody else changes it until the transaction ends."""
    return session.get(Proposal, id_, with_for_update=lock or None, populate_existing=lock)


def get_seen(session: Session, id_: str, seen: ColumnElement[bool], *, lock: bool = False) -> Proposal | None:
    """One proposal if it is among those seen, or None; `lock` as of `get`."""
    query = select(Proposal).where(proposal.c.id == id_, seen)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def seen(kinds: Iterable[str], funds: Iterable[str] | None, closed: Iterable[str]) -> ColumnElement[bool]:
    """Proposals of these kinds; of those that have a fund, these funds' alone (by name; None: all); none that has a
    firm among `closed` (by id).
    """
    shown: ColumnElement[bool] = proposal.c.kind.in_(sorted(kinds))
    if firms := [f"{ItemKind.FIRM.collection}/{id_}" for id_ in sorted(closed)]:
        shown &= proposal.c.anchor.not_in(firms) & proposal.c.candidate.not_in(firms)
    if funds is None:
        return shown
    of_funds = [key for key, kind in KINDS.items() if kind.anchor is ItemKind.FUND]
    return shown & (proposal.c.kind.not_in(of_funds) | proposal.c.anchor.in_(sorted(funds)))


def live(session: Session, kind: str, anchor: str, candidate: str) -> Proposal | None:
    """The live proposal of a pair, if there is one."""
    columns = proposal.c
    pair = and_(columns.kind == kind, columns.anchor == anchor, columns.candidate == candidate)
    return session.scalars(select(Proposal).where(pair, columns.state.in_(LIVE))).one_or_none()


def any_live(session: Session) -> bool:
    """Whether any proposal is live."""
    return session.scalars(select(proposal.c.id).where(_ALIVE).limit(1)).first() is not None


def live_with(session: Session, names: Sequence[str]) -> Sequence[Proposal]:
    """The live proposals in which one of these entities stands on either side, in the order of their ids."""
    found: dict[str, Proposal] = {}
    for part in chunks(names):
        either = or_(proposal.c.anchor.in_(part), proposal.c.candidate.in_(part))
        here = select(Proposal).where(either, _ALIVE).order_by(proposal.c.id)
        found |= {each.id: each for each in session.scalars(here.with_for_update())}
    return [found[id_] for id_ in sorted(found)]


def undecided(session: Session, kinds: Iterable[str]) -> Sequence[str]:
    """The ids of the proposals of these kinds that nobody has decided on, ascending."""
    mine = proposal.c.kind.in_(sorted(kinds)) & proposal.c.state.in_(UNDECIDED)
    return session.scalars(select(proposal.c.id).where(mine).order_by(proposal.c.id)).all()


def live_among(session: Session, ids: Sequence[str]) -> Sequence[Proposal]:
    """Those of these proposals that are live, in the order of their ids; nobody else changes them meanwhile."""
    here = select(Proposal).where(proposal.c.id.in_(ids), _ALIVE).order_by(proposal.c.id)
    return session.scalars(here.with_for_update()).all()


def all_with(session: Session, name: str) -> Sequence[Proposal]:
    """Every proposal in which an entity stands on either side."""
    return session.scalars(select(Proposal).where(_stands(name)).with_for_update()).all()


def add_step(session: Session, id_: str, step: Step) -> None:
    """Append a step."""
    number = select(func.coalesce(func.max(proposal_step.c.number), 0) + 1).where(
        proposal_step.c.proposal_id == id_
    )
    row = {
        "proposal_id": id_,
        "number": session.execute(number).scalar_one(),
        "state": step.state.value,
        "actor": step.actor,
        "at": step.at,
        "reason": step.reason,
        "note": step.note,
    }
    session.execute(insert(proposal_step).values(row))


def steps(session: Session, ids: Iterable[str]) -> dict[str, list[Step]]:
    """The steps of proposals, in order, by id."""
    table = proposal_step
    query = select(table).where(table.c.proposal_id.in_(list(ids)))
    found: dict[str, list[Step]] = {}
    for row in session.execute(query.order_by(table.c.proposal_id, table.c.number)):
        found.setdefault(row.proposal_id, []).append(
            Step(
                ProposalState(row.state),
                row.actor,
                row.at,
                Refusal(row.reason) if row.reason else None,
                row.note,
            )
        )
    return found


def forget(session: Session, ids: Sequence[str]) -> None:
    """Delete proposals with all words about them. Their feedback stays and names nobody."""
    session.execute(delete(proposal_step).where(proposal_step.c.proposal_id.in_(ids)))
    session.execute(delete(proposal).where(proposal.c.id.in_(ids)))


def put_feedback(session: Session, of: Proposal, place: tuple[str, str], day: date) -> None:
    """What came of a proposal so far. `place`: city and category of the candidate."""
    make = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "id": of.feedback_id,
        "kind": of.kind,
        "features": dict(of.features),
        "rank": of.rank,
        "outcome": of.state,
        "reason": of.reason,
        "city": place[0],
        "category": place[1],
        "model": of.model,
        "on_day": day,
        "shown_rank": of.shown_rank,
        "shown_page": of.shown_page,
    }
    changing = {"outcome": row["outcome"], "reason": row["reason"], "on_day": day}
    statement = make(feedback).values(row)
    session.execute(statement.on_conflict_do_update(index_elements=[feedback.c.id], set_=changing))


def all_feedback(session: Session, kind: str) -> Sequence[Row[tuple[object, ...]]]:
    """Everything that was learnt about a kind, in one order."""
    return session.execute(
        select(feedback).where(feedback.c.kind == kind).order_by(feedback.c.on_day, feedback.c.id)
    ).all()


def listing() -> Listing:
    """Proposals: ListProposals, the newest first."""
    table = proposal
    return Listing(
        "ListProposals",
        Schema.of(
            Field.code("kind", KINDS),
            Field.enum("state", "STATE", (each.name for each in ProposalState)),
            Field.enum("reason", "REASON", (each.name for each in Refusal)),
            Field.text("anchor"),
            Field.text("candidate"),
            Field.text("proposer"),
            Field.instant("create_time"),
            Field.instant("update_time"),
        ),
        {
            "kind": table.c.kind,
            "state": table.c.state,
            "reason": table.c.reason,
            "anchor": table.c.anchor,
            "candidate": table.c.candidate,
            "proposer": table.c.proposer,
            "create_time": table.c.created_at,
            "update_time": table.c.updated_at,
        },
        {"create_time": table.c.created_at, "update_time": table.c.updated_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )


def _stands(name: str) -> ColumnElement[bool]:
    """Whether an entity stands on either side of a proposal."""
    return or_(proposal.c.anchor == name, proposal.c.candidate == name)
