"""What must hold before a step, beside role and documents. Each guard yields what keeps the step from
being taken.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from services.funding.domain.checks.check import CheckResult, blocks, fails
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import Deal, origins_of
from services.funding.domain.deal.states import PARKED, DealState
from services.funding.domain.deal.step import DealContext, Step
from services.funding.domain.firm.firm import FirmStatus, no_more_deals
from services.funding.domain.wording import amount
from services.kernel.clock import civil_date
from services.kernel.errors import Violation
from services.kernel.text import Text

Guard = Callable[[Deal, Step, DealContext], Iterator[Violation]]
FEWEST_IN_TEAM = 2


def step_amount(deal: Deal, step: Step) -> int | None:
    """The amount a step decides on: the one stated, else all of what the step before it decided."""
    whole = {
        Action.APPROVE: deal.terms.ask_fen,
        Action.PREPARE_SIGNING: deal.approved_fen,
        Action.SIGN: deal.approved_fen,
        Action.PREPARE_CLOSING: deal.signed_fen,
        Action.CLOSE: deal.signed_fen,
    }
    return step.amount_fen if step.amount_fen is not None else whole.get(step.action)


def preparer(deal: Deal, action: Action) -> str | None:
    """Who prepared since the deal came into its state; coming back from a hold asks for a new first
    signature.
    """
    for transition in reversed(deal.transitions):
        if transition.source is not transition.target:
            break
        if transition.action is action:
            return transition.actor
    return None


def proposers(deal: Deal) -> frozenset[str]:
    """Who proposed the deal to the committees."""
    proposing = (Action.INITIATE, Action.SUBMIT_TO_COMMITTEE)
    return frozenset(t.actor for t in deal.transitions if t.action in proposing)


def _violation(field: str, reason: str, zh: str, en: str) -> Violation:
    return Violation(field, reason, Text(zh, en))


def _firm_present(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if context.case is not None and context.case.firm.status is FirmStatus.WITHDRAWN:
        yield Violation("firm", "FIRM_WITHDRAWN", no_more_deals(context.case.firm))


def _sole_open_deal(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if context.open_deal is not None:
        yield _violation(
            "round_name",
            "DUPLICATE_OPEN_DEAL",
            f"该企业在同一基金同一轮次已有在办项目（deals/{context.open_deal}），请先了结其一",
            "the firm has another open deal of the same fund and round"
            f" (deals/{context.open_deal}); settle one of the two first",
        )


def _screened(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if not context.scored:
        yield _violation(
            "scores", "SCORES_MISSING", "尚未计算四项评分", "the four scores have not been computed"
        )
    yield from _compliance(context, fails)


def _compliant(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    yield from _compliance(context, blocks)


def _compliance(context: DealContext, stops: Callable[[CheckResult], bool]) -> Iterator[Violation]:
    if context.checks is None:
        yield _violation(
            "checks", "COMPLIANCE_NOT_RUN", "尚未运行合规检查", "the compliance checks have not been run"
        )
        return
    for result in context.checks:
        if stops(result):
            yield Violation(f"checks.{result.code}", result.code, result.text)


def _team_of_two(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if len(context.team) < FEWEST_IN_TEAM:
        yield _violation(
            "team", "TEAM_TOO_SMALL", "尽调团队至少2人", "due diligence needs a team of two or more"
        )


def _interests_declared(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if context.undeclared:
        names = ", ".join(sorted(context.undeclared))
        yield _violation(
            "conflicts",
            "COI_UNDECLARED",
            f"尚未声明利益冲突：{names}",
            f"interests have not been declared by {names}",
        )


def _team_unconflicted(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if context.conflicted:
        names = ", ".join(sorted(context.conflicted))
        yield _violation(
            "team",
            "TEAM_CONFLICTED",
            f"项目组成员存在利益冲突，须调整项目组：{names}",
            f"these of the team have an interest in the firm and leave the team: {names}",
        )


def _voted(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    yield from _quorate(_deal, _step, context)
    if context.vetoed:
        yield _violation(
            "ballots", "VETOED", "观察员已就合规行使一票否决", "an observer vetoed on grounds of compliance"
        )
    elif context.carried is False:
        yield _violation("ballots", "VOTE_NOT_CARRIED", "表决未通过", "the vote is not carried")


def _quorate(_deal: Deal, _step: Step, context: DealContext) -> Iterator[Violation]:
    if context.quorate is None:
        yield _violation(
            "ballots",
            "VOTE_NOT_CLOSED",
            "本轮尚无已结束的表决，请先开会表决并结束计票",
            "no vote of this round is closed; hold a sitting, vote and close the vote",
        )
    elif not context.quorate:
        yield _violation(
            "ballots",
            "NO_QUORUM",
            "投票人数未达到法定人数，须另行开会表决",
            "the vote had no quorum; it takes another sitting",
        )


def _decided_against(deal: Deal, step: Step, context: DealContext) -> Iterator[Violation]:
    """A committee declines what it has voted on and not carried."""
    if stands_in(deal) not in (DealState.IC_INTERNAL, DealState.IC_EXTERNAL):
        return
    if not context.vetoed:
        yield from _quorate(deal, step, context)
    if context.carried and not context.vetoed:
        yield _violation(
            "ballots",
            "VOTE_CARRIED",
            "表决已通过，不能否决；如需撤回请由管理人办理",
            "the vote is carried: it cannot be recorded as declined",
        )


def stands_in(deal: Deal) -> DealState:
    """The state of the pipeline that a deal is in, or was parked in."""
    origins = origins_of(deal.transitions) if deal.state in PARKED else []
    return origins[0] if origins else deal.state


def _affordable(deal: Deal, step: Step, context: DealContext) -> Iterator[Violation]:
    wanted = step_amount(deal, step)
    if context.headroom_fen is None or wanted is None:
        yield _violation(
            "amount_fen", "HEADROOM_UNKNOWN", "基金可用额度未知", "the fund's headroom is not known"
        )
    elif wanted > context.headroom_fen:
        yield _over(
            "INSUFFICIENT_FUND_CAPITAL",
            wanted,
            context.headroom_fen,
            Text("基金可用额度", "the fund's headroom"),
        )


def _within_approval(deal: Deal, step: Step, _context: DealContext) -> Iterator[Violation]:
    wanted = step_amount(deal, step)
    if wanted is not None and deal.approved_fen is not None and wanted > deal.approved_fen:
        yield _over(
            "AMOUNT_EXCEEDS_APPROVED", wanted, deal.approved_fen, Text("批准金额", "the amount approved")
        )


def _within_contract(deal: Deal, step: Step, _context: DealContext) -> Iterator[Violation]:
    wanted = step_amount(deal, step)
    if wanted is not None and deal.signed_fen is not None and wanted > deal.signed_fen:
        yield _over("AMOUNT_EXCEEDS_SIGNED", wanted, deal.signed_fen, Text("签约金额", "the amount signed"))


def _over(reason: str, wanted: int, most: int, name: Text) -> Violation:
    asked, limit = amount(wanted), amount(most)
    zh = f"金额{asked.zh}超过{name.zh}{limit.zh}"
    return _violation("amount_fen", reason, zh, f"{asked.en} is over {name.en}, {limit.en}")


def _is_expired(deal: Deal, step: Step, context: DealContext) -> bool:
    if deal.approved_at is None:
        return False
    return civil_date(step.at) > civil_date(deal.approved_at) + timedelta(days=context.approval_days)


def _unexpired(deal: Deal, step: Step, context: DealContext) -> Iterator[Violation]:
    if _is_expired(deal, step, context):
        yield _violation(
            "approved_at",
            "APPROVAL_EXPIRED",
            f"批准已超过{context.approval_days}天，须重新提交投决",
            f"the approval is older than {context.approval_days} days; a new decision is needed",
        )


def _expired(deal: Deal, step: Step, context: DealContext) -> Iterator[Violation]:
    if not _is_expired(deal, step, context):
        yield _violation(
            "approved_at",
            "APPROVAL_IN_FORCE",
            f"批准未满{context.approval_days}天，尚未失效",
            f"the approval is within its {context.approval_days} days and has not lapsed",
        )


def _first_signature(first: Action) -> Guard:
    def guard(deal: Deal, _step: Step, _context: DealContext) -> Iterator[Violation]:
        if preparer(deal, first) is None:
            yield _violation(
                "transitions",
                "FIRST_SIGNATURE_MISSING",
                f"须先由另一人完成“{first.label.zh}”",
                f"somebody else must {first.label.en} before",
            )

    return guard


def _no_history(deal: Deal, _step: Step, _context: DealContext) -> Iterator[Violation]:
    if deal.transitions:
        yield _violation(
            "transitions", "HISTORY_EXISTS", "已有流转记录，不能再导入", "the deal has a history already"
        )


_DECISION = (_firm_present, _interests_declared, _voted, _compliant)
GUARDS: dict[Action, tuple[Guard, ...]] = {
    Action.SUBMIT: (_firm_present, _sole_open_deal),
    Action.START_SCREENING: (_firm_present,),
    Action.INITIATE: (_firm_present, _screened),
    Action.START_DUE_DILIGENCE: (_firm_present, _team_of_two, _interests_declared, _team_unconflicted),
    Action.SUBMIT_TO_COMMITTEE: (_firm_present, _interests_declared, _compliant),
    Action.PASS_INTERNAL: _DECISION,
    Action.APPROVE: (_affordable, *_DECISION),
    Action.PREPARE_SIGNING: (_firm_present, _unexpired),
    Action.SIGN: (_firm_present, _unexpired, _within_approval, _first_signature(Action.PREPARE_SIGNING)),
    Action.DECLINE: (_decided_against,),
    Action.PREPARE_CLOSING: (_firm_present,),
    Action.CLOSE: (_firm_present, _within_contract, _first_signature(Action.PREPARE_CLOSING)),
    Action.LAPSE: (_expired,),
    Action.IMPORT: (_no_history,),
}


def blocked_by(deal: Deal, step: Step, context: DealContext) -> Iterable[Violation]:
    """What the guards of the step's action object to, each reason once."""
    found: dict[str, Violation] = {}
    for guard in GUARDS.get(step.action, ()):
        for violation in guard(deal, step, context):
            found.setdefault(violation.reason, violation)
    return found.values()
