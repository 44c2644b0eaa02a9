"""The agenda of a sitting with the readiness of each deal (上会清单)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.funding.domain.checks.check import CheckResult, blocks
from services.funding.domain.checks.run import run_checks
from services.funding.domain.committee.committee import Committee, Tier
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import Purpose, Vote
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.edges import edges_at
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.firm.firm import Firm
from services.funding.domain.wording import amount
from services.funding.service.deals.cases import Opened, fund_with_mandate, open_cases
from services.funding.service.readiness import Readiness, readiness
from services.funding.store import repository
from services.funding.store.deals import committees
from services.kernel.clock import Clock, civil_date
from services.kernel.errors import Violation
from services.kernel.text import Text

_DECIDES = {Tier.INTERNAL: Action.PASS_INTERNAL, Tier.EXTERNAL: Action.APPROVE}


@dataclass(frozen=True)
class Item:
    """One deal of an agenda. `problems`: why no vote could be opened, which of one opened is that there is one.
    `missing`: documents that the decision will need beside the vote.
    """

    deal: Deal
    firm: str
    readiness: Readiness
    problems: Sequence[Violation]
    missing: tuple[EvidenceKind, ...]
    blocking: tuple[CheckResult, ...]
    brief: Text

    @property
    def eligible(self) -> int:
        """Members who may vote on it."""
        return len(self.readiness.vote.eligible)


def agenda(session: Session, catalogue: Catalogue, sitting: Sitting, clock: Clock) -> list[Item]:
    """The deals in order, as they stand now."""
    committee = session.get_one(Committee, sitting.committee_id)
    deals = [session.get_one(Deal, id_) for id_ in sitting.deals]
    repository.load_transitions(session, deals)
    today = civil_date(clock.now())
    opened = {each.deal_id: each for each in committees.votes_of_sitting(session, sitting.id)}
    return [
        _item(session, sitting, committee, _case(session, catalogue, each, today), opened.get(each.id))
        for each in deals
    ]


def _case(session: Session, catalogue: Catalogue, deal: Deal, today: date) -> Opened:
    fund, mandate = fund_with_mandate(session, deal.fund_id)
    return next(open_cases(session, catalogue, fund, mandate, today, deal.id))


def _item(
    session: Session, sitting: Sitting, committee: Committee, opened: Opened, vote: Vote | None
) -> Item:
    deal = opened.deal
    ready = readiness(session, sitting, committee, deal, Purpose.DECISION)
    edge = edges_at(deal.state, []).get(_DECIDES[committee.tier])
    return Item(
        deal=deal,
        firm=opened.firm.name,
        readiness=ready,
        problems=(_voted(vote),) if vote else ready.problems,
        missing=tuple(each.kind for each in edge.requires) if edge else (),
        blocking=tuple(each for each in run_checks(opened.case) if blocks(each)),
        brief=_brief(deal, opened.firm),
    )


def _voted(vote: Vote) -> Violation:
    """What stands in the way of another vote: how this one ended, whatever has become of the deal since."""
    tally = vote.tally
    if tally is None:
        return Violation("deal", "VOTE_OPEN", Text("表决中，尚未计票", "being voted on, not counted yet"))
    text = Text(
        f"已表决：{tally.result.label.zh}（同意{tally.yes}、反对{tally.no}、弃权{tally.abstain}）",
        f"voted on: {tally.result.label.en} ({tally.yes} for, {tally.no} against, {tally.abstain} abstained)",
    )
    return Violation("deal", "VOTED", text)


def _brief(deal: Deal, firm: Firm) -> Text:
    ticket = amount(deal.terms.ask_fen)
    zh = [f"{firm.name}，{deal.round_name}，拟投{ticket.zh}"]
    en = [f"{firm.name}, {deal.round_name}, ticket {ticket.en}"]
    if deal.terms.pre_money_fen is not None:
        before = amount(deal.terms.pre_money_fen)
        zh.append(f"投前估值{before.zh}")
        en.append(f"pre-money {before.en}")
    if firm.technology:
        zh.append(f"技术：{_clause(firm.technology)}")
        en.append(f"technology: {_clause(firm.technology)}")
    if firm.product:
        zh.append(f"产品：{_clause(firm.product)}")
        en.append(f"product: {_clause(firm.product)}")
    return Text("；".join(zh) + "。", "; ".join(en) + ".")


def _clause(text: str) -> str:
    """A text without the stop at its end, to stand within a sentence."""
    return text.strip().rstrip("。．.;；")
