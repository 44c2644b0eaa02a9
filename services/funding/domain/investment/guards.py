"""What must hold before a step of a holding, beside role and documents."""

from collections.abc import Callable, Iterator

from services.funding.domain.investment.actions import FIRST_HAND, InvestmentAction
from services.funding.domain.investment.investment import (
    Investment,
    InvestmentStep,
    first_hand,
    tranche_states,
)
from services.funding.domain.investment.order import InvestmentOrder
from services.funding.domain.investment.states import ExitKind, InvestmentState
from services.funding.domain.investment.tranches import TrancheState
from services.funding.domain.wording import amount
from services.kernel.errors import Violation
from services.kernel.text import Text

Guard = Callable[[Investment, InvestmentOrder], Iterator[Violation]]


def guarded(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    """What keeps the step from being taken; nothing if it may be."""
    for guard in _GUARDS.get(order.action, ()):
        yield from guard(investment, order)


def four_eyes(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    """The second hand is not the first, and who decided on an exit does not record what it brings."""
    subject, first = order.actor.subject, None
    if order.action in FIRST_HAND:
        first = first_hand(investment, order.action, order.tranche)
    elif order.action is InvestmentAction.RECORD_EXIT and investment.state is InvestmentState.EXITING:
        first = _last(investment, InvestmentAction.START_EXIT)
    if first is not None and first.actor == subject:
        yield _violation(
            "actor",
            "FOUR_EYES",
            f"“{first.action.label.zh}”与“{order.action.label.zh}”须由两人完成",
            f"two persons are needed to {first.action.label.en} and to {order.action.label.en}",
        )


def _payable(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    tranche = investment.tranche(order.tranche)
    if order.tranche is None:  # of a list of actions, which looks at the first that is open
        yield _violation(
            "tranche_number", "NO_TRANCHE_OPEN", "没有未付的分期", "no tranche is left to be paid"
        )
        return
    if tranche is None:
        yield _violation(
            "tranche_number",
            "NO_SUCH_TRANCHE",
            f"没有第{order.tranche}期，共{len(investment.tranches)}期",
            f"there is no such tranche; the plan has {len(investment.tranches)}",
        )
        return
    state, _ = tranche_states(investment)[tranche.number]
    if state in (TrancheState.PAID, TrancheState.CANCELLED):
        yield _violation(
            "tranche_number",
            "TRANCHE_SETTLED",
            f"第{tranche.number}期{state.label.zh}",
            f"tranche {tranche.number} is {state.label.en}",
        )


def _prepared(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    if first_hand(investment, order.action, order.tranche) is None:
        preparing = FIRST_HAND[order.action].label
        yield _violation(
            "steps",
            "FIRST_SIGNATURE_MISSING",
            f"须先由另一人完成“{preparing.zh}”",
            f"somebody else must {preparing.en} before",
        )


def _as_prepared(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    first = first_hand(investment, order.action, order.tranche)
    wanted = investment.cost_fen if order.fen is None else order.fen
    if first is not None and first.fen != wanted:
        prepared = amount(first.fen or 0)
        yield _violation(
            "amount",
            "AMOUNT_DIFFERS",
            f"经办金额为{prepared.zh}，复核金额须一致",
            f"{prepared.en} was prepared; release that amount",
        )


def _within_cost(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    selling = order.action is InvestmentAction.RECORD_EXIT
    wanted = order.cost_fen if selling else (investment.cost_fen if order.fen is None else order.fen)
    if wanted > investment.cost_fen:
        asked, held = amount(wanted), amount(investment.cost_fen)
        yield _violation(
            "cost" if selling else "amount",
            "AMOUNT_EXCEEDS_COST",
            f"成本{asked.zh}超过在投成本{held.zh}",
            f"{asked.en} is over the cost of what is held, {held.en}",
        )
    elif wanted == investment.cost_fen > 0 and investment.unpaid_fen:
        unpaid = amount(investment.unpaid_fen)
        yield _violation(
            "tranches",
            "TRANCHES_UNPAID",
            f"尚有{unpaid.zh}分期未付，请先取消",
            f"tranches of {unpaid.en} are unpaid; cancel them first",
        )


def _sale(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    dividend, over = (
        order.exit_kind is ExitKind.DIVIDEND,
        investment.state is InvestmentState.WRITTEN_OFF,
    )
    if (dividend or over) and order.cost_fen:
        yield _violation(
            "cost",
            "NO_COST_TO_SELL",
            "分红及核销后的回收不减少成本，成本应为0",
            "a dividend, or what comes in after a write-off, sells no cost; leave it out",
        )
    if not (dividend or over) and not order.cost_fen:
        yield _violation("cost", "REQUIRED", "请填写退出部分的成本", "state the cost of what was sold")
    if not order.fen and (order.exit_kind is not ExitKind.LIQUIDATION or not order.cost_fen):
        yield _violation("proceeds", "AMOUNT_TOO_SMALL", "回款必须大于0", "the proceeds must be above 0")
    if 0 < order.cost_fen == investment.cost_fen and investment.state is not InvestmentState.EXITING:
        yield _violation(
            "cost",
            "EXIT_NOT_STARTED",
            "全部退出须先启动退出",
            "to sell all of it, begin the exit first",
        )


def _impairing(investment: Investment, order: InvestmentOrder) -> Iterator[Violation]:
    if order.mark is not None and order.mark.fen >= investment.cost_fen:
        cost = amount(investment.cost_fen)
        yield _violation(
            "mark.value",
            "NOT_BELOW_COST",
            f"减值的估值须低于在投成本{cost.zh}",
            f"an impaired holding is valued below its cost, {cost.en}",
        )


def _last(investment: Investment, action: InvestmentAction) -> InvestmentStep | None:
    return next((step for step in reversed(investment.steps) if step.action is action), None)


def _violation(field: str, reason: str, zh: str, en: str) -> Violation:
    return Violation(field, reason, Text(zh, en))


_GUARDS: dict[InvestmentAction, tuple[Guard, ...]] = {
    InvestmentAction.PREPARE_TRANCHE: (_payable,),
    InvestmentAction.PAY_TRANCHE: (_payable, _prepared),
    InvestmentAction.AMEND_TRANCHE: (_payable,),
    InvestmentAction.CANCEL_TRANCHE: (_payable,),
    InvestmentAction.IMPAIR: (_impairing,),
    InvestmentAction.RECORD_EXIT: (_within_cost, _sale),
    InvestmentAction.PREPARE_WRITE_OFF: (_within_cost,),
    InvestmentAction.WRITE_OFF: (_within_cost, _prepared, _as_prepared),
}
