"""The nominations of the sample: made by one person, checked and reviewed by another, decided by a third."""

from datetime import date
from typing import Any, NamedTuple

from bole.talent.v1 import nomination_pb2
from bole.talent.v1 import nomination_service_pb2 as service
from services.chassis.rpc.wire import date_to_wire, money_to_wire
from services.cli.demo import sample_people
from services.cli.session import Session
from services.cli.talent.nominations import stub
from services.kernel.money import Money
from services.kernel.text import Text, counted
from services.sample.holdings import MARKED
from services.sample.nominations import PAID_FEN, QUOTAS, SampleNomination, nominations

NOMINATES, REVIEWS, DECIDES = "demo-nominator", "demo-reviewer", "demo-decider"
"""Accounts of three people, so that whoever reads the sample may take the next step of each."""
_WAYS = {
    "NOMINATED": "",
    "WITHDRAWN": "withdraw",
    "INELIGIBLE": "refuse",
    "ELIGIBLE": "check",
    "REVIEWED": "check review",
    "DECLINED": "check doubt decline",
    "AWARDED": "check review award",
    "FUNDED": "check review award fund",
    "FOLLOWED_UP": "check review award fund follow",
}
"""The steps to a state."""
_UNIT = f"省级评审专家组{MARKED}"


class Hands(NamedTuple):
    """Who takes the steps: who nominates, pays and follows up, who checks and reviews, who decides."""

    nominates: Session
    reviews: Session
    decides: Session


def send(hands: Hands, profile: str, today: date) -> Text:
    """Set the places of the year, nominate, take every nomination to its state, and say how many there are."""
    for programme, industry, places in QUOTAS:
        quota = service.NominationQuota(
            programme_code=programme, year=today.year, industry_code=industry, place_count=places
        )
        stub(hands.nominates).SetNominationQuota(service.SetNominationQuotaRequest(quota=quota))
    planned = list(nominations(sample_people.rows(profile)))
    people, made = sample_people.names_of(hands.nominates, [each.person for each in planned]), 0
    for each in planned:
        if each.person in people:
            _walk(hands, each, people[each.person], today)
            made += 1
    return Text(
        f"人才工程申报 {made} 项，名额 {len(QUOTAS)} 条",
        f"{counted(made, 'nomination')} for talent programmes, {counted(len(QUOTAS), 'quota')}",
    )


def _walk(hands: Hands, each: SampleNomination, person: str, today: date) -> None:
    nomination = nomination_pb2.Nomination(
        programme_code=each.programme,
        year=today.year,
        person=person,
        industry_code=each.industry,
        nominating_unit=each.unit,
        reason=f"从事本产业关键技术攻关，成果已应用{MARKED}",
    )
    made = stub(hands.nominates).CreateNomination(service.CreateNominationRequest(nomination=nomination))
    requests = _requests(PAID_FEN[each.programme], today)
    for step in _WAYS[each.state].split():
        hand, method, request = requests[step]
        request.name, request.etag = made.name, made.etag
        made = getattr(stub(getattr(hands, hand)), method)(request)


def _requests(paid_fen: int, today: date) -> dict[str, tuple[str, str, Any]]:
    """By step: whose it is, its method, and what it says."""
    day = date_to_wire(today)
    return {
        "check": _check(met=True),
        "refuse": _check(met=False),
        "review": _review("建议入选", recommends=True),
        "doubt": _review("成果应用不足，不建议入选", recommends=False),
        "award": _decide("按评审意见入选", awards=True),
        "decline": _decide("按评审意见不入选", awards=False),
        "fund": (
            *("nominates", "FundNomination"),
            service.FundNominationRequest(
                amount=money_to_wire(Money(paid_fen)), paid_date=day, document=f"拨付通知{MARKED}"
            ),
        ),
        "follow": (
            *("nominates", "FollowUpNomination"),
            service.FollowUpNominationRequest(
                result=nomination_pb2.FOLLOW_UP_RESULT_IN_POST, observed_date=day
            ),
        ),
        "withdraw": (
            *("nominates", "WithdrawNomination"),
            service.WithdrawNominationRequest(note=f"本人另有安排{MARKED}"),
        ),
    }


def _check(*, met: bool) -> tuple[str, str, Any]:
    clauses = [
        nomination_pb2.EligibilityClause(clause=f"申报条件第{number}条{MARKED}", met=met or number != "二")
        for number in "一二"
    ]
    request = service.CheckNominationEligibilityRequest(clauses=clauses, unit=_UNIT)
    return "reviews", "CheckNominationEligibility", request


def _review(said: str, *, recommends: bool) -> tuple[str, str, Any]:
    request = service.ReviewNominationRequest(recommends=recommends, unit=_UNIT, note=f"{said}{MARKED}")
    return "reviews", "ReviewNomination", request


def _decide(said: str, *, awards: bool) -> tuple[str, str, Any]:
    return (
        "decides",
        "DecideNomination",
        service.DecideNominationRequest(awards=awards, note=f"{said}{MARKED}"),
    )
