"""The use cases of funding over one database, and imports into it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode, ImportReport
from services.catalogue import load
from services.chassis.imports.importing import Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.outbox.journal import Journal
from services.chassis.storage.db import Database
from services.funding.domain.committee.committee import Seat, Tier
from services.funding.domain.committee.vote import Choice, Purpose, Vote
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.interest import InterestKind
from services.funding.domain.deal.parties import Parties
from services.funding.domain.deal.waiver import Waiver
from services.funding.service.deals.committees import Committees
from services.funding.service.deals.compliance import Compliance
from services.funding.service.deals.deals import Deals
from services.funding.service.deals.declaring import Interests
from services.funding.service.deals.recusals import Recusals
from services.funding.service.importing import FundingImport
from services.funding.store.deals import committees
from services.funding.store.mapping import map_aggregates
from services.funding.store.schema import shared
from services.kernel.clock import ManualClock, civil_date
from services.kernel.ids import TimeOrderedIds

TEAM = ("li", "wang")
MEMBERS = ("m1", "m2", "m3", "m4")
TIERS = {Action.PASS_INTERNAL: Tier.INTERNAL, Action.APPROVE: Tier.EXTERNAL}


@dataclass(frozen=True)
class Funding:
    """Use cases over one migrated database."""

    database: Database
    clock: ManualClock
    deals: Deals
    imports: FundingImport
    heard: list[int] = field(default_factory=list)

    @classmethod
    def over(cls, database: Database, now: datetime) -> "Funding":
        """The use cases as the service wires them, with a clock that stands still."""
        map_aggregates()
        clock = ManualClock(now)
        ids = TimeOrderedIds(clock)
        journal = Journal(shared.history, shared.outbox, "/bole/funding", ids, clock)
        deals, imports = Deals(load(), journal, clock, ids), FundingImport(load(), journal, clock, ids)
        return cls(database, clock, deals, imports)

    def people_do(self, action: Action, deal_id: str) -> None:
        """What people have to do before a step: the team declares, a committee votes."""
        with self.database.write() as session:
            deal = self.deals.get(session, deal_id)
            if action is Action.START_DUE_DILIGENCE:
                self.team_up(session, deal)
            if action in TIERS:
                self.vote(session, deal, TIERS[action])

    def team_up(self, session: Session, deal: Deal) -> None:
        """The deal has a team, who declare; whose the rights are, nobody has looked up, which the committee accepts."""
        self.deals.set_parties(session, deal, Parties(team=TEAM), "manager")
        for member in TEAM:
            self.declare(session, deal, member)
        until = civil_date(self.clock.now()) + timedelta(days=300)
        waiver = Waiver("IP_OWNERSHIP_UNCLEAR", "纪要", "secretary", until, "权属证明后补")
        Compliance(self.deals.catalogue, self.clock).waive(session, deal, waiver)

    def declare(self, session: Session, deal: Deal, member: str) -> None:
        """No interest."""
        interests = Interests(self.deals.trail, Recusals(self.deals.journal), self.clock, self.deals.ids)
        interests.declare(session, deal, member, [InterestKind.NONE], "")

    def vote(
        self,
        session: Session,
        deal: Deal,
        tier: Tier,
        yes: int = len(MEMBERS),
        purpose: Purpose = Purpose.DECISION,
    ) -> Vote:
        """A sitting at which so many are in favour and the others abstain."""
        kept = Committees(self.clock, self.deals.ids)
        board = committees.committee_of(session, deal.fund_id, tier) or kept.set_up(
            session, deal.fund_id, tier, [Seat(member=each) for each in MEMBERS]
        )
        sitting = kept.call(session, board, self.clock.now(), [deal.id], ())
        for member in MEMBERS:
            self.declare(session, deal, member)
        voting = self.deals.voting
        vote = voting.open(session, sitting, deal, purpose, "secretary")
        for number, member in enumerate(MEMBERS):
            voting.cast(session, vote, member, Choice.YES if number < yes else Choice.ABSTAIN, "")
        voting.close(session, vote, "secretary")
        return vote

    def load(self, data: bytes, mode: ImportMode = ImportMode.IMPORT_MODE_GOOD_ROWS) -> ImportReport:
        """Import a file, its good rows unless told otherwise."""
        upload = Upload.of(ImportHeader(filename="sample.xlsx", mode=mode), [data])
        with upload, Outcomes() as outcomes, self.database.write() as session:
            self.heard.clear()
            return self.imports.run(session, upload, "tester", None, outcomes, "b", self.heard.append)
