"""Publishing and closing positions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.journal import Change, Journal
from services.chassis.topics import POSITIONS
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import AlreadyExists, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent import events
from services.talent.domain.axes import Axes
from services.talent.domain.position import Position, PositionFacts
from services.talent.domain.posting import DuplicateKey, find_duplicate
from services.talent.store import repository, schema


@dataclass(frozen=True)
class Positions:
    """The use cases of positions."""

    catalogue: Catalogue
    axes: Axes
    journal: Journal
    clock: Clock
    ids: Ids

    def get(self, session: Session, id_: str) -> Position:
        """The position. Raises NotFound."""
        position = repository.position_by_id(session, id_)
        if position is None:
            raise NotFound.resource(f"positions/{id_}")
        return position

    def publish(self, session: Session, facts: PositionFacts, origin: str, actor: str) -> Position:
        """A new position. Raises InvalidArgument, or AlreadyExists if the source number is taken."""
        position = Position.register(
            facts, id_=self.ids.new(), origin=origin, axes=self.axes, now=self.clock.now()
        )
        taken = repository.by_refs(session, Position, schema.position, [position.ref])
        if taken:
            raise AlreadyExists(
                Text(
                    f"来源编号“{position.ref}”已登记，请改用更新",
                    f"the source number {position.ref!r} is registered; update that record instead",
                ),
                reason="SOURCE_REF_TAKEN",
                metadata={"resource": f"positions/{taken[position.ref].id}"},
            )
        self.add(session, [position], actor)
        return position

    def add(self, session: Session, positions: Sequence[Position], actor: str) -> None:
        """Keep new positions, mark those that repeat an advertisement, and tell of them."""
        self._mark_duplicates(session, positions)
        session.add_all(positions)
        self.changed(session, positions, actor)

    def changed(self, session: Session, positions: Sequence[Position], actor: str) -> None:
        """Write positions and tell of them."""
        session.flush()
        repository.index_positions(session, positions, self.catalogue)
        self.journal.record(
            session,
            [
                Change(POSITIONS, each.id, each.version, events.position_event(each), actor)
                for each in positions
            ],
        )

    def close(self, session: Session, position: Position, filled: int | None, actor: str) -> None:
        """End the search today. Raises FailedPrecondition if it has ended, InvalidArgument for `filled`."""
        now = self.clock.now()
        if filled is not None and filled > position.filled:
            position.record_fill(filled - position.filled, civil_date(now), now)
        if position.closed is None:
            position.close(civil_date(now), now)
        self.changed(session, [position], actor)

    def _mark_duplicates(self, session: Session, positions: Sequence[Position]) -> None:
        leaves = {position.leaf for position in positions}
        table = schema.position
        query = select(Position).where(table.c.leaf.in_(leaves), table.c.duplicate_of.is_(None))
        known: dict[DuplicateKey, list[Position]] = defaultdict(list)
        for stored in session.scalars(query):
            known[stored.duplicate_key].append(stored)
        for position in positions:
            same = known[position.duplicate_key]
            first = find_duplicate(position, same)
            position.duplicate_of = None if first is None else first.id
            if first is None:
                same.append(position)
