"""Pledges: DRAFT → REGISTERED → RELEASED, ENFORCED or EXPIRED.

A right has at most one live pledge per rank; a pledge ends no later than any of its rights.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.funding.domain.property.right import IpRight
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.repetition import repetition
from services.kernel.text import Text

MOST_RIGHTS = 50
LAST_RANK = 9


class PledgeState(StrEnum):
    """Where a pledge stands."""

    DRAFT = "DRAFT"
    REGISTERED = "REGISTERED"
    RELEASED = "RELEASED"
    ENFORCED = "ENFORCED"
    EXPIRED = "EXPIRED"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    PledgeState.DRAFT: Text("拟质押", "draft"),
    PledgeState.REGISTERED: Text("已登记", "registered"),
    PledgeState.RELEASED: Text("已解除", "released"),
    PledgeState.ENFORCED: Text("已实现质权", "enforced"),
    PledgeState.EXPIRED: Text("已到期", "expired"),
}
NEXT = {
    PledgeState.DRAFT: (PledgeState.REGISTERED,),
    PledgeState.REGISTERED: (PledgeState.RELEASED, PledgeState.ENFORCED, PledgeState.EXPIRED),
}


@dataclass(frozen=True)
class PledgeStep:
    """One step, never changed. `effective`: the day on which it took effect."""

    sequence: int
    target: PledgeState
    effective: date
    document: str
    actor: str
    at: datetime


@dataclass(eq=False)
class Pledge:
    """Aggregate root. Amounts in fen; `right_ids` all of the same firm. Changes only by `move`."""

    id: str
    firm_id: str
    state: PledgeState
    right_ids: tuple[str, ...]
    rank: int
    pledgee: str
    secured_fen: int
    valuation_fen: int | None
    valuation_basis: str
    starts: date
    ends: date
    registration: str
    version: int
    created_at: datetime
    steps: list[PledgeStep] = field(default_factory=list)


def draft(pledge: Pledge, rights: Sequence[IpRight], document: str, actor: str) -> None:
    """Examine a new pledge and give it its first step.

    Raises InvalidArgument with everything that cannot be true of it, and FailedPrecondition for rights that
    are not in force or end before it does (PLEDGE_OUTLIVES_RIGHT).
    """
    findings = Findings()
    pledge.pledgee = findings.text("pledgee", pledge.pledgee, most=200, required=True)
    given = pledge.valuation_fen is not None
    basis = findings.text("valuation_basis", pledge.valuation_basis, most=300, required=given)
    pledge.valuation_basis = basis
    findings.text("document", document, most=300, required=True)
    findings.amount("secured", pledge.secured_fen, least=1)
    findings.amount("valuation", pledge.valuation_fen, least=1)
    findings.count("rank", pledge.rank, least=1, most=LAST_RANK)
    findings.count("ip_rights", len(pledge.right_ids), least=1, most=MOST_RIGHTS)
    if twice := repetition("ip_rights", pledge.right_ids):
        findings.add(
            "ip_rights",
            "RIGHT_REPEATED",
            f"同一权利只能列一次：{twice.zh}",
            f"a right is listed twice: {twice.en}",
        )
    if pledge.ends <= pledge.starts:
        findings.add(
            "end_date",
            "ENDS_BEFORE_IT_BEGINS",
            "质押到期日应晚于起始日",
            "a pledge ends after the day on which it begins",
        )
    findings.finish()
    _require(_objections(pledge, rights))
    day = civil_date(pledge.created_at)
    pledge.steps = [PledgeStep(1, PledgeState.DRAFT, day, document, actor, pledge.created_at)]


def move(
    pledge: Pledge,
    target: PledgeState,
    rights: Sequence[IpRight],
    *,
    effective: date,
    document: str,
    actor: str,
    at: datetime,
) -> None:
    """Take a step. Raises InvalidArgument; FailedPrecondition ILLEGAL_TRANSITION with `allowed`, and what stands
    against a registration: RIGHT_PLEDGED, RIGHT_NOT_IN_FORCE, PLEDGE_OUTLIVES_RIGHT; NOT_YET_EXPIRED.
    """
    findings = Findings()
    findings.text("document", document, most=300, required=True)
    findings.not_after("effective_date", effective, civil_date(at))
    if effective < pledge.steps[-1].effective and len(pledge.steps) > 1:
        findings.add(
            "effective_date",
            "STEPS_OUT_OF_ORDER",
            f"生效日不得早于上一步的 {pledge.steps[-1].effective}",
            f"it cannot take effect before the step before it, {pledge.steps[-1].effective}",
        )
    findings.finish()
    _require_next(pledge, target)
    if target is PledgeState.REGISTERED:
        _require([*_objections(pledge, rights), *_taken(pledge, rights)])
    if target is PledgeState.EXPIRED and effective <= pledge.ends:
        raise FailedPrecondition(
            Text(f"质押至 {pledge.ends} 到期，尚未期满", f"the pledge runs until {pledge.ends}"),
            reason="NOT_YET_EXPIRED",
        )
    pledge.steps.append(PledgeStep(len(pledge.steps) + 1, target, effective, document, actor, at))
    pledge.state = target
    pledge.version += 1


def _require_next(pledge: Pledge, target: PledgeState) -> None:
    allowed = NEXT.get(pledge.state, ())
    if target in allowed:
        return
    zh = "、".join(each.label.zh for each in allowed) or "无（已终结）"
    en = ", ".join(each.label.en for each in allowed) or "nothing (it is at its end)"
    raise FailedPrecondition(
        Text(
            f"质押“{pledge.state.label.zh}”，不能登记为“{target.label.zh}”，可以：{zh}",
            f"a pledge that is {pledge.state.label.en} cannot become {target.label.en}; possible: {en}",
        ),
        reason="ILLEGAL_TRANSITION",
        metadata={"state": pledge.state, "allowed": ",".join(allowed)},
    )


def _objections(pledge: Pledge, rights: Sequence[IpRight]) -> list[Violation]:
    found = []
    for right in rights:
        if not right.in_force(pledge.starts):
            text = Text(
                f"“{right.title}”在质押起始日已失效或到期", f"{right.title!r} is not in force when it begins"
            )
            found.append(Violation("ip_rights", "RIGHT_NOT_IN_FORCE", text))
        elif right.expires < pledge.ends:
            text = Text(
                f"“{right.title}”于 {right.expires} 到期，早于质押到期日 {pledge.ends}",
                f"{right.title!r} ends on {right.expires}, before the pledge does, {pledge.ends}",
            )
            found.append(Violation("end_date", "PLEDGE_OUTLIVES_RIGHT", text))
    return found


def _taken(pledge: Pledge, rights: Sequence[IpRight]) -> list[Violation]:
    return [
        Violation(
            "rank",
            "RIGHT_PLEDGED",
            Text(
                f"“{right.title}”第{pledge.rank}顺位已有有效质押",
                f"{right.title!r} has a live pledge of rank {pledge.rank}",
            ),
        )
        for right in rights
        if pledge.rank in right.pledged_ranks
    ]


def _require(objections: Sequence[Violation]) -> None:
    if objections:
        raise FailedPrecondition(
            Text("；".join(v.text.zh for v in objections), "; ".join(v.text.en for v in objections)),
            reason=objections[0].reason,
            violations=objections,
        )
