"""Public releases as states of the public edition: who reads that edition has seen them too."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.talent.domain.axes import Axes
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.disclosure.steps import Shown
from services.talent.domain.release import hiding
from services.talent.domain.release.lifecycle import ReleaseState
from services.talent.domain.release.snapshot import load
from services.talent.domain.shortage.table import ShortageTable
from services.talent.store.shortage import releases as store


@dataclass
class Released:
    """The newest public release that was not turned down. One that waits for its signature counts as seen: the states
    that are made meanwhile must be safe beside it too. Each is worked out once, which takes seconds.
    """

    _last: tuple[str, Shown] | None = None

    def newest(self, session: Session, axes: Axes) -> Shown | None:
        """As a state; None without one, and under another catalogue, whose cells are others."""
        known = store.of_edition(session, Edition.PUBLIC)
        standing = (each.id for each in known if each.life.state is not ReleaseState.REJECTED)
        id_ = next(standing, None)
        if id_ is None:
            return None
        if self._last is None or self._last[0] != id_:
            table = released(store.snapshot(session, id_))
            hidden = table.pattern.hidden
            self._last = id_, Shown(table.cube, hidden, hidden, hidden)
        found = self._last[1]
        return found if found.cube.axes == axes else None


def released(snapshot: bytes) -> ShortageTable:
    """A release's table with its pattern, computed again from what it was computed from."""
    table, before, states = load(snapshot)
    return hiding.beside(hiding.safe(table, before), states)
