"""The state machine: taking a step, and telling which steps may be taken and what is missing for the
others.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from services.funding.domain.deal import recusal
from services.funding.domain.deal.actions import Action, Role
from services.funding.domain.deal.deal import Deal, Transition, origins_of
from services.funding.domain.deal.edges import Edge, edges_at
from services.funding.domain.deal.evidence import ONCE, EvidenceKind, Requirement, missing_evidence
from services.funding.domain.deal.guards import blocked_by, preparer, proposers, step_amount
from services.funding.domain.deal.states import PARKED, DealState
from services.funding.domain.deal.step import DealContext, Step, examine_step
from services.funding.domain.findings import normal
from services.kernel.errors import FailedPrecondition, PermissionDenied, Violation
from services.kernel.text import Text

_DECIDED_BY_OTHERS = frozenset({Action.PASS_INTERNAL, Action.APPROVE, Action.PREPARE_CLOSING})
_SECOND_HAND = {Action.SIGN: Action.PREPARE_SIGNING, Action.CLOSE: Action.PREPARE_CLOSING}
_AMOUNT_FROM_APPROVAL = frozenset({DealState.APPROVED, DealState.SIGNED, DealState.INVESTED})
_APPLYING = frozenset({Role.FIRM, Role.SCOUT, Role.SYSTEM})
_EXPERTS = Requirement(EvidenceKind.EXPERT_OPINION, 2)


@dataclass(frozen=True)
class ActionView:
    """One action as an actor sees it: permitted, or why not, what is missing, and who could do it.

    `target` None: not reachable from here, or, for IMPORT, the state stated.
    """

    action: Action
    permitted: bool
    target: DealState | None
    reasons: tuple[Violation, ...]
    missing: tuple[EvidenceKind, ...]
    roles: tuple[Role, ...]


def perform(deal: Deal, step: Step, context: DealContext) -> Transition:
    """Take one step: append the transition, move the deal, raise its version.

    Raises InvalidArgument for a step that is wrong by itself; FailedPrecondition ILLEGAL_TRANSITION with
    `allowedActions`, MISSING_EVIDENCE, or the reason of the first guard or check that objects, each with
    a violation per objection; PermissionDenied ROLE_NOT_ALLOWED, RECUSED or FOUR_EYES. A refused step leaves the
    deal as it was.
    """
    examine_step(step)
    edge = edges_at(deal.state, origins_of(deal.transitions)).get(step.action)
    if edge is None:
        raise _illegal(deal, step.action)
    for denied in _denials(edge, deal, step, context):
        raise PermissionDenied(denied.text, reason=denied.reason, violations=(denied,))
    objections = (*_evidence_objections(edge, deal, step, context), *blocked_by(deal, step, context))
    if objections:
        raise _refused(objections)
    target = step.import_state if edge.target is None else edge.target
    if target is None:
        raise AssertionError(f"{step.action} has no target")
    return _append(deal, step, target)


def actions(deal: Deal, step: Step, context: DealContext) -> list[ActionView]:
    """Every action of the machine as the step's actor would find it, with the step's time and documents."""
    edges = edges_at(deal.state, origins_of(deal.transitions))
    return [_view(deal, _as(step, action), edges.get(action), context) for action in Action]


def _as(step: Step, action: Action) -> Step:
    return Step(
        action=action, actor=step.actor, at=step.at, evidence=step.evidence, amount_fen=step.amount_fen
    )


def _view(deal: Deal, step: Step, edge: Edge | None, context: DealContext) -> ActionView:
    if edge is None:
        text = Text(
            f"“{deal.state.label.zh}”状态下不能{step.action.label.zh}",
            f"cannot {step.action.label.en} while {deal.state.label.en}",
        )
        return ActionView(step.action, False, None, (Violation("state", "ILLEGAL_TRANSITION", text),), (), ())
    evidence = _evidence_objections(edge, deal, step, context)
    reasons = (*_denials(edge, deal, step, context), *evidence, *blocked_by(deal, step, context))
    missing = tuple(EvidenceKind(violation.field.removeprefix("evidence.")) for violation in evidence)
    return ActionView(step.action, not reasons, edge.target, reasons, missing, tuple(sorted(edge.roles)))


def _denials(edge: Edge, deal: Deal, step: Step, context: DealContext) -> tuple[Violation, ...]:
    """Why it is not for this actor to take a step."""
    return (
        *_role_objection(edge, step),
        *_recusal_objection(edge, step, context),
        *_eyes_objection(deal, step),
    )


def _recusal_objection(edge: Edge, step: Step, context: DealContext) -> tuple[Violation, ...]:
    """Who has an interest in the firm takes no step, unless for the firm itself."""
    able = edge.roles & step.actor.roles
    return () if able & _APPLYING else recusal.objections(step.actor.subject, context.recused)


def _role_objection(edge: Edge, step: Step) -> tuple[Violation, ...]:
    if edge.roles & step.actor.roles:
        return ()
    able = sorted(edge.roles)
    text = Text(
        f"“{edge.action.label.zh}”须由{'、'.join(role.label.zh for role in able)}办理",
        f"to {edge.action.label.en} takes one of: {', '.join(role.label.en for role in able)}",
    )
    return (Violation("actor", "ROLE_NOT_ALLOWED", text),)


def _eyes_objection(deal: Deal, step: Step) -> tuple[Violation, ...]:
    """Four eyes: who proposed does not decide or pay, and the second hand is not the first."""
    subject, first = step.actor.subject, _SECOND_HAND.get(step.action)
    if step.action in _DECIDED_BY_OTHERS and subject in proposers(deal):
        text = Text("项目提出人不得参与决策或经办付款", "who proposed a deal may not decide on it or pay it")
    elif first is not None and preparer(deal, first) == subject:
        text = Text(
            f"“{first.label.zh}”与“{step.action.label.zh}”须由两人完成",
            f"two persons are needed to {first.label.en} and to {step.action.label.en}",
        )
    else:
        return ()
    return (Violation("actor", "FOUR_EYES", text),)


def _evidence_objections(edge: Edge, deal: Deal, step: Step, context: DealContext) -> tuple[Violation, ...]:
    required: Iterable[Requirement] = edge.requires
    if edge.action is Action.SUBMIT_TO_COMMITTEE and context.rests_on_unverified_rights:
        required = (*edge.requires, _EXPERTS)
    spent = frozenset(e.sha256 for t in deal.transitions for e in t.evidence if e.kind in ONCE)
    return missing_evidence(required, step.evidence, spent, step.at)


def _illegal(deal: Deal, action: Action) -> FailedPrecondition:
    allowed = list(edges_at(deal.state, origins_of(deal.transitions)))
    zh = "、".join(a.label.zh for a in allowed) or "无（已办结；如需重启请新建项目）"
    en = ", ".join(a.label.en for a in allowed) or "nothing (it is closed; open a new deal)"
    return FailedPrecondition(
        Text(
            f"“{deal.state.label.zh}”状态下不能{action.label.zh}，可以：{zh}",
            f"cannot {action.label.en} while {deal.state.label.en}; possible: {en}",
        ),
        reason="ILLEGAL_TRANSITION",
        metadata={
            "deal": deal.id,
            "state": deal.state,
            "action": action,
            "allowedActions": ",".join(allowed),
        },
    )


def _refused(objections: tuple[Violation, ...]) -> FailedPrecondition:
    return FailedPrecondition(
        Text("；".join(v.text.zh for v in objections), "; ".join(v.text.en for v in objections)),
        reason=objections[0].reason,
        violations=objections,
        metadata={"reasons": ",".join(dict.fromkeys(v.reason for v in objections))},
    )


def _append(deal: Deal, step: Step, target: DealState) -> Transition:
    amount = step_amount(deal, step)
    transition = Transition(
        sequence=len(deal.transitions) + 1,
        action=step.action,
        source=deal.state,
        target=target,
        actor=step.actor.subject,
        at=step.at,
        reason=normal(step.reason),
        evidence=step.evidence,
        amount_fen=amount,
        codes=step.decline_codes,
        returns_to=step.import_origin if target in PARKED and step.action is Action.IMPORT else None,
    )
    deal.transitions.append(transition)
    deal.state = target
    if step.action is Action.SUBMIT:
        deal.submitted_at = step.at
    _record_amount(deal, transition)
    deal.version += 1
    deal.updated_at = step.at
    return transition


def _record_amount(deal: Deal, transition: Transition) -> None:
    amount, reached = transition.amount_fen, transition.returns_to or transition.target
    imported = transition.action is Action.IMPORT
    if imported and reached not in _AMOUNT_FROM_APPROVAL:
        return
    if imported or transition.action is Action.APPROVE:
        deal.approved_fen, deal.approved_at = amount, transition.at
    if transition.action is Action.SIGN or (imported and reached is not DealState.APPROVED):
        deal.signed_fen = amount
    if transition.action is Action.CLOSE or (imported and reached is DealState.INVESTED):
        deal.paid_fen = amount
