"""Whether duty was done (已履行应尽职责): the papers before the decision, dissent answered, visits afterwards."""

from collections.abc import Iterator

from services.funding.domain.committee.committee import Tier
from services.funding.domain.committee.vote import Choice
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.states import DealState
from services.funding.domain.dossier.facts import Facts, Finding, Item, StatutoryTest
from services.funding.domain.dossier.papers import paper_item
from services.kernel.clock import civil_date
from services.kernel.text import Text

_DILIGENCE = (
    EvidenceKind.DD_BUSINESS,
    EvidenceKind.DD_LEGAL,
    EvidenceKind.DD_FINANCIAL,
    EvidenceKind.SITE_VISIT,
    EvidenceKind.VALUATION_BASIS,
    EvidenceKind.RISK_LIST,
)
_VISITS_EVERY_MONTHS = 12


def due_diligence(facts: Facts) -> Iterator[Item]:
    """The items of the test."""
    decision = facts.approved(Tier.INTERNAL) or facts.approved(Tier.EXTERNAL)
    decided = decision.at if decision else None
    for kind in _DILIGENCE:
        yield paper_item(facts, StatutoryTest.DUE_DILIGENCE, kind, decided)
    yield _dissent(facts)
    yield _visits(facts)


def _dissent(facts: Facts) -> Item:
    title = Text("反对意见已回应", "votes against were answered")
    against = [
        (poll, ballot) for poll in facts.polls for ballot in poll.ballots if ballot.choice is Choice.NO
    ]
    taken = {decision.sitting: decision for decision in facts.decisions}
    open_ = [poll for poll, _ in against if not _answered(taken.get(poll.vote.sitting_id))]
    if not against:
        finding, text = Finding.NOT_APPLICABLE, Text("没有反对票", "no vote was against")
    elif open_:
        decided = all(poll.vote.sitting_id in taken for poll in open_)
        finding, text = (
            Finding.MISSING,
            Text("决定未写明对反对意见的回应", "the decision does not answer them")
            if decided
            else Text("表决后尚未作出决定", "nothing was decided after the vote yet"),
        )
    else:
        finding, text = (
            Finding.SATISFIED,
            Text("决定写明了理由或条件", "the decision states reasons or conditions"),
        )
    return Item(
        test=StatutoryTest.DUE_DILIGENCE,
        code="DISSENT_ANSWERED",
        title=title,
        finding=finding,
        text=text,
        evidence=tuple(sorted({poll.vote.name for poll, _ in against})),
    )


def _answered(decision: object) -> bool:
    return bool(getattr(decision, "reason", "") or getattr(decision, "conditions", ""))


def _visits(facts: Facts) -> Item:
    title = Text("投后走访按期进行（每12个月）", "visits after the investment, every 12 months")
    paid = next((step for step in facts.deal.transitions if step.target is DealState.INVESTED), None)
    papers = [each for each in facts.papers if each.kind is EvidenceKind.POST_INVESTMENT_VISIT]
    code, test = "POST_INVESTMENT_VISITS", StatutoryTest.DUE_DILIGENCE
    if paid is None:
        finding, text = Finding.NOT_APPLICABLE, Text("尚未出资", "not paid")
    else:
        first, today = civil_date(paid.at), civil_date(facts.as_of)
        due = ((today.year - first.year) * 12 + today.month - first.month) // _VISITS_EVERY_MONTHS
        enough = len({each.sha256 for each in papers}) >= due
        finding = Finding.SATISFIED if enough else Finding.MISSING
        text = Text(f"应有{due}次，在案{len(papers)}次", f"{due} due, {len(papers)} on record")
    return Item(
        test=test,
        code=code,
        title=title,
        finding=finding,
        text=text,
        evidence_at=papers[-1].received_at if papers else None,
        evidence=tuple(each.source for each in papers),
    )
