"""Merging, in one go, the pairs that are safe to link."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.kernel.errors import FailedPrecondition
from services.talent.domain.identity.comparison import Band
from services.talent.domain.people.person import Person
from services.talent.service.people.duplicates.merging import Merging
from services.talent.service.people.duplicates.visibility import Keeper
from services.talent.store import schema
from services.talent.store.people.duplicates import Suggestion

REASON = "证据充分，按规则关联 linked by rule"


class Linked(NamedTuple):
    """How many pairs were merged, and how many were refused and stay in the queue."""

    linked: int
    refused: int


@dataclass(frozen=True)
class Linking:
    """The use case."""

    merging: Merging

    def run(self, session: Session, keeper: Keeper, limit: int, actor: str) -> Linked:
        """Merge up to `limit` pairs that the caller keeps, strongest first; nobody decided about them yet.

        A pair that is gone because an earlier one joined it counts neither way.
        """
        linked = refused = 0
        for left, right in self._pairs(session, keeper, limit):
            pair = session.get(Person, left), session.get(Person, right)
            if pair[0] is None or pair[1] is None or not self._still(session, left, right):
                continue
            try:
                self.merging.merge(session, (pair[0], pair[1]), REASON, actor, automatic=True)
                linked += 1
            except FailedPrecondition:
                refused += 1
        return Linked(linked, refused)

    def _pairs(self, session: Session, keeper: Keeper, limit: int) -> list[tuple[str, str]]:
        table = schema.duplicate_suggestion
        where = (table.c.band == Band.LINK, table.c.verdict.is_(None), keeper.pairs())
        order = (table.c.millibits.desc(), table.c.id)
        query = select(table.c.left, table.c.right).where(*where).order_by(*order).limit(limit)
        return [(row.left, row.right) for row in session.execute(query)]

    def _still(self, session: Session, left: str, right: str) -> bool:
        """Whether the pair is as safe as it was: an earlier merge may have changed what one of them shows."""
        found = session.get(Suggestion, f"{left}.{right}", populate_existing=True)
        return found is not None and found.band is Band.LINK and found.verdict is None
