"""Watches on cells of the shortage map."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.chassis.log.topics import WATCHES
from services.chassis.outbox.journal import Change, Journal
from services.kernel.clock import Clock
from services.kernel.errors import NotFound, ResourceExhausted
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.shortage.table import Address
from services.talent.domain.shortage.watch import MOST_WATCHES, Watch
from services.talent.store.shortage import standings


@dataclass(frozen=True)
class Watching:
    """The use cases of watches: everybody's are their own."""

    journal: Journal
    clock: Clock
    ids: Ids

    def create(self, session: Session, owner: str, address: Address, stars: int, percent: int) -> Watch:
        """Watch a cell; it is told of once it was looked at. Raises InvalidArgument, ResourceExhausted over 200."""
        made = Watch.made(self.ids.new(), owner, address, stars, percent, self.clock.now())
        if standings.count_of(session, owner) >= MOST_WATCHES:
            raise ResourceExhausted(
                Text(
                    f"关注已达 {MOST_WATCHES} 个，请先删除不再需要的",
                    f"there are {MOST_WATCHES} watches already; delete some first",
                ),
                reason="TOO_MANY_WATCHES",
            )
        session.add(made)
        session.flush()
        return made

    def delete(self, session: Session, owner: str, id_: str) -> None:
        """Watch no longer. Raises NotFound, also for somebody else's."""
        found = standings.watch(session, id_, owner)
        if found is None:
            raise NotFound.resource(f"shortageWatches/{id_}")
        version = found.version + 1
        session.delete(found)
        session.flush()
        self.journal.record(session, [Change(WATCHES, id_, version, None, owner)])
