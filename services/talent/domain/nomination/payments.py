"""Payments to an awarded nominee: the same one is recorded once."""

from collections.abc import Sequence
from datetime import date

from services.kernel.clock import civil_date
from services.kernel.errors import AlreadyExists
from services.kernel.repetition import folded
from services.kernel.text import Text
from services.talent.domain.nomination.steps import Detail, Step, StepKind


def require_new_payment(paid: Detail, taken: Sequence[Step]) -> None:
    """Raise AlreadyExists (PAYMENT_RECORDED) if `taken` has a payment of this amount, day and document, unless it is
    said to be another.
    """
    same = next(
        (step for step in taken if step.kind is StepKind.FUND and _key(step.detail) == _key(paid)), None
    )
    if same is None or paid.another:
        return
    recorded = civil_date(same.at)
    raise AlreadyExists(
        Text(
            f"这笔拨付已登记为第 {same.number} 步（{recorded}，登记人 {same.actor}），金额、日期和文件都相同；"
            "确为另一笔时，请用 another（命令行 --another）",
            f"this payment is recorded as step {same.number} (on {recorded}, by {same.actor}) with the same amount, "
            "day and document; if it is another one, say another (--another)",
        ),
        reason="PAYMENT_RECORDED",
        metadata={"step": str(same.number), "recorded": str(recorded), "by": same.actor},
    )


def _key(detail: Detail) -> tuple[int, date | None, str]:
    """What tells a payment from others."""
    return detail.amount_fen, detail.day, folded(detail.document)
