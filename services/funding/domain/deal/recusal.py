"""Recusal (回避): who has an interest in a firm does nothing on its deals, their votes, files and holdings.

They read of the deal and of the firm what its public card says, and nothing that came by the deal. A recusal is of the
firm: it holds on its other deals too, on those to come and on one that is taken up again, until one has declared there.
What is left is to declare anew, and to settle a reminder of one's own. Who speaks for the firm or recommended it acts
for it whatever they declared.
"""

from collections.abc import Collection

from services.kernel.errors import PermissionDenied, Violation
from services.kernel.text import Text

_OBJECTION = Violation(
    "actor",
    "RECUSED",
    Text(
        "您已回避这个项目，不得办理；请由没有利益冲突的人员办理",
        "you are recused from this deal for an interest and do nothing on it; let somebody without one do it",
    ),
)

_CLOSED = Text(
    "您与该企业有利益关系，已回避：只能查看公开信息；关系不存在或已结束的，请在项目页再次声明",
    "you are recused for an interest in the firm and see its public card alone; if there is no tie, or no more, "
    "declare again on the page of the deal",
)


def objections(subject: str, recused: Collection[str]) -> tuple[Violation, ...]:
    """Why somebody may do nothing on a deal; nothing if they may. `recused`: everybody who has an interest."""
    return (_OBJECTION,) if subject in recused else ()


def refusal() -> PermissionDenied:
    """The error for who is recused."""
    return PermissionDenied(_OBJECTION.text, reason=_OBJECTION.reason, violations=(_OBJECTION,))


def closed(deal_id: str) -> PermissionDenied:
    """The error for who is recused and asks for more than the card; it leads to the deal on which they may declare
    again, if there is one.
    """
    leads = {"resource": f"deals/{deal_id}"} if deal_id else {}
    return PermissionDenied(_CLOSED, reason=_OBJECTION.reason, metadata=leads)
