"""Firms on record: whoever changes one keeps its version and its figures for ever, and tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.catalogue.succession import renewed
from services.chassis.log.topics import FIRMS
from services.chassis.outbox.journal import Change, Journal
from services.funding import events
from services.funding.domain.findings import Findings
from services.funding.domain.firm import firm as rules
from services.funding.domain.firm.alike import FirmTraits, blocks_of
from services.funding.domain.firm.firm import Firm
from services.funding.domain.firm.snapshot import FirmSnapshot, examine_snapshot
from services.funding.domain.firm.snapshots import SnapshotRecord, examine_correction, known_at, standing
from services.funding.service.funds.caps import Caps
from services.funding.store import repository
from services.funding.store.firms import firms as store
from services.funding.store.firms import identity
from services.kernel.clock import Clock, civil_date
from services.kernel.ids import Ids

AMOUNTS = ("assets", "net_assets", "revenue", "cost", "rd_cost")
SOUGHT = "sought"
STATED = (*AMOUNTS, SOUGHT)
"""Amounts that a firm's record states: of its figures, and what it wants to raise."""


@dataclass(frozen=True, slots=True)
class AsKnown:
    """A firm as an instant knew it, with the figures of a day. `since`: from when on versions are kept."""

    firm: Firm | None
    since: datetime | None


@dataclass(frozen=True)
class Firms:
    """The use cases."""

    catalogue: Catalogue
    journal: Journal
    clock: Clock
    ids: Ids

    def keep(
        self, session: Session, made: Sequence[Firm], changed: Sequence[Firm], actor: str, source: str
    ) -> None:
        """Write new and changed firms with what follows of them. `source`: where new figures come from.

        Raises InvalidArgument (SNAPSHOT_VERIFIED) for declared figures in the place of verified ones.
        """
        session.add_all(made)
        touched = [*made, *changed]
        self._keep_figures(session, touched, actor, source)
        self._told(session, touched, actor)

    def require_amounts(self, session: Session, actor: str, uscc: str, figures: FirmSnapshot | None) -> None:
        """Raise FailedPrecondition (AMOUNT_OVER_CAP) for figures that look like a wrong unit."""
        if figures is not None:
            amounts = {name: getattr(figures, f"{name}_fen") for name in AMOUNTS}
            Caps(self.clock, self.ids).require(session, actor, f"firm:{uscc}", amounts)

    def require_sought(self, session: Session, actor: str, uscc: str, fen: int | None) -> None:
        """Raise FailedPrecondition (AMOUNT_OVER_CAP) for what a firm wants to raise, if it looks like a wrong unit."""
        Caps(self.clock, self.ids).require(session, actor, f"firm:{uscc}", {SOUGHT: fen})

    @cached_property
    def places(self) -> tuple[str, ...]:
        """Names of the cities, with which names of firms begin."""
        return tuple(city.name.zh.removesuffix("市") for city in self.catalogue.cities)

    def make_findable(self, session: Session, firms: Sequence[Firm]) -> None:
        """Write the keys by which records of the same firm meet."""
        blocks = {
            each.id: blocks_of(FirmTraits(each.id, each.uscc, each.name, each.founded), self.places)
            for each in firms
        }
        identity.save_blocks(session, blocks)

    def remove(self, session: Session, firms: Sequence[Firm], actor: str) -> None:
        """Take firms off the record that nothing refers to; what was known of them stays known."""
        store.save_removal(session, firms, actor, self.clock.now())
        for firm in firms:
            session.delete(firm)
        session.flush()
        self.journal.record(
            session, [Change(FIRMS, each.id, each.version + 1, None, actor) for each in firms]
        )

    def add_figures(
        self, session: Session, firm: Firm, figures: FirmSnapshot, source: str, actor: str
    ) -> SnapshotRecord:
        """Record figures of a day; the firm changes if they are the ones that count now.

        Raises InvalidArgument with every violation, FailedPrecondition (FIRM_WITHDRAWN).
        """
        rules.require_active(firm)
        findings, at = Findings(), self.clock.now()
        source = findings.text("snapshot.source", source, most=300)
        examine_snapshot(figures, civil_date(at), findings)
        known = store.figures_of(session, [firm.id]).get(firm.id, [])
        examine_correction(figures, [each for each in known if each.figures.as_of == figures.as_of], findings)
        findings.finish()
        self.require_amounts(session, actor, firm.uscc, figures)
        record = SnapshotRecord(firm.id, len(known) + 1, figures, source, at, actor)
        store.save_figures(session, [record])
        if standing([*known, record]) is record:
            rules.take_figures(firm, figures, at=at)
            self._told(session, [firm], actor)
        return record

    def take_back(self, session: Session, restored: Sequence[Firm], source: str, actor: str) -> None:
        """Tell of firms that are as they were before figures of this `source` came, which are taken back."""
        known, at = store.figures_of(session, [each.id for each in restored]), self.clock.now()
        for firm in restored:
            records = known.get(firm.id, [])
            gone = [each for each in records if each.source == source and each.retracts is None]
            taken = [
                SnapshotRecord(firm.id, number, each.figures, "", at, actor, each.number)
                for number, each in enumerate(gone, len(records) + 1)
            ]
            store.save_figures(session, taken)
            counted = standing([*records, *taken])
            rules.take_figures(firm, counted.figures if counted else None, at=at)
        self._told(session, restored, actor)

    def as_known(self, session: Session, firm_id: str, instant: datetime, as_of: date) -> AsKnown:
        """The firm as an instant knew it, in today's codes; its figures are those of the latest day up to `as_of`
        known then.
        """
        firm = store.firm_as_known(session, firm_id, instant)
        since = store.first_known(session, firm_id)
        if firm is not None:
            firm.direction_shares = renewed(firm.direction_shares, self.catalogue.succession.former)
            records = known_at(store.figures_of(session, [firm_id]).get(firm_id, []), instant)
            counted = standing(records, as_of)
            firm.snapshot = counted.figures if counted else None
        return AsKnown(firm, since)

    def _keep_figures(self, session: Session, firms: Sequence[Firm], actor: str, source: str) -> None:
        known, at = store.figures_of(session, [each.id for each in firms]), self.clock.now()
        fresh = []
        for firm in firms:
            records = known.get(firm.id, [])
            counted = standing(records)
            if firm.snapshot is None or (counted is not None and counted.figures == firm.snapshot):
                continue
            findings = Findings()
            same_day = [each for each in records if each.figures.as_of == firm.snapshot.as_of]
            examine_correction(firm.snapshot, same_day, findings)
            findings.finish()
            fresh.append(SnapshotRecord(firm.id, len(records) + 1, firm.snapshot, source, at, actor))
        store.save_figures(session, fresh)

    def _told(self, session: Session, firms: Sequence[Firm], actor: str) -> None:
        repository.index_firms(session, firms, self.catalogue)
        self.make_findable(session, firms)
        store.save_versions(session, firms, actor, self.clock.now())
        self.journal.record(
            session, [Change(FIRMS, each.id, each.version, events.firm_event(each), actor) for each in firms]
        )
