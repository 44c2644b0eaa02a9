"""Facts of deals and funds that are stated anew, from outside the steps that they take."""

from datetime import datetime

from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.states import TERMINAL, DealState
from services.funding.domain.deal.terms import DealTerms, examine_terms
from services.funding.domain.findings import Findings
from services.funding.domain.fund.fund import Fund
from services.funding.domain.pipeline.hiring import HiringPlan, examine_plan
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

BEFORE_INITIATION = (DealState.LEAD, DealState.SUBMITTED, DealState.SCREENING, DealState.INFO_REQUESTED)


def restate_deal(deal: Deal, terms: DealTerms, owner: str, rating: int | None, *, at: datetime) -> None:
    """Other terms, owner or rating, while nothing is decided on them.

    Raises InvalidArgument, and FailedPrecondition (DEAL_TERMS_FIXED) once the deal is initiated or has ended.
    """
    if deal.state not in BEFORE_INITIATION:
        raise FailedPrecondition(
            Text(
                "项目已立项或已终结，交易条件不再修改；条件有变，请撤回后重启，再作修改",
                "the deal is initiated or has ended, and its terms change no more; where they have to, withdraw it, "
                "take it up again, and change them then",
            ),
            reason="DEAL_TERMS_FIXED",
            metadata={"resource": f"deals/{deal.id}"},
        )
    findings = Findings()
    owner = findings.text("owner", owner, most=100)
    findings.count("expert_rating", rating, least=1, most=5)
    examine_terms(terms, findings)
    findings.finish()
    deal.terms, deal.owner, deal.expert_rating = terms, owner, rating
    deal.updated_at = at
    deal.version += 1


def replan(deal: Deal, plan: HiringPlan | None, *, at: datetime) -> None:
    """What the firm plans to hire, stated anew. Raises InvalidArgument, and FailedPrecondition (DEAL_ENDED) for a deal
    that ended unpaid.
    """
    if deal.state in TERMINAL and deal.state is not DealState.INVESTED:
        raise FailedPrecondition(
            Text("项目已终止且未出资，不能再填写用人计划", "the deal ended unpaid; it plans no hires"),
            reason="DEAL_ENDED",
        )
    if plan is not None:
        examine_plan(plan)
    deal.hiring_plan, deal.updated_at = plan, at
    deal.version += 1


def rename_fund(fund: Fund, name: str, *, at: datetime) -> None:
    """Another registered name. Raises InvalidArgument."""
    findings = Findings()
    fund.name = findings.text("name", name, most=100, required=True)
    findings.finish()
    fund.updated_at = at
    fund.version += 1
