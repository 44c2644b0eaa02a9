"""Between the contract of financing rounds and their domain."""

from bole.funding.v1 import round_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.funding.domain.firm.round import Participant, RoundFacts, RoundRevision
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.funds.capital_wire import KINDS, PARTIES
from services.funding.rpc.wire import id_of
from services.kernel.errors import InvalidArgument


def round_to_wire(revision: RoundRevision) -> round_pb2.FinancingRound:
    """One revision of a round, with who of us may claim what of the outside money."""
    facts = revision.facts
    tickets = {each.fund_id: each.fen for each in revision.tickets}
    return round_pb2.FinancingRound(
        name=f"firms/{revision.firm_id}/rounds/{revision.id}",
        etag=etag_of(revision.revision),
        revision=revision.revision,
        round=facts.round_name,
        close_date=date_to_wire(facts.closed),
        pre_money=yuan(facts.pre_money_fen),
        total=yuan(facts.total_fen),
        participants=[_participant_to_wire(each) for each in facts.participants],
        document=facts.document,
        outside=yuan(revision.outside_fen),
        claims=[
            round_pb2.CoInvestmentClaim(fund=f"funds/{fund}", ticket=yuan(tickets[fund]), outside=yuan(fen))
            for fund, fen in sorted(revision.claims_fen.items())
        ],
        create_time=instant_to_wire(revision.first_at),
        update_time=instant_to_wire(revision.at),
    )


def facts_of(given: round_pb2.FinancingRound) -> RoundFacts:
    """What a request states of a round. Raises InvalidArgument for a name or an amount in another currency."""
    return RoundFacts(
        round_name=given.round,
        closed=date_from_wire(given.close_date),
        pre_money_fen=fen_of(given, "pre_money", "round."),
        total_fen=fen_of(given, "total", "round.") or 0,
        participants=tuple(_participant_of(each, at) for at, each in enumerate(given.participants)),
        document=given.document,
    )


def round_name(name: str, field: str) -> tuple[str, str]:
    """The firm's id and the round's of `firms/{firm}/rounds/{id}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "firms" or parts[2] != "rounds" or not parts[1] or not parts[3]:
        form = "firms/{firm}/rounds/{id}"
        raise InvalidArgument.field(field, "INVALID_NAME", f"名称应写成 {form}", f"the name must read {form}")
    return parts[1], parts[3]


def _participant_to_wire(each: Participant) -> round_pb2.RoundParticipant:
    return round_pb2.RoundParticipant(
        party_kind=KINDS[each.kind],
        party=each.party,
        fund=f"funds/{each.fund_id}" if each.fund_id else "",
        amount=yuan(each.fen),
        lead=each.lead,
    )


def _participant_of(each: round_pb2.RoundParticipant, at: int) -> Participant:
    path = f"round.participants[{at}]."
    return Participant(
        kind=PARTIES[each.party_kind],
        party=each.party,
        fund_id=id_of(each.fund, "funds", field=f"{path}fund") if each.fund else None,
        fen=fen_of(each, "amount", path) or 0,
        lead=each.lead,
    )
