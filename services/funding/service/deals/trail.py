"""The trail of deals: what every change of a deal, of its votes and of its papers leaves in the chain."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.funding.domain.deal.trail import Head
from services.funding.store import schema
from services.funding.store.deals import trails
from services.kernel.clock import Clock
from services.kernel.ids import Ids

HISTORY = "HISTORY"


@dataclass(frozen=True)
class Trail:
    """Writes the chain in the transaction of the change."""

    clock: Clock
    ids: Ids

    def note(self, session: Session, deal_id: str, kind: str, actor: str, content: Mapping[str, Any]) -> Head:
        """Add one fact. The first one of a deal that came with a history is that history."""
        now = self.clock.now()
        if not trails.head(session, deal_id).sequence:
            table = schema.deal_transition
            query = select(table.c.transition).where(table.c.deal_id == deal_id).order_by(table.c.sequence)
            steps = [trails.plain(each) for each in session.scalars(query)]
            if steps:
                trails.append(session, deal_id, HISTORY, actor, now, {"transitions": steps})
        return trails.append(session, deal_id, kind, actor, now, content)

    def keep_private(self, session: Session, deal_id: str, text: str) -> str:
        """Keep words about people where they can be erased; the commitment for the chain, empty for none."""
        return trails.keep_private(session, deal_id, self.ids.new(), text)
