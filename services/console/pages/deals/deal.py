"""One deal: terms, scores, checks, what can be done, interests, votes, notes, documents and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import grpc
from starlette.responses import Response

from bole.funding.v1 import (
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_pb2,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
    interest_pb2,
    interest_service_pb2,
    interest_service_pb2_grpc,
    investment_pb2,
    investment_service_pb2,
    investment_service_pb2_grpc,
    screening_pb2,
    screening_service_pb2,
    screening_service_pb2_grpc,
)
from services.chassis.rpc.failures import Failure, read_failure
from services.console.backend import SECONDS
from services.console.pages import origins
from services.console.pages.beside import Beside, beside, together
from services.console.pages.deals import noted, votes
from services.console.pages.deals.flow import Card, card, stops
from services.console.pages.deals.move import documents_only, out_of_place
from services.console.pages.deals.remedies import remedies
from services.console.pages.deals.stated import UNDECIDED, written
from services.console.web.refusals import status_of
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.wording.deal_papers import PAPERS

_UNDECLARED, _RECUSED = "COI_UNDECLARED", "RECUSED"


@dataclass(frozen=True, slots=True)
class Bar:
    """An input of a score: points earned and possible, as widths of 100."""

    dimension: screening_pb2.Score.Dimension
    earned: float
    possible: float


def show(visit: Visit) -> Response:
    """The page; its public card alone for who has yet to declare their interests."""
    return page(visit)


def page(visit: Visit, problem: Failure | None = None) -> Response:
    """The page, with what was wrong about what was just sent, if anything was."""
    name = f"deals/{visit.part('id')}"
    deals = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    deal = deals.GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)
    (screened, closed), interests, firm = together(
        lambda: _screened(visit, name), lambda: _interests(visit, name), lambda: _firm(visit, deal.firm)
    )
    own = "RECUSED" if closed == _RECUSED else _standing(visit, interests)
    given: dict[str, Any] = {
        "deal": deal,
        "id": visit.part("id"),
        "done": visit.get("done"),
        "problem": problem,
        "sent": visit.path.rpartition("/")[2] if problem else "",
        "synthetic": origins.is_sample(deal),
        "active": "deals",
        "interests": interests,
        "ties": _TIES,
        "card": card(visit, screened) if screened else None,
        "firm": firm,
        "remedies": remedies(visit, deal, free=own != "RECUSED"),
        "undecided": deal.state in UNDECIDED,
        "ended": deal.state in _ENDED,
        "own": own,
        "free": own != "RECUSED",
        "stated": written(visit, deal),
        "check_titles": {each.code: each.title for each in screened.checks} if screened else {},
    }
    if closed in (_UNDECLARED, _RECUSED):
        return render(visit, "deals/card.html", status_of(problem), **given)
    given |= _file(visit, deals, deal)
    if screened is not None:
        given |= _judged(card(visit, screened))
    return render(visit, "deals/deal.html", status_of(problem), **given)


def _screened(visit: Visit, name: str) -> tuple[screening_pb2.ScreenedDeal | None, str]:
    """The deal as its fund's rules see it, None for who may not; and the reason why not, empty for none."""
    stub = visit.stub(screening_service_pb2_grpc.ScreeningServiceStub)
    try:
        return stub.ScreenDeal(screening_service_pb2.ScreenDealRequest(name=name), timeout=SECONDS), ""
    except grpc.RpcError as error:
        failure = read_failure(error)
        if failure.code == "PERMISSION_DENIED":
            return None, failure.reason
        raise


def _judged(shown: Card) -> dict[str, Any]:
    """Scores input by input, and checks, what stops the deal first."""
    checks = sorted(shown.screened.checks, key=_urgency)
    return {
        "scores": [(each, [bar_of(each, one) for one in each.dimensions]) for each in shown.screened.scores],
        "pressing": [each for each in checks if _urgency(each) < _CALM],
        "calm": [each for each in checks if _urgency(each) >= _CALM],
        "stops": stops,
    }


