"""What has changed since a visitor last looked, in their own work: cells, deals, headroom, proposals, alerts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bole.funding.v1 import (
    capital_pb2,
    capital_service_pb2,
    capital_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from bole.matcher.v1 import partner_pb2, proposal_pb2, proposal_service_pb2, proposal_service_pb2_grpc
from bole.talent.v1 import (
    act_application_service_pb2,
    shortage_watch_pb2,
    shortage_watch_service_pb2,
    shortage_watch_service_pb2_grpc,
)
from services.chassis.filtering import quoted
from services.chassis.rpc.wire import instant_from_wire, money_from_wire
from services.console.backend import SECONDS
from services.console.deal_words import OVER
from services.console.pages import approvals, papers
from services.console.pages.beside import Beside, beside, for_each
from services.console.pages.called import called
from services.console.pages.deals.move import documents_only
from services.console.pages.deals.noted import Reminded, left_lying, reminders
from services.console.pages.deals.searches import Told, told
from services.console.pages.deals.seated import Ballot, Seated, ballots, seated
from services.console.pages.events import partners
from services.console.pages.starred import Starred, starred
from services.console.web.visits import Visit
from services.wording.papers import Paper

_MOST = 8
_LOOKED = 40
"""Deals that are looked at for so many that are shown."""
_CHANGED = 500
_JOURNALS = (10, 500)
"""How many of the newest are asked for: a few, and where all of them are new, the most."""
_ASIDE = ("HOLD", "WITHDRAW", "DECLINE", "REQUEST_INFORMATION")
"""Steps that are always open: they do not make a deal wait for somebody."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """Watches whose cell has reached since then what it is watched for, and those whose cell has fallen below it."""

    reached: Sequence[shortage_watch_pb2.ShortageWatch]
    left: Sequence[shortage_watch_pb2.ShortageWatch]

    def __bool__(self) -> bool:
        return bool(self.reached or self.left)


@dataclass(frozen=True, slots=True)
class Moved:
    """A deal's last step since then. `firm` is the firm's name where the visitor may read it."""

    deal: deal_pb2.Deal
    step: deal_pb2.DealTransition
    firm: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A deal of the visitor's own, and what they could do now."""

    deal: deal_pb2.Deal
    actions: Sequence[Any]
    firm: str


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A fund that has less free than then, in fen."""

    fund: fund_pb2.Fund
    fen: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal that was accepted, and what its two sides are called."""

    proposal: proposal_pb2.Proposal
    anchor: str
    candidate: str


@dataclass(frozen=True, slots=True)
class News:
    """What there is; a part that the visitor may not ask for is refused, with the reason."""

    cells: Beside[Crossed]
    moved: Beside[list[Moved]]
    waiting: Beside[list[Waiting]]
    shrunk: Beside[list[Shrunk]]
    accepted: Beside[list[Accepted]]
    alerts: Beside[list[Told]]
    seated: Beside[list[Seated]]
    reminders: Beside[list[Reminded]]
    left_lying: Beside[list[Reminded]]
    approvals: Beside[list[act_application_service_pb2.ActApplication]]
    partners: Beside[list[partner_pb2.Partner]]
    ballots: Beside[list[Ballot]]
    starred: Beside[Starred]
    papers: Beside[list[Paper]]

    @property
    def empty(self) -> bool:
        """Whether nothing has changed in anything that was answered."""
        return not any(
            each.answer
            for each in (
                self.cells,
                self.moved,
                self.waiting,
                self.shrunk,
                self.accepted,
                self.alerts,
                self.seated,
                self.reminders,
                self.left_lying,
                self.approvals,
                self.partners,
                self.ballots,
                self.starred,
                self.papers,
            )
        )

    @property
    def records(self) -> list[deal_pb2.Deal | fund_pb2.Fund | proposal_pb2.Proposal | Starred | Paper]:
        """The records that it is about, as far as they say where they come from."""
        return [
            *(each.deal for each in (*(self.moved.answer or ()), *(self.waiting.answer or ()))),
            *(each.fund for each in self.shrunk.answer or ()),
            *(each.proposal for each in self.accepted.answer or ()),
            *((self.starred.answer,) if self.starred.answer else ()),
            *(self.papers.answer or ()),
        ]


def since(visit: Visit, then: datetime) -> News:
    """What changed since `then`. The services judge what the visitor may know of it."""
    asks: list[Callable[[], Any]] = [
        lambda: cells(visit, then),
        lambda: moved(visit, then),
        lambda: waiting(visit),
        lambda: shrunk(visit, then),
        lambda: _accepted(visit, then),
        lambda: told(visit, _MOST),
        lambda: seated(visit),
        lambda: reminders(visit, _MOST),
        lambda: left_lying(visit, _MOST),
        lambda: approvals.waiting(visit),
        lambda: partners.troubled(visit, _MOST),
        lambda: ballots(visit, _MOST),
        lambda: starred(visit, then),
        lambda: papers.waiting(visit),
    ]
    found = News(*for_each(beside, asks))
    if found.starred.answer and found.cells.answer:
        watched = [each.scope for each in (*found.cells.answer.reached, *found.cells.answer.left)]
        return replace(found, starred=Beside(found.starred.answer.without(watched), None))
    return found


