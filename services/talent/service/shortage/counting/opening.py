"""Priors before the first close: a library that is being filled has no closed quarter to lean on.

They are fitted to what there is, and again whenever there is twice as much: a handful of times in all. From the
first close on they stand for a quarter.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.domain.shortage.indices.priors import Priors
from services.talent.domain.shortage.method import Method
from services.talent.service.shortage.counting.frame import Frame
from services.talent.store.counts import periods
from services.talent.store.counts import state as states
from services.talent.store.counts.periods import Period

OPENING, CLOSED = "OPENING", "CLOSED"
_GROWTH = 2


@dataclass(frozen=True)
class Opening:
    """Fits and keeps them."""

    method: Method
    catalogue_version: str
    clock: Clock

    def renew(self, session: Session, frame: Frame) -> Frame:
        """The frame under the priors that stand after it: new ones if it opens, or outgrew the opening."""
        known = periods.find(session, frame.state.period)
        if (known is None and not frame.tokens) or (known is not None and not self._outgrown(known, frame)):
            return frame
        return self.fit(session, frame, f"opening-{frame.state.revision}", OPENING)

    def fit(self, session: Session, frame: Frame, code: str, kind: str) -> Frame:
        """Fit priors to the frame, keep them under `code`, and read the map with them from now on."""
        priors = Priors.fit(frame.cube, self.method)
        periods.put(
            session,
            Period(
                code,
                frame.state.day,
                kind,
                frame.tokens,
                self.method.version,
                self.catalogue_version,
                self.clock.now(),
            ),
            priors,
        )
        states.put(session, period=code)
        return frame.changed(state=frame.state._replace(period=code), priors=priors)

    def _outgrown(self, known: Period, frame: Frame) -> bool:
        return known.kind == OPENING and frame.tokens > _GROWTH * known.tokens
