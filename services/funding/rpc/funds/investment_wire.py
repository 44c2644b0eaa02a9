"""Between the contract of holdings and their domain."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from bole.funding.v1 import investment_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire, text_to_wire
from services.funding.domain.investment.investment import Investment, InvestmentStep, tranche_states
from services.funding.domain.investment.marks import KnownMark, Mark, MarkMethod, known_marks
from services.funding.domain.investment.states import ExitKind
from services.funding.domain.investment.tranches import Tranche, TranchePlan
from services.funding.events import origin_to_wire
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.rpc.wire import evidence_to_wire

EXITS = {investment_pb2.ExitKind.Value(f"EXIT_KIND_{each.name}"): each for each in ExitKind}
METHODS = {investment_pb2.MarkMethod.Value(f"MARK_METHOD_{each.name}"): each for each in MarkMethod}


def investment_to_wire(investment: Investment) -> investment_pb2.Investment:
    """The whole record; its history must be loaded."""
    marks = marks_of(investment)
    return investment_pb2.Investment(
        name=f"investments/{investment.id}",
        etag=etag_of(investment.version),
        state=f"STATE_{investment.state.name}",
        deal=f"deals/{investment.id}",
        fund=f"funds/{investment.fund_id}",
        firm=f"firms/{investment.firm_id}",
        round=investment.round_name,
        close_date=date_to_wire(investment.closed),
        signed=yuan(investment.signed_fen),
        paid=yuan(investment.paid_fen),
        unpaid=yuan(investment.unpaid_fen),
        cost=yuan(investment.cost_fen),
        proceeds=yuan(investment.proceeds_fen),
        gain=yuan(investment.gain_fen),
        written_off=yuan(investment.written_off_fen),
        mark=mark_to_wire(marks[-1]) if marks else None,
        value=yuan(investment.value_fen),
        multiple=multiple(investment.proceeds_fen + investment.value_fen, investment.paid_fen),
        tranches=_tranches_to_wire(investment),
        origin=origin_to_wire(investment.origin),
        create_time=instant_to_wire(investment.created_at),
        update_time=instant_to_wire(investment.updated_at),
    )


def multiple(fen: int, paid_fen: int) -> str:
    """`fen` / `paid_fen` to two places, rounded half to even; empty if nothing was paid."""
    if not paid_fen:
        return ""
    return f"{(Decimal(fen) / paid_fen).quantize(Decimal('0.01'), ROUND_HALF_EVEN):f}"


def marks_of(investment: Investment) -> list[KnownMark]:
    """Its valuations as they are known now."""
    return known_marks(((step.mark, step.at, step.actor) for step in investment.steps if step.mark), None)


def mark_to_wire(known: KnownMark) -> investment_pb2.Mark:
    """A valuation as it was recorded."""
    return investment_pb2.Mark(
        value=yuan(known.mark.fen),
        as_of_date=date_to_wire(known.mark.as_of),
        method=f"MARK_METHOD_{known.mark.method.name}",
        note=known.mark.note,
        record_time=instant_to_wire(known.at),
        actor=known.actor,
        superseded=known.superseded,
    )


def mark_of(mark: investment_pb2.Mark) -> Mark:
    """What a request states of a valuation. Raises InvalidArgument for an amount in another currency."""
    return Mark(
        fen=fen_of(mark, "value", "mark.") or 0,
        as_of=date_from_wire(mark.as_of_date),
        method=METHODS[mark.method],
        note=mark.note,
    )


def tranches_of(tranches: Iterable[investment_pb2.Tranche]) -> tuple[Tranche, ...]:
    """The tranches that a request states, numbered in their order. Raises InvalidArgument for a currency."""
    return tuple(
        Tranche(
            number,
            fen_of(each, "amount", f"tranche_plan.tranches[{number - 1}].") or 0,
            each.milestone,
            date_from_wire(each.due_date) if each.HasField("due_date") else None,
        )
        for number, each in enumerate(tranches, start=1)
    )


def plan_to_wire(plan: TranchePlan, deal_version: int) -> investment_pb2.TranchePlan:
    """A plan of payment, beside the version of its deal."""
    return investment_pb2.TranchePlan(
        name=f"deals/{plan.deal_id}/tranchePlan",
        revision=plan.revision,
        tranches=[_tranche_to_wire(each) for each in plan.tranches],
        document=plan.document,
        create_time=instant_to_wire(plan.at),
        deal_etag=etag_of(deal_version),
    )


def step_to_wire(step: InvestmentStep) -> investment_pb2.InvestmentStep:
    """One step of the history."""
    mark = None if step.mark is None else KnownMark(step.mark, step.at, step.actor, superseded=False)
    return investment_pb2.InvestmentStep(
        sequence=step.sequence,
        action=step.action.name,
        action_title=text_to_wire(step.action.label),
        from_state=f"STATE_{step.source.name}" if step.source else None,
        to_state=f"STATE_{step.target.name}",
        actor=step.actor,
        step_time=instant_to_wire(step.at),
        reason=step.reason,
        evidence=[evidence_to_wire(each) for each in step.evidence],
        tranche_number=step.tranche or 0,
        amount=yuan(step.fen),
        cost=yuan(step.cost_fen),
        exit_kind=f"EXIT_KIND_{step.exit_kind.name}" if step.exit_kind else None,
        mark=mark_to_wire(mark) if mark else None,
        milestone=step.terms.milestone or "" if step.terms else "",
        due_date=date_to_wire(step.terms.due) if step.terms and step.terms.due else None,
    )


def _tranches_to_wire(investment: Investment) -> list[investment_pb2.Tranche]:
    found = []
    states = tranche_states(investment)
    for each in investment.tranches:
        state, preparer = states[each.number]
        made = _tranche_to_wire(each)
        made.MergeFrom(investment_pb2.Tranche(state=f"STATE_{state.name}", preparer=preparer))
        found.append(made)
    return found


def _tranche_to_wire(tranche: Tranche) -> investment_pb2.Tranche:
    return investment_pb2.Tranche(
        number=tranche.number,
        amount=yuan(tranche.fen),
        milestone=tranche.milestone,
        due_date=date_to_wire(tranche.due) if tranche.due else None,
    )