def cells(visit: Visit, then: datetime) -> Crossed:
    """The visitor's watches that have something new to tell."""
    stub = visit.stub(shortage_watch_service_pb2_grpc.ShortageWatchServiceStub)
    request = shortage_watch_service_pb2.ListShortageWatchesRequest(page_size=500)
    found = stub.ListShortageWatches(request, timeout=SECONDS).watches
    return Crossed(
        [each for each in found if each.reached and instant_from_wire(each.reach_time) > then],
        [
            each
            for each in found
            if not each.reached and each.HasField("leave_time") and instant_from_wire(each.leave_time) > then
        ],
    )


def _deals(visit: Visit, filter_: str, most: int) -> Sequence[deal_pb2.Deal]:
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    request = deal_service_pb2.ListDealsRequest(filter=filter_, order_by="update_time desc", page_size=most)
    return stub.ListDeals(request, timeout=SECONDS).deals


def moved(visit: Visit, then: datetime) -> list[Moved]:
    """Deals that were there then and took a step, and new ones that did not come by an import: of a file of many those
    would be all that is newest.
    """
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    changed = _deals(visit, f"update_time > {quoted(then.isoformat())}", _CHANGED)
    there = [deal for deal in changed if instant_from_wire(deal.create_time) <= then]
    new = [deal for deal in changed if instant_from_wire(deal.create_time) > then]
    found = []
    for deal in (*there[:_MOST], *new[:_LOOKED]):
        request = deal_service_pb2.ListDealTransitionsRequest(name=deal.name)
        steps = stub.ListDealTransitions(request, timeout=SECONDS).transitions
        last = steps[-1] if steps else None
        if last is not None and last.action != "IMPORT" and instant_from_wire(last.transition_time) > then:
            found.append(Moved(deal, last, _firm(visit, deal.firm)))
    return sorted(found, key=lambda each: each.step.transition_time.ToNanoseconds(), reverse=True)[:_MOST]


def waiting(visit: Visit) -> list[Waiting]:
    """Deals of the visitor's own with which they could go on now, some by handing in documents."""
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    subject = visit.principal.subject if visit.principal else ""
    ended = " AND ".join(f"NOT state = {each}" for each in OVER)
    found = []
    for deal in _deals(visit, f"owner = {quoted(subject)} AND {ended}", _LOOKED):
        request = deal_service_pb2.ListDealActionsRequest(name=deal.name)
        actions = [
            each
            for each in stub.ListDealActions(request, timeout=SECONDS).actions
            if (each.permitted or documents_only(each)) and each.action not in _ASIDE
        ]
        if actions:
            found.append(Waiting(deal, actions, _firm(visit, deal.firm)))
        if len(found) == _MOST:
            break
    return found


def _firm(visit: Visit, name: str) -> str:
    stub = visit.stub(firm_service_pb2_grpc.FirmServiceStub)
    told = beside(lambda: stub.GetFirm(firm_service_pb2.GetFirmRequest(name=name), timeout=SECONDS))
    return told.answer.display_name if told.answer else ""


def shrunk(visit: Visit, then: datetime) -> list[Shrunk]:
    """Funds of which more was taken than given back since then. Of all that the visitor sees those are looked at whose
    records changed since, as each journal changes its fund's.
    """
    stub = visit.stub(capital_service_pb2_grpc.CapitalServiceStub)
    funds = _changed_funds(visit, then)
    taken = for_each(lambda fund: -_freed(stub, fund.name, then), funds)
    return [Shrunk(fund, fen) for fund, fen in zip(funds, taken, strict=True) if fen > 0]


def _changed_funds(visit: Visit, then: datetime) -> list[fund_pb2.Fund]:
    stub = visit.stub(fund_service_pb2_grpc.FundServiceStub)
    request = fund_service_pb2.ListFundsRequest(
        page_size=_CHANGED, filter=f"update_time > {quoted(then.isoformat())}"
    )
    found: list[fund_pb2.Fund] = []
    while True:
        page = stub.ListFunds(request, timeout=SECONDS)
        found += page.funds
        if not page.next_page_token:
            return sorted(found, key=lambda each: each.display_name)
        request.page_token = page.next_page_token


def _freed(stub: capital_service_pb2_grpc.CapitalServiceStub, fund: str, then: datetime) -> int:
    """By how many fen what is free in a fund has grown since then."""
    new: list[capital_pb2.LedgerJournal] = []
    for most in _JOURNALS:
        request = capital_service_pb2.ListJournalsRequest(parent=fund, page_size=most)
        newest = stub.ListJournals(request, timeout=SECONDS).journals
        new = [each for each in newest if instant_from_wire(each.post_time) > then]
        if len(new) < most:
            break
    lines = (line for each in new for line in each.lines if line.account == "FREE")
    return sum(money_from_wire(line.amount).fen for line in lines)


def _accepted(visit: Visit, then: datetime) -> list[Accepted]:
    stub = visit.stub(proposal_service_pb2_grpc.ProposalServiceStub)
    request = proposal_service_pb2.ListProposalsRequest(
        filter=f"state = ACCEPTED AND update_time > {quoted(then.isoformat())}",
        order_by="update_time desc",
        page_size=_MOST,
    )
    found = stub.ListProposals(request, timeout=SECONDS).proposals
    names = called(visit, [name for each in found for name in (each.anchor, each.candidate)])
    return [Accepted(each, names[each.anchor].title, names[each.candidate].title) for each in found]
