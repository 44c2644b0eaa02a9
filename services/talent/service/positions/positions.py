"""Positions through their life: published, changed, renewed, filled, closed, reopened, expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.log.topics import POSITIONS
from services.chassis.outbox.journal import Change, Journal
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import AlreadyExists, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent import events
from services.talent.domain.axes import Axes
from services.talent.domain.position import OutcomeKind, OutcomeStated, Position, PositionFacts
from services.talent.domain.position.posting import repeats
from services.talent.service.positions import outcomes
from services.talent.store import positions as store
from services.talent.store import repository, schema

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Closing:
    """What is stated when a search ends. `filled`: heads filled by now, None: as known."""

    kind: OutcomeKind | None = None
    filled: int | None = None
    person_id: str | None = None
    reason: str = ""
    day: date | None = None


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
        session.add_all(positions)
        self.changed(session, positions, actor)

    def changed(
        self, session: Session, positions: Sequence[Position], actor: str, left: Sequence[Position] = ()
    ) -> None:
        """Write positions, and whatever repeats them or not any more, and tell of all of these. `left`: those that
        repeated what is gone. A version that has nothing but another mark is no change where an import is undone.
        """
        touched = {position.id: position for position in (*positions, *left)}
        with session.no_autoflush:
            related = store.sharing_demand(session, list(touched.values()))
        same = {position.id: position for position in (*related, *left, *positions)}
        first = repeats(same.values())
        for id_, position in same.items():
            if position.duplicate_of != first.get(id_):
                position.duplicate_of = first.get(id_)
                touched[id_] = position
        session.flush()
        told = list(touched.values())
        repository.index_positions(session, told, self.catalogue)
        following = touched.keys() - {position.id for position in positions}
        marked = [(id_, touched[id_].version, touched[id_].version) for id_ in sorted(following)]
        schema.taken_back.note(session, "position", marked)
        self.journal.record(
            session,
            [Change(POSITIONS, each.id, each.version, events.position_event(each), actor) for each in told],
        )

    def revise(self, session: Session, position: Position, facts: PositionFacts, actor: str) -> None:
        """Replace the facts. Raises InvalidArgument, FailedPrecondition for a withdrawn position."""
        if position.revise(facts, axes=self.axes, now=self.clock.now()):
            outcomes.void_endings(session, position, "信息更新 revised", self.clock.now())
            self.changed(session, [position], actor)

    def renew(self, session: Session, position: Position, actor: str) -> None:
        """180 more days. Raises FailedPrecondition for a closed or withdrawn position."""
        now = self.clock.now()
        position.renew(now)
        repository.next_version(session, [position])  # also where it was renewed in the same instant before
        outcomes.void_endings(session, position, "续期 renewed", now)
        self.changed(session, [position], actor)

    def reopen(self, session: Session, position: Position, reason: str, actor: str) -> None:
        """Look again for the heads that are left. Raises FailedPrecondition, InvalidArgument for no reason."""
        now = self.clock.now()
        position.reopen(now)
        outcomes.void_endings(session, position, reason, now)
        self.changed(session, [position], actor)

    def close(self, session: Session, position: Position, closing: Closing, actor: str) -> None:
        """End the search. Raises FailedPrecondition if it has ended, InvalidArgument for what is stated."""
        now = self.clock.now()
        day = closing.day or civil_date(now)
        if closing.kind is OutcomeKind.PROPOSAL_REFUSED:
            raise InvalidArgument.field(
                "outcome",
                "OUTCOME_ENDS_NOTHING",
                "推荐被拒不是结束岗位的原因，请用登记结果",
                "a refused proposal ends no search; record it as an outcome",
            )
        if closing.kind is not OutcomeKind.WITHDRAWN:
            position.require_searching()
        if closing.kind is OutcomeKind.WITHDRAWN or closing.kind is OutcomeKind.EXPIRED:
            outcomes.end(session, position, closing.kind, closing.reason, day, now, actor)
        elif closing.kind is not None:
            known = position.headcount if closing.filled is None else closing.filled
            stated = OutcomeStated(
                kind=closing.kind,
                heads=known - position.filled,
                day=day,
                person_id=closing.person_id,
                note=closing.reason,
            )
            outcomes.record(session, position, stated, now, actor)
        elif closing.filled is not None and closing.filled > position.filled:
            position.record_fill(closing.filled - position.filled, day, now)
        if position.closed is None:
            position.close(day, now)
            position.outcome = closing.kind
        self.changed(session, [position], actor)

    def record(self, session: Session, position: Position, stated: OutcomeStated, actor: str) -> int:
        """Record a fill; its number. Raises InvalidArgument, FailedPrecondition if the search has ended."""
        number = outcomes.record(session, position, stated, self.clock.now(), actor)
        self.changed(session, [position], actor)
        return number

    def void(self, session: Session, position: Position, number: int, reason: str, actor: str) -> None:
        """Take back a recorded fill. Raises NotFound, FailedPrecondition, InvalidArgument."""
        outcomes.void(session, position, number, reason, self.clock.now(), actor)
        self.changed(session, [position], actor)

    def due(self, session: Session, day: date) -> list[str]:
        """Which positions were not renewed for 180 days by `day`."""
        return store.due(session, day)

    def expire(self, session: Session, ids: Sequence[str], actor: str = "system") -> list[Position]:
        """Mark those of some positions that are due by now, and tell of it: the daily tick calls this; returns them."""
        now = self.clock.now()
        ended = [position for position in store.by_ids(session, ids) if position.expire(now)]
        for position in ended:
            outcomes.expired(session, position, now, actor)
        self.changed(session, ended, actor)
        return ended
