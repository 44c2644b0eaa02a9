"""What is new of deals and funds: deals that wait or moved, reminders, alerts, headroom that shrank."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bole.funding.v1 import (
    capital_service_pb2,
    deal_action_pb2,
    deal_note_service_pb2,
    deal_pb2,
    deal_service_pb2,
    firm_service_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
    saved_search_service_pb2,
)
from services.chassis.filtering import quoted
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_from_wire, money_from_wire
from services.cli.answers import wording
from services.cli.funding import capital, deals, firm_figures, notes, searches
from services.cli.news.told import Told
from services.cli.session import Session
from services.kernel.clock import civil_date
from services.kernel.money import Money
from services.kernel.text import Text
from services.wording.rounds import round_name

SECONDS = 30.0
MOST = 8
_LOOKED, _CHANGED, _JOURNALS = 40, 200, 500
_OVER = ("INVESTED", "DECLINED", "WITHDRAWN", "LAPSED")
_ASIDE = ("HOLD", "WITHDRAW", "DECLINE", "REQUEST_INFORMATION")
"""Steps that are always open: they do not make a deal wait for somebody."""
_AHEAD = timedelta(days=7)


def waiting(session: Session, account: str) -> Iterator[Told]:
    """Deals of one's own with which one could go on now, some by handing in documents."""
    ended = " AND ".join(f"NOT state = {each}" for each in _OVER)
    found = 0
    for deal in _deals(session, f"owner = {quoted(account)} AND {ended}", _LOOKED):
        request = deal_service_pb2.ListDealActionsRequest(name=deal.name)
        steps = [
            wording.say(each.title, session.language)
            for each in deals.stub(session).ListDealActions(request, timeout=SECONDS).actions
            if (each.permitted or _lacks_documents_alone(each)) and each.action not in _ASIDE
        ]
        if steps:
            found += 1
            yield Told(
                "waiting",
                _called(session, deal),
                " / ".join(steps),
                "",
                deal.name,
                wording.origin(deal.origin),
            )
        if found == MOST:
            return


def moved(session: Session, then: datetime) -> Iterator[Told]:
    """Deals that took a step, other than by an import, the last first."""
    found = 0
    for deal in _deals(session, f"update_time > {quoted(then.isoformat())}", _CHANGED):
        request = deal_service_pb2.ListDealTransitionsRequest(name=deal.name)
        steps = deals.stub(session).ListDealTransitions(request, timeout=SECONDS).transitions
        if not steps or steps[-1].action == "IMPORT" or instant_from_wire(steps[-1].transition_time) <= then:
            continue
        last = steps[-1]
        state = wording.deal_state(deal_pb2.Deal.State.Name(last.to_state), session.language)
        told = f"{wording.say(last.action_title, session.language)} → {state} ({last.actor})"
        found += 1
        time = wording.minute(last.transition_time)
        yield Told("moved", _called(session, deal), told, time, deal.name, wording.origin(deal.origin))
        if found == MOST:
            return


def reminders(session: Session, now: datetime) -> Iterator[Told]:
    """One's own reminders that are due, or within a week."""
    until = date_to_wire(civil_date(now) + _AHEAD)
    request = deal_note_service_pb2.ListDealRemindersRequest(until_date=until, page_size=MOST)
    for each in notes.stub(session).ListDealReminders(request, timeout=SECONDS).notes:
        day = str(date_from_wire(each.remind_date))
        yield Told("reminder", each.name.partition("/notes/")[0], each.text, day, each.name)


def alerts(session: Session) -> Iterator[Told]:
    """What saved searches tell that was not taken note of."""
    asked = saved_search_service_pb2.ListScreeningAlertsRequest(page_size=MOST)
    for each in searches.stub(session).ListScreeningAlerts(asked, timeout=SECONDS).screening_alerts:
        day = str(date_from_wire(each.day_date))
        yield Told(
            "alert", each.deal or each.saved_search, wording.say(each.text, session.language), day, each.name
        )


def shrunk(session: Session, then: datetime) -> Iterator[Told]:
    """Funds of which more was taken than given back."""
    stub = fund_service_pb2_grpc.FundServiceStub(session.channel("funding"))
    asked = fund_service_pb2.ListFundsRequest(
        page_size=_CHANGED, filter=f"update_time > {quoted(then.isoformat())}"
    )
    for fund in stub.ListFunds(asked, timeout=SECONDS).funds:
        fen = -_freed(session, fund.name, then)
        if fen > 0:
            left = money_from_wire(fund.headroom).rounded(session.language)
            gone = Money(fen).rounded(session.language)
            told = Text(f"减少 {gone}，现可用 {left}", f"less by {gone}, now free: {left}").to(
                session.language
            )
            yield Told("headroom", fund.display_name, told, "", fund.name, wording.origin(fund.origin))


def _lacks_documents_alone(action: deal_action_pb2.DealAction) -> bool:
    return bool(action.missing_evidence) and set(action.reason_codes) == {"MISSING_EVIDENCE"}


def _freed(session: Session, fund: str, then: datetime) -> int:
    """By how many fen what is free in a fund has grown, by its newest journals."""
    request = capital_service_pb2.ListJournalsRequest(parent=fund, page_size=_JOURNALS)
    journals = capital.stub(session).ListJournals(request, timeout=SECONDS).journals
    new = (each for each in journals if instant_from_wire(each.post_time) > then)
    lines = (line for each in new for line in each.lines if line.account == "FREE")
    return sum(money_from_wire(line.amount).fen for line in lines)


def _deals(session: Session, filter_: str, most: int) -> Sequence[deal_pb2.Deal]:
    request = deal_service_pb2.ListDealsRequest(filter=filter_, order_by="update_time desc", page_size=most)
    return deals.stub(session).ListDeals(request, timeout=SECONDS).deals


def called(session: Session, name: str) -> tuple[str, str]:
    """What a deal is called, and its origin."""
    deal = deals.stub(session).GetDeal(deal_service_pb2.GetDealRequest(name=name), timeout=SECONDS)
    return _called(session, deal), wording.origin(deal.origin)


def _called(session: Session, deal: deal_pb2.Deal) -> str:
    firm = firm_figures.stub(session).GetFirm(
        firm_service_pb2.GetFirmRequest(name=deal.firm), timeout=SECONDS
    )
    return f"{firm.display_name} {round_name(deal.round, session.language)}"
