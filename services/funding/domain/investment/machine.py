"""The state machine of a holding: taking a step, and telling of every action why it can or cannot be taken.

ACTIVE → WATCH → IMPAIRED → ACTIVE or WRITTEN_OFF; ACTIVE, WATCH → EXITING → EXITED. A part may be sold in any
state; all of it only while EXITING.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace

from services.funding.domain.deal import recusal
from services.funding.domain.deal.actions import Role
from services.funding.domain.deal.evidence import EvidenceKind, examine_evidence, missing_evidence
from services.funding.domain.findings import Findings, normal
from services.funding.domain.investment.actions import InvestmentAction, InvestmentEdge, edges_at
from services.funding.domain.investment.guards import four_eyes, guarded
from services.funding.domain.investment.investment import Investment, InvestmentStep, left_from, settle
from services.funding.domain.investment.marks import examine_mark
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.states import InvestmentState
from services.funding.domain.investment.tranches import examine_terms
from services.funding.domain.ledger import acts
from services.funding.domain.ledger.acts import Lines
from services.funding.domain.ledger.journal import Act
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, PermissionDenied, Violation
from services.kernel.text import Text

_MARKING = (InvestmentAction.MARK, InvestmentAction.IMPAIR)
_WRITING_OFF = (InvestmentAction.PREPARE_WRITE_OFF, InvestmentAction.WRITE_OFF)


@dataclass(frozen=True)
class InvestmentActionView:
    """One action as an actor sees it: permitted, or why not, what is missing, and who could do it."""

    action: InvestmentAction
    permitted: bool
    reasons: tuple[Violation, ...]
    missing: tuple[EvidenceKind, ...]
    roles: tuple[Role, ...]


def perform(investment: Investment, order: InvestmentOrder, recused: Collection[str] = ()) -> InvestmentStep:
    """Take one step: append it, move the holding and its figures, raise its version. `recused`: who has an interest.

    Raises InvalidArgument for an order that is wrong by itself; FailedPrecondition ILLEGAL_TRANSITION with
    `allowedActions`, MISSING_EVIDENCE, or the reason of the first guard that objects, with a violation per
    objection; PermissionDenied ROLE_NOT_ALLOWED, RECUSED or FOUR_EYES. A refused order leaves the holding as it was.
    """
    examine_order(investment, order)
    edge = edges_at(investment.state).get(order.action)
    if edge is None:
        raise _illegal(investment, order.action)
    _examine_reason(edge, order)
    for denied in _denials(edge, investment, order, recused):
        raise PermissionDenied(denied.text, reason=denied.reason, violations=(denied,))
    objections = (*_missing(edge, order), *guarded(investment, order))
    if objections:
        raise FailedPrecondition(
            Text("；".join(v.text.zh for v in objections), "; ".join(v.text.en for v in objections)),
            reason=objections[0].reason,
            violations=objections,
            metadata={"reasons": ",".join(dict.fromkeys(v.reason for v in objections))},
        )
    return _append(investment, order, edge)


def actions(
    investment: Investment, order: InvestmentOrder, recused: Collection[str] = ()
) -> list[InvestmentActionView]:
    """Every action of the machine as the order's actor would find it.

    An action on a tranche is looked at for the first one that is neither paid nor cancelled; amounts that only
    the request states are not judged.
    """
    edges = edges_at(investment.state)
    listed = [action for action in InvestmentAction if action is not InvestmentAction.OPEN]
    return [_view(investment, replace(order, action=each), edges.get(each), recused) for each in listed]


def lines_of(step: InvestmentStep, *, recycled_fen: int = 0) -> tuple[Act, Lines] | None:
    """What a step moves on the fund's ledger; None for a step that moves nothing. The first payment is the deal's.
    `recycled_fen`: what of an exit may be invested again.
    """
    fen, cost = step.fen or 0, step.cost_fen or 0
    match step.action:
        case InvestmentAction.PAY_TRANCHE:
            return Act.PAY, acts.pay(fen)
        case InvestmentAction.CANCEL_TRANCHE:
            return Act.CANCEL, acts.cancel(fen)
        case InvestmentAction.RECORD_EXIT if cost:
            return Act.EXIT, acts.leave(fen, cost, recycled_fen=recycled_fen)
        case InvestmentAction.RECORD_EXIT:
            return Act.EXIT, acts.earn(fen)
        case InvestmentAction.WRITE_OFF:
            return Act.WRITE_OFF, acts.write_off(fen)
    return None


def examine_order(investment: Investment, order: InvestmentOrder) -> None:
    """Raise InvalidArgument with everything that is wrong with an order whatever the state of the holding."""
    findings = Findings()
    findings.text("reason", order.reason, most=2000)
    examine_evidence(order.evidence, order.at, findings)
    findings.amount("amount", order.fen, least=1 if order.action in _WRITING_OFF else 0)
    findings.amount("cost", order.cost_fen)
    if order.action in _MARKING:
        examine_mark(order.mark, investment.closed, civil_date(order.at), findings)
    if order.action is InvestmentAction.AMEND_TRANCHE:
        examine_terms(order.terms, findings)
    if order.action is InvestmentAction.RECORD_EXIT and order.exit_kind is None:
        findings.add("kind", "REQUIRED", "请选择退出方式", "state how it was sold")
    findings.finish()


def _examine_reason(edge: InvestmentEdge, order: InvestmentOrder) -> None:
    findings = Findings()
    findings.text("reason", order.reason, most=2000, required=edge.reasoned)
    findings.finish()


def _view(
    investment: Investment, order: InvestmentOrder, edge: InvestmentEdge | None, recused: Collection[str]
) -> InvestmentActionView:
    if edge is None:
        text = Text(
            f"“{investment.state.label.zh}”状态下不能{order.action.label.zh}",
            f"cannot {order.action.label.en} while {investment.state.label.en}",
        )
        wrong = Violation("state", "ILLEGAL_TRANSITION", text)
        return InvestmentActionView(order.action, False, (wrong,), (), ())
    missing = _missing(edge, order)
    stated = () if order.action is InvestmentAction.RECORD_EXIT else guarded(investment, order)
    reasons = (*_denials(edge, investment, order, recused), *missing, *stated)
    kinds = tuple(EvidenceKind(each.field.removeprefix("evidence.")) for each in missing)
    return InvestmentActionView(order.action, not reasons, reasons, kinds, tuple(sorted(edge.roles)))


def _denials(
    edge: InvestmentEdge, investment: Investment, order: InvestmentOrder, recused: Collection[str]
) -> tuple[Violation, ...]:
    """Why it is not for this actor to take a step."""
    return (
        *_role_objection(edge, order),
        *recusal.objections(order.actor.subject, recused),
        *four_eyes(investment, order),
    )


def _role_objection(edge: InvestmentEdge, order: InvestmentOrder) -> tuple[Violation, ...]:
    if edge.roles & order.actor.roles:
        return ()
    able = sorted(edge.roles)
    text = Text(
        f"“{edge.action.label.zh}”须由{'、'.join(role.label.zh for role in able)}办理",
        f"to {edge.action.label.en} takes one of: {', '.join(role.label.en for role in able)}",
    )
    return (Violation("actor", "ROLE_NOT_ALLOWED", text),)


def _missing(edge: InvestmentEdge, order: InvestmentOrder) -> tuple[Violation, ...]:
    return missing_evidence(edge.requires, order.evidence, frozenset(), order.at)


def _illegal(investment: Investment, action: InvestmentAction) -> FailedPrecondition:
    allowed = list(edges_at(investment.state))
    zh = "、".join(each.label.zh for each in allowed) or "无（已办结）"
    en = ", ".join(each.label.en for each in allowed) or "nothing (it is closed)"
    state = investment.state
    return FailedPrecondition(
        Text(
            f"“{state.label.zh}”状态下不能{action.label.zh}，可以：{zh}",
            f"cannot {action.label.en} while {state.label.en}; possible: {en}",
        ),
        reason="ILLEGAL_TRANSITION",
        metadata={
            "investment": investment.id,
            "state": state,
            "action": action,
            "allowedActions": ",".join(allowed),
        },
    )


def _append(investment: Investment, order: InvestmentOrder, edge: InvestmentEdge) -> InvestmentStep:
    step = InvestmentStep(
        sequence=len(investment.steps) + 1,
        action=order.action,
        source=investment.state,
        target=_target(investment, order, edge),
        actor=order.actor.subject,
        at=order.at,
        reason=normal(order.reason),
        evidence=order.evidence,
        tranche=order.tranche,
        fen=_amount(investment, order),
        cost_fen=order.cost_fen if order.action is InvestmentAction.RECORD_EXIT else None,
        exit_kind=order.exit_kind,
        mark=order.mark,
        terms=order.terms if order.action is InvestmentAction.AMEND_TRANCHE else None,
    )
    investment.steps.append(step)
    if step.terms is not None:
        investment.tranches = tuple(
            step.terms.applied(each) if each.number == step.tranche else each for each in investment.tranches
        )
    settle(investment)
    investment.version += 1
    investment.updated_at = order.at
    return step


def _amount(investment: Investment, order: InvestmentOrder) -> int | None:
    if order.action in _WRITING_OFF:
        return investment.cost_fen if order.fen is None else order.fen
    tranche = investment.tranche(order.tranche)
    return order.fen if tranche is None else tranche.fen


def _target(investment: Investment, order: InvestmentOrder, edge: InvestmentEdge) -> InvestmentState:
    held = investment.cost_fen
    if order.action is InvestmentAction.RECORD_EXIT and investment.state is InvestmentState.EXITING:
        return InvestmentState.EXITED if order.cost_fen == held else InvestmentState.EXITING
    if order.action is InvestmentAction.WRITE_OFF and _amount(investment, order) == held:
        return InvestmentState.WRITTEN_OFF
    return left_from(investment) if edge.target is None else edge.target
