"""A step that somebody wants to take, and what the rest of the system knows about the deal at that moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.funding.domain.checks.check import CheckResult
from services.funding.domain.deal.actions import Action, DeclineCode, Role
from services.funding.domain.deal.evidence import Evidence, examine_evidence
from services.funding.domain.deal.states import PIPELINE, DealState
from services.funding.domain.findings import Findings
from services.funding.domain.screening.case import Case
from services.kernel.clock import civil_date

LONGEST_HOLD = timedelta(days=90)
_REASONED = frozenset({Action.DECLINE, Action.WITHDRAW, Action.HOLD})
_IMPORTABLE = frozenset(DealState) - {DealState.LEAD}
_RETURNS = {
    DealState.INFO_REQUESTED: frozenset({DealState.SCREENING, DealState.DUE_DILIGENCE}),
    DealState.ON_HOLD: frozenset(PIPELINE),
}
_WITH_AMOUNT = frozenset({DealState.APPROVED, DealState.SIGNED, DealState.INVESTED})


@dataclass(frozen=True)
class Actor:
    """Who acts: the subject and the roles held for this deal."""

    subject: str
    roles: frozenset[Role]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One request to act. `amount_fen` for APPROVE, SIGN, CLOSE (None: all of the amount before it) and
    IMPORT.

    `review_on` for HOLD, `decline_codes` for DECLINE, `import_state` for IMPORT, and
    `import_origin`, where it returns to, when that state is INFO_REQUESTED or ON_HOLD.
    """

    action: Action
    actor: Actor
    at: datetime
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    amount_fen: int | None = None
    review_on: date | None = None
    decline_codes: tuple[DeclineCode, ...] = ()
    import_state: DealState | None = None
    import_origin: DealState | None = None


@dataclass(frozen=True, kw_only=True)
class DealContext:
    """What guards look at beside the deal; all as of the step, read in the same transaction.

    `checks` None: not run; `case` is what they looked at. `headroom_fen`: what the fund has free. `team` works on
    the deal; `undeclared` are those of team and committee who have not declared their interests, `conflicted`
    those of the team who have one, `recused` everybody who has. `quorate` and `carried`: whether the vote had its
    quorum and its majority; None: not closed. `vetoed`: an observer vetoed. `open_deal`: another open deal of the
    same fund and round. `rests_on_unverified_rights`: the hard-tech claim does. `approval_days`: how long an
    approval holds.
    """

    checks: tuple[CheckResult, ...] | None = None
    case: Case | None = None
    scored: bool = False
    headroom_fen: int | None = None
    team: frozenset[str] = frozenset()
    undeclared: frozenset[str] = frozenset()
    conflicted: frozenset[str] = frozenset()
    recused: frozenset[str] = frozenset()
    quorate: bool | None = None
    carried: bool | None = None
    vetoed: bool = False
    open_deal: str | None = None
    rests_on_unverified_rights: bool = False
    approval_days: int = 180


def examine_step(step: Step) -> None:
    """Raise InvalidArgument with everything that is wrong with a step whatever the state of the deal."""
    findings = Findings()
    findings.text("reason", step.reason, most=2000, required=step.action in _REASONED)
    findings.amount("amount_fen", step.amount_fen, least=1)
    examine_evidence(step.evidence, step.at, findings)
    if step.action is Action.DECLINE and not step.decline_codes:
        findings.add(
            "decline_codes", "REQUIRED", "请选择至少一个否决原因", "give at least one code for declining"
        )
    if step.action is Action.HOLD:
        _examine_review(step, findings)
    if step.action is Action.IMPORT:
        _examine_import(step, findings)
    findings.finish()


def _examine_review(step: Step, findings: Findings) -> None:
    today = civil_date(step.at)
    last = today + LONGEST_HOLD
    if step.review_on is None or not today < step.review_on <= last:
        findings.add(
            "review_on",
            "REVIEW_DATE_OUT_OF_BOUNDS",
            f"请填写复核日期，须在今天之后且不晚于 {last}",
            f"give a review date after today and no later than {last}",
        )


def _examine_import(step: Step, findings: Findings) -> None:
    if step.import_state not in _IMPORTABLE:
        findings.add(
            "import_state",
            "STATE_NOT_IMPORTABLE",
            f"历史项目只能导入为：{_listed(s.label.zh for s in sorted(_IMPORTABLE))}",
            f"a deal can be imported as {_listed(sorted(_IMPORTABLE))}",
        )
    returns = _RETURNS.get(step.import_state) if step.import_state is not None else None
    if returns is not None and step.import_origin not in returns:
        findings.add(
            "import_origin",
            "ORIGIN_REQUIRED",
            f"请填写恢复后返回的状态：{_listed(s.label.zh for s in sorted(returns))}",
            f"state where the deal returns to: {_listed(sorted(returns))}",
        )
    if (
        _WITH_AMOUNT & {step.import_state, step.import_origin if returns else None}
        and step.amount_fen is None
    ):
        findings.add("amount_fen", "REQUIRED", "请填写金额", "an amount is required for this state")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
