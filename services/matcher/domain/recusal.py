"""Recusal (回避): who has an interest in a firm sees of it among matches as much as of one that is not there.

The funding service says who that is. It is refused as it is there, for the same reason.
"""

from services.kernel.errors import PermissionDenied
from services.kernel.text import Text

_CLOSED = Text(
    "您与该企业有利益关系，已回避，不能查看它的匹配；关系不存在或已结束的，请在项目页再次声明",
    "you are recused for an interest in the firm and see no matches of it; if there is no tie, or no more, declare "
    "again on the page of the deal",
)


def closed(firm_id: str) -> PermissionDenied:
    """The error for who is recused and asks for a firm by its name."""
    return PermissionDenied(_CLOSED, reason="RECUSED", metadata={"resource": f"firms/{firm_id}"})
