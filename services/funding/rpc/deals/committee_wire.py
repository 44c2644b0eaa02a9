"""Between the contract of committees and the domain."""

from collections.abc import Iterable, Sequence
from typing import Any

from bole.funding.v1 import committee_pb2 as wire
from services.chassis.rpc.wire import etag_of, instant_to_wire, text_to_wire
from services.funding.domain.committee.committee import Committee, Seat, SeatKind, Tier
from services.funding.domain.committee.decision import Decision
from services.funding.domain.committee.rule import VotingRule
from services.funding.domain.committee.sitting import Sitting
from services.funding.domain.committee.vote import Ballot, Veto, Vote
from services.funding.rpc.wire import id_of
from services.funding.service.deals.agenda import Item
from services.kernel.errors import InvalidArgument

COMMITTEE_FIELDS = {"seats": "committee.seats"}


def vote_key(name: str, field: str) -> tuple[str, str]:
    """Sitting and deal of `sittings/{id}/votes/{deal id}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    if len(parts) != 4 or (parts[0], parts[2]) != ("sittings", "votes") or not parts[1] or not parts[3]:
        raise InvalidArgument.field(
            field,
            "INVALID_NAME",
            "名称应写成 sittings/编号/votes/项目编号",
            "the name must read sittings/{id}/votes/{deal id}",
        )
    return parts[1], parts[3]


def deals_of(names: Iterable[str], field: str) -> list[str]:
    """Ids of deals. Raises InvalidArgument (INVALID_NAME)."""
    return [id_of(name, "deals", field=f"{field}[{number}]") for number, name in enumerate(names)]


def seats_of(seats: Iterable[Any]) -> tuple[Seat, ...]:
    """The seats that a request names."""
    return tuple(
        Seat(
            member=each.member,
            name=each.display_name,
            organisation=each.organisation,
            kind=SeatKind[wire.CommitteeSeat.Kind.Name(each.kind).removeprefix("KIND_")],
        )
        for each in seats
    )


def tier_of(committee: wire.Committee) -> Tier:
    """The tier that a request names."""
    return Tier[wire.Committee.Tier.Name(committee.tier).removeprefix("TIER_")]


def _seat(seat: Seat) -> wire.CommitteeSeat:
    return wire.CommitteeSeat(
        member=seat.member,
        display_name=seat.name,
        organisation=seat.organisation,
        kind=f"KIND_{seat.kind.name}",
    )


def _rule(rule: VotingRule) -> wire.VotingRule:
    return wire.VotingRule(
        quorum=f"{rule.quorum.num}/{rule.quorum.den}",
        majority=f"{rule.majority.num}/{rule.majority.den}",
        least_ballots=rule.least_ballots,
    )


def committee_to_wire(committee: Committee, rule: VotingRule) -> wire.Committee:
    """The committee with the rule it votes by."""
    return wire.Committee(
        name=f"committees/{committee.id}",
        etag=etag_of(committee.version),
        fund=f"funds/{committee.fund_id}",
        tier=f"TIER_{committee.tier.name}",
        seats=[_seat(each) for each in committee.seats],
        rule=_rule(rule),
        create_time=instant_to_wire(committee.created_at),
        update_time=instant_to_wire(committee.updated_at),
    )


def sitting_to_wire(sitting: Sitting, committee: Committee) -> wire.Sitting:
    """The sitting."""
    return wire.Sitting(
        name=f"sittings/{sitting.id}",
        etag=etag_of(sitting.version),
        committee=f"committees/{committee.id}",
        fund=f"funds/{committee.fund_id}",
        tier=f"TIER_{committee.tier.name}",
        sit_time=instant_to_wire(sitting.sits_at),
        deals=[f"deals/{each}" for each in sitting.deals],
        seats=[_seat(each) for each in sitting.seats],
        create_time=instant_to_wire(sitting.created_at),
    )


def item_to_wire(item: Item) -> wire.AgendaItem:
    """One deal of an agenda."""
    return wire.AgendaItem(
        deal=f"deals/{item.deal.id}",
        firm_title=item.firm,
        round=item.deal.round_name,
        state_title=item.deal.state.label.zh,
        ready=not item.problems,
        problems=[text_to_wire(each.text) for each in item.problems],
        missing_evidence=[kind.name for kind in item.missing],
        missing_evidence_titles=[text_to_wire(kind.label) for kind in item.missing],
        undeclared_members=sorted(item.readiness.undeclared),
        recused_members=[each.member for each in item.readiness.vote.recusals],
        eligible_count=item.eligible,
        quorum_needed=item.readiness.vote.rule.quorum_of(item.eligible),
        majority_needed=item.readiness.vote.rule.majority_of(item.eligible),
        quorum_possible=item.readiness.vote.rule.quorum_possible(item.eligible),
        blocking_checks=[each.code for each in item.blocking],
        blocking_check_titles=[text_to_wire(each.name) for each in item.blocking],
        brief=text_to_wire(item.brief),
    )


def vote_to_wire(vote: Vote, cast: int, vetoes: Sequence[Veto]) -> wire.Vote:
    """The vote; counts and vetoes only once it is closed."""
    eligible, tally = len(vote.eligible), vote.tally
    message = wire.Vote(
        result=f"RESULT_{tally.result.name}" if tally else None,
        name=vote.name,
        etag=etag_of(vote.version),
        deal=f"deals/{vote.deal_id}",
        tier=f"TIER_{vote.tier.name}",
        purpose=f"PURPOSE_{vote.purpose.name}",
        state="STATE_OPEN" if tally is None else "STATE_CLOSED",
        open_time=instant_to_wire(vote.opened_at),
        close_time=instant_to_wire(vote.closed_at) if vote.closed_at else None,
        eligible_count=eligible,
        recused_members=[each.member for each in vote.recusals],
        cast_count=cast,
        quorum_needed=vote.rule.quorum_of(eligible),
        majority_needed=vote.rule.majority_of(eligible),
    )
    if tally is not None:
        message.yes_count, message.no_count, message.abstain_count = tally.yes, tally.no, tally.abstain
        message.vetoes.extend(veto_to_wire(each) for each in vetoes)
    return message


def ballot_to_wire(vote: Vote, ballot: Ballot) -> wire.Ballot:
    """One ballot."""
    return wire.Ballot(
        name=f"{vote.name}/ballots/{ballot.member}",
        member=ballot.member,
        choice=f"CHOICE_{ballot.choice.name}",
        text=ballot.text,
        cast_time=instant_to_wire(ballot.at),
    )


def veto_to_wire(veto: Veto) -> wire.Veto:
    """One veto."""
    return wire.Veto(
        member=veto.member, check_code=veto.check, text=veto.text, cast_time=instant_to_wire(veto.at)
    )


def decision_to_wire(deal_id: str, decision: Decision, superseded: Iterable[int]) -> wire.Decision:
    """One decision."""
    return wire.Decision(
        name=f"deals/{deal_id}/decisions/{decision.number}",
        number=decision.number,
        tier=f"TIER_{decision.tier.name}",
        outcome=f"OUTCOME_{decision.outcome.name}",
        vote=f"sittings/{decision.sitting}/votes/{deal_id}" if decision.sitting else "",
        conditions=decision.conditions,
        reason=decision.reason,
        actor=decision.actor,
        decide_time=instant_to_wire(decision.at),
        supersedes=decision.supersedes,
        standing=decision.number not in set(superseded),
    )