def _file(visit: Visit, deals: deal_service_pb2_grpc.DealServiceStub, deal: deal_pb2.Deal) -> dict[str, Any]:
    """What is beyond the card."""
    funds = visit.stub(fund_service_pb2_grpc.FundServiceStub)
    documents = visit.stub(deal_document_service_pb2_grpc.DealDocumentServiceStub)
    name, to_fund = deal.name, fund_service_pb2.GetFundRequest(name=deal.fund)
    to_actions = deal_service_pb2.ListDealActionsRequest(name=name)
    to_history = deal_service_pb2.ListDealTransitionsRequest(name=name)
    to_documents = deal_document_service_pb2.ListDealDocumentsRequest(parent=name)
    fund, actions, history, listed, notes, voted, decided, held, planned = together(
        lambda: beside(lambda: funds.GetFund(to_fund, timeout=SECONDS)),
        lambda: beside(lambda: deals.ListDealActions(to_actions, timeout=SECONDS).actions),
        lambda: beside(lambda: list(deals.ListDealTransitions(to_history, timeout=SECONDS).transitions)),
        lambda: beside(lambda: documents.ListDealDocuments(to_documents, timeout=SECONDS).documents),
        lambda: noted.of_deal(visit, name),
        lambda: votes.of_deal(visit, deal),
        lambda: votes.decisions(visit, name),
        lambda: _held(visit, deal),
        lambda: _planned(visit, deal),
    )
    return {
        "fund": fund.answer,
        "documents_only": documents_only,
        "out_of_place": out_of_place,
        "actions": actions,
        "history": history,
        "documents": listed,
        "held": held,
        "planned": planned,
        "paper_kinds": PAPERS,
        "filed": {each.name: each for each in listed.answer or ()},
        "notes": notes,
        "votes": voted,
        "decisions": decided,
    }


def _held(visit: Visit, deal: deal_pb2.Deal) -> Beside[investment_pb2.Investment] | None:
    """What came of the deal once it was paid; None before."""
    if deal.state != deal_pb2.Deal.STATE_INVESTED:
        return None
    stub = visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
    request = investment_service_pb2.GetInvestmentRequest(name=deal.name.replace("deals/", "investments/"))
    return beside(lambda: stub.GetInvestment(request, timeout=SECONDS))


def _planned(visit: Visit, deal: deal_pb2.Deal) -> Beside[investment_pb2.TranchePlan] | None:
    """How the deal is to be paid; None where it is not signed, or paid already; no answer where nobody planned it."""
    if deal.state != deal_pb2.Deal.STATE_SIGNED:
        return None
    stub = visit.stub(investment_service_pb2_grpc.InvestmentServiceStub)
    request = investment_service_pb2.GetTranchePlanRequest(name=f"{deal.name}/tranchePlan")
    return beside(lambda: stub.GetTranchePlan(request, timeout=SECONDS))


def _interests(visit: Visit, name: str) -> Beside[interest_service_pb2.ListInterestsResponse]:
    stub = visit.stub(interest_service_pb2_grpc.InterestServiceStub)
    request = interest_service_pb2.ListInterestsRequest(parent=name)
    return beside(lambda: stub.ListInterests(request, timeout=SECONDS))


def _standing(visit: Visit, interests: Beside[interest_service_pb2.ListInterestsResponse]) -> str:
    """What the visitor's own last declaration means now; empty for who has not declared."""
    subject = visit.principal.subject if visit.principal else ""
    said = interests.answer.interests if interests.answer else ()
    states = interest_pb2.InterestDeclaration.State
    own = (states.Name(each.state) for each in reversed(said) if each.member == subject)
    return next(own, "").removeprefix("STATE_")


def _firm(visit: Visit, name: str) -> firm_pb2.Firm | None:
    stub = visit.stub(firm_service_pb2_grpc.FirmServiceStub)
    return beside(lambda: stub.GetFirm(firm_service_pb2.GetFirmRequest(name=name), timeout=SECONDS)).answer


def bar_of(score: screening_pb2.Score, dimension: screening_pb2.Score.Dimension) -> Bar:
    """An input of a score. What is missing is left out of a score, and the others share its weight among them: what
    can be earned is the weight over the share that is known, so that all of it adds up to 100.
    """
    known = 1.0 if dimension.missing else score.coverage or 1.0
    return Bar(dimension, round(dimension.points, 1), round(dimension.weight / known, 1))


_CALM = 3


def _urgency(check: screening_pb2.CheckResult) -> int:
    """What stops the deal first, then what warns, then what is unknown; the rest is calm."""
    kinds = screening_pb2.CheckResult
    if stops(check):
        return 0
    if check.outcome == kinds.OUTCOME_FAIL:
        return 1
    if check.outcome in (kinds.OUTCOME_UNKNOWN, kinds.OUTCOME_WAIVED):
        return 2
    return 4 if check.outcome == kinds.OUTCOME_NOT_APPLICABLE else _CALM


_ENDED = (
    deal_pb2.Deal.STATE_DECLINED,
    deal_pb2.Deal.STATE_WITHDRAWN,
    deal_pb2.Deal.STATE_LAPSED,
)
_TIES: Sequence[int] = [each for each in interest_pb2.InterestKind.values() if each]
