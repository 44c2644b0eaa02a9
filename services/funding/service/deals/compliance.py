"""Use cases of compliance: waivers, and runs of the checks that are kept."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.checks.run import CODES, WAIVABLE
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import TERMINAL
from services.funding.domain.deal.waiver import Waiver, examine_waiver
from services.funding.service.deals.cases import fund_with_mandate, open_cases
from services.funding.store.deals import reports, screened, waivers
from services.funding.store.deals.reports import Report, report_of
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

REQUESTED = "REQUESTED"


@dataclass(frozen=True)
class Compliance:
    """The use cases."""

    catalogue: Catalogue
    clock: Clock

    def waive(self, session: Session, deal: Deal, waiver: Waiver) -> tuple[int, Waiver]:
        """Record that the committee accepts a breach; its number. Raises InvalidArgument, and
        FailedPrecondition (DEAL_ENDED) for a deal that is over.
        """
        if deal.state in TERMINAL:
            raise FailedPrecondition(
                Text("项目已结束，不能再豁免", "the deal is over; nothing of it can be waived"),
                reason="DEAL_ENDED",
            )
        at = self.clock.now()
        examine_waiver(waiver, WAIVABLE, CODES, civil_date(at))
        dated = replace(waiver, at=at)
        number = waivers.save(session, deal.id, dated)
        screened.touch(session, deal.firm_id)
        return number, dated

    def report(self, session: Session, deal: Deal, actor: str, occasion: str = REQUESTED) -> Report:
        """Run all checks of a deal now, by the rules in force, and keep the run. Raises FailedPrecondition
        for a fund without rules.
        """
        at = self.clock.now()
        today = civil_date(at)
        fund, mandate = fund_with_mandate(session, deal.fund_id, today)
        opened = next(open_cases(session, self.catalogue, fund, mandate, today, deal.id))
        return reports.save(session, report_of(opened.case, deal.id, deal.version, occasion, at, actor))
