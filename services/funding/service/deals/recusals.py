"""Telling who is recused from firms, so that other services close them to the same people.

What was told last is read from the history: there is no other record of it. Firms that were merged are told alike.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from bole.events.v1.recusal_event_pb2 import RecusalState
from services.chassis.log.topics import RECUSALS
from services.chassis.outbox.journal import Change, Journal
from services.chassis.storage.chunks import chunks
from services.funding.service.deals.interests import tied_to
from services.funding.store import schema
from services.funding.store.deals import interests, screened

ACTOR = "bole/recusals"
"""By whom is told what stood before there was this topic."""


@dataclass(frozen=True)
class Recusals:
    """Tells of firms from which others are recused than was told last."""

    journal: Journal

    def tell(self, session: Session, firm_ids: Iterable[str], actor: str) -> None:
        """Tell of these firms and of those that are merged with them; nothing of whom nothing has changed.

        Two at a time wait for each other, so that the later one knows what the earlier one has changed.
        """
        family = _held(session, firm_ids)
        tied, told = tied_to(session, family), _told(session, family)
        changes = []
        for firm in sorted(family):
            last, subjects = told.get(firm, RecusalState()), sorted(tied[firm])
            if subjects != list(last.subjects):
                state = RecusalState(id=firm, version=last.version + 1, subjects=subjects)
                changes.append(Change(RECUSALS, firm, state.version, state, actor))
        self.journal.record(session, changes)

    def tell_all(self, session: Session) -> None:
        """Tell of every firm in which somebody has an interest, as far as it was not told yet."""
        for some in chunks(interests.firms_tied(session)):
            self.tell(session, some, ACTOR)


def _held(session: Session, firm_ids: Iterable[str]) -> set[str]:
    """These firms and those that are merged with them, held until the transaction ends."""
    family, held = screened.family(session, firm_ids), set[str]()
    table = schema.firm.c
    while missing := sorted(family - held):
        query = select(table.id).where(table.id.in_(missing)).order_by(table.id)
        session.execute(query.with_for_update(key_share=True)).all()
        held |= family
        family = screened.family(session, held)  # somebody may have merged one while it was waited for
    return held


def _told(session: Session, firm_ids: Iterable[str]) -> dict[str, RecusalState]:
    """What was told last of these firms."""
    table, found = schema.shared.history.c, dict[str, RecusalState]()
    for some in chunks(sorted(firm_ids)):
        mine = and_(table.entity == RECUSALS.entity, table.id.in_(some))
        newest = select(table.id, func.max(table.version).label("version")).where(mine).group_by(table.id)
        last = newest.subquery().c
        query = select(table.id, table.state).where(mine, table.id == last.id, table.version == last.version)
        found |= {row.id: RecusalState.FromString(row.state or b"") for row in session.execute(query)}
    return found
