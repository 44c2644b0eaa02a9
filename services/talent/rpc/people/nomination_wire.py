"""Nominations between the contract and the domain."""

from collections.abc import Mapping
from typing import Any

from bole.talent.v1 import nomination_pb2
from services.chassis.rpc.wire import (
    date_from_wire,
    date_to_wire,
    etag_of,
    instant_to_wire,
    money_from_wire,
    money_to_wire,
    text_to_wire,
)
from services.kernel.errors import InvalidArgument
from services.kernel.money import CNY, Money
from services.kernel.text import Text
from services.talent.domain.nomination import Clause, Detail, FollowUp, Nomination, Step, StepKind
from services.talent.events import origin_to_wire

FIELDS = {
    "programme": "nomination.programme_code",
    "year": "nomination.year",
    "industry": "nomination.industry_code",
    "person": "nomination.person",
    "unit": "nomination.nominating_unit",
    "reason": "nomination.reason",
}
STEP_FIELDS = {
    "day": "date",
    "approves": "recommends",
    "follow_up": "result",
}
METHODS = {
    StepKind.CHECK: "CheckNominationEligibility",
    StepKind.DECLARE_CONFLICT: "DeclareConflictOfInterest",
    StepKind.REVIEW: "ReviewNomination",
    StepKind.DECIDE: "DecideNomination",
    StepKind.FUND: "FundNomination",
    StepKind.FOLLOW_UP: "FollowUpNomination",
    StepKind.WITHDRAW: "WithdrawNomination",
}
"""What takes each step but the first."""


def nomination_to_wire(nomination: Nomination, shown_as: Mapping[str, str]) -> nomination_pb2.Nomination:
    """The whole record; what its steps say is listed apart. `shown_as`: the person of a merged record."""
    person, team, decided = nomination.person_id, nomination.team_id, nomination.decided
    person = shown_as.get(person, person) if person else None
    return nomination_pb2.Nomination(
        name=f"nominations/{nomination.id}",
        etag=etag_of(nomination.version),
        state=f"STATE_{nomination.state.name}",
        programme_code=nomination.programme,
        year=nomination.year,
        person=f"persons/{person}" if person else "",
        team=f"teams/{team}" if team else "",
        city_code=nomination.city,
        industry_code=nomination.industry,
        nominating_unit=nomination.unit,
        nominated_by=nomination.nominated_by,
        funded=money_to_wire(Money(nomination.funded_fen)) if nomination.funded_fen else None,
        decided_date=date_to_wire(decided) if decided else None,
        origin=origin_to_wire(nomination.origin),
        create_time=instant_to_wire(nomination.created_at),
        update_time=instant_to_wire(nomination.updated_at),
    )


def step_to_wire(step: Step) -> nomination_pb2.NominationStep:
    """One step with what it says."""
    said = step.detail
    return nomination_pb2.NominationStep(
        number=step.number,
        kind=f"KIND_{step.kind.name}",
        before=f"STATE_{step.before.name}" if step.before else None,
        after=f"STATE_{step.after.name}",
        author=step.actor,
        time=instant_to_wire(step.at),
        note=said.note,
        document=said.document,
        unit=said.unit,
        clauses=[
            nomination_pb2.EligibilityClause(clause=each.clause, met=each.met, note=each.note)
            for each in said.clauses
        ],
        approves=said.approves,
        amount=money_to_wire(Money(said.amount_fen)) if said.amount_fen else None,
        date=date_to_wire(said.day) if said.day else None,
        result=f"FOLLOW_UP_RESULT_{said.follow_up.name}" if said.follow_up else None,
    )


def option_to_wire(kind: StepKind, reason: Text | None) -> nomination_pb2.NominationStepOption:
    """A step that may come next, or why not."""
    return nomination_pb2.NominationStepOption(
        kind=f"KIND_{kind.name}", reason=None if reason is None else text_to_wire(reason)
    )


def detail_of(request: Any) -> Detail:
    """What a request for a step says; fields that it does not have are empty.

    Raises InvalidArgument (CURRENCY_NOT_CNY).
    """
    names = request.DESCRIPTOR.fields_by_name
    approves = "recommends" if "recommends" in names else "awards" if "awards" in names else None
    day = "paid_date" if "paid_date" in names else "observed_date" if "observed_date" in names else None
    result = nomination_pb2.FollowUpResult.Name(request.result) if "result" in names else ""
    return Detail(
        note=request.note if "note" in names else "",
        document=request.document if "document" in names else "",
        unit=request.unit if "unit" in names else "",
        clauses=tuple(Clause(each.clause, each.met, each.note) for each in getattr(request, "clauses", ())),
        approves=getattr(request, approves) if approves else None,
        amount_fen=_fen(request) if "amount" in names else 0,
        day=date_from_wire(getattr(request, day)) if day else None,
        follow_up=FollowUp[result.removeprefix("FOLLOW_UP_RESULT_")] if result else None,
        another="another" in names and request.another,
    )


def _fen(request: Any) -> int:
    money = money_from_wire(request.amount)
    if money.currency != CNY:
        raise InvalidArgument.field(
            "amount",
            "CURRENCY_NOT_CNY",
            "金额须为人民币（CNY）",
            "the amount must be in CNY",
        )
    return money.fen
