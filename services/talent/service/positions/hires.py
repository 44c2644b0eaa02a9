"""Expected hires of funded deals, as the funding service last told of them: each deal's newest word counts once."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.kernel.clock import Clock
from services.talent.domain.flows.hiring import FundedHire, FundedHireLine
from services.talent.store.people import flows


@dataclass(frozen=True)
class DealHeard:
    """What an event says of a deal at a version; without more, that the deal is gone."""

    id: str
    version: int
    firm_id: str = ""
    origin: str = "REAL"
    basis: str = "BASIS_UNSPECIFIED"
    basis_deals: int = 0
    hires: tuple[FundedHire, ...] = ()


@dataclass(frozen=True)
class ExpectedHires:
    """The use case."""

    clock: Clock

    def hear_deal(self, session: Session, heard: DealHeard) -> bool:
        """Take over what is said of a deal; tells whether it was news. Older words change nothing."""
        known = flows.heard_deal(session, heard.id)
        if known is not None and heard.version <= known.version:
            return False
        values = {
            "version": heard.version,
            "firm_id": heard.firm_id,
            "origin": heard.origin,
            "basis": heard.basis,
            "basis_deals": heard.basis_deals,
        }
        flows.put_deal(session, heard.id, values, self.clock.now())
        firm = flows.heard_firm(session, heard.firm_id) if heard.firm_id else None
        self._replace(session, heard, counted=firm is None or not firm.gone)
        return True

    def hear_firm(self, session: Session, firm_id: str, version: int, *, gone: bool) -> bool:
        """Take over whether a firm has left; tells whether it was news. What it was to hire then counts no more."""
        known = flows.heard_firm(session, firm_id)
        if known is not None and version <= known.version:
            return False
        flows.put_firm(session, firm_id, version, gone=gone)
        for line in flows.hires_of_firm(session, firm_id):
            line.counted = not gone
        session.flush()
        return True

    def _replace(self, session: Session, heard: DealHeard, *, counted: bool) -> None:
        """The lines of a deal become those that were heard; a line that is the same is left alone."""
        before = {line.number: line for line in flows.hires_of_deal(session, heard.id)}
        for number, hire in enumerate(heard.hires, 1):
            line = before.pop(number, None)
            if line is None:
                session.add(FundedHireLine(heard.id, number, *hire, counted=counted))
                continue
            for name, value in {**hire._asdict(), "counted": counted}.items():
                setattr(line, name, value)
        for line in before.values():
            session.delete(line)
        session.flush()
