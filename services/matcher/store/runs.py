"""Runs over all anchors of a kind, and the pairs they found."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from services.chassis.filtering import Field, OrderTerm, Schema
from services.chassis.storage.listing import Listing
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.run import MatchRun, RunState
from services.matcher.store.schema import match_run, match_run_pair

_ANCHORS_AT_ONCE = 200


class FoundPair(NamedTuple):
    """One row of what a run found. `city`: of the list, where every city has one; `rank` counts over all of them."""

    anchor_id: str
    rank: int
    candidate_id: str
    log_odds: float
    city: str = ""


def get(session: Session, id_: str, *, lock: bool = False) -> MatchRun | None:
    """One run, or None; with `lock` nobody else changes it until the transaction ends."""
    return session.get(MatchRun, id_, with_for_update=lock or None, populate_existing=lock)


def running(session: Session) -> MatchRun | None:
    """The run that has waited longest for its next step, or None."""
    query = select(MatchRun).where(match_run.c.state == RunState.RUNNING)
    return session.scalars(query.order_by(match_run.c.updated_at, match_run.c.id).limit(1)).one_or_none()


def running_count(session: Session, creator: str) -> int:
    """How many runs of an account are running."""
    mine = (match_run.c.state == RunState.RUNNING) & (match_run.c.creator == creator)
    return session.execute(select(func.count()).select_from(match_run).where(mine)).scalar_one()


def add_pairs(session: Session, run_id: str, pairs: Sequence[FoundPair]) -> None:
    """Append what was found."""
    if pairs:
        session.execute(insert(match_run_pair), [{"run_id": run_id, **each._asdict()} for each in pairs])


def drop_pairs(session: Session, run_id: str) -> None:
    """Forget what a run found."""
    session.execute(delete(match_run_pair).where(match_run_pair.c.run_id == run_id))


def drop_pairs_of(session: Session, run_id: str, anchors: Sequence[str]) -> int:
    """Forget what a run found for some anchors; how many pairs that were."""
    table = match_run_pair.c
    gone = delete(match_run_pair).where(table.run_id == run_id, table.anchor_id.in_(anchors))
    return session.connection().execute(gone).rowcount


def pairs_by_anchor(session: Session, run_id: str) -> Iterator[Mapping[str, list[FoundPair]]]:
    """What a run found, some anchors at a time, in the order of their ids."""
    table, last = match_run_pair, ""
    while True:
        anchors = (
            select(table.c.anchor_id)
            .where(table.c.run_id == run_id, table.c.anchor_id > last)
            .distinct()
            .order_by(table.c.anchor_id)
            .limit(_ANCHORS_AT_ONCE)
        )
        ids = session.scalars(anchors).all()
        if not ids:
            return
        last = ids[-1]
        query = select(table).where(table.c.run_id == run_id, table.c.anchor_id.in_(ids))
        found: dict[str, list[FoundPair]] = {}
        for row in session.execute(query.order_by(table.c.anchor_id, table.c.rank)):
            pair = FoundPair(row.anchor_id, row.rank, row.candidate_id, row.log_odds, row.city)
            found.setdefault(row.anchor_id, []).append(pair)
        yield found


def forget(session: Session, id_: str) -> None:
    """Delete every pair in which an entity stands: for erasure."""
    table = match_run_pair
    session.execute(delete(table).where(or_(table.c.candidate_id == id_, table.c.anchor_id == id_)))


def expire(session: Session, before: datetime) -> None:
    """Delete runs that are not running and have not changed since, with what they found."""
    old = select(match_run.c.id).where(match_run.c.updated_at < before, match_run.c.state != RunState.RUNNING)
    ids = session.scalars(old).all()
    session.execute(delete(match_run_pair).where(match_run_pair.c.run_id.in_(ids)))
    session.execute(delete(match_run).where(match_run.c.id.in_(ids)))


def listing() -> Listing:
    """Runs: ListMatchRuns, the newest first."""
    table = match_run
    return Listing(
        "ListMatchRuns",
        Schema.of(
            Field.code("kind", KINDS),
            Field.enum("state", "STATE", (each.name for each in RunState)),
            Field.text("creator"),
            Field.instant("create_time"),
        ),
        {
            "kind": table.c.kind,
            "state": table.c.state,
            "creator": table.c.creator,
            "create_time": table.c.created_at,
        },
        {"create_time": table.c.created_at},
        table.c.id,
        default_order=(OrderTerm("create_time", descending=True),),
    )
