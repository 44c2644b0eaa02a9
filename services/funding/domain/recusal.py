"""Recusal (回避): who has an interest in a firm does nothing on its deals, their votes, files and holdings.

What is left is to look where one's role looks, to declare anew, and to lay down a reminder of one's own. Who speaks
for the firm or recommended it acts for it whatever they declared.
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


def objections(subject: str, recused: Collection[str]) -> tuple[Violation, ...]:
    """Why somebody may do nothing on a deal; nothing if they may. `recused`: everybody who has an interest."""
    return (_OBJECTION,) if subject in recused else ()


def refusal() -> PermissionDenied:
    """The error for who is recused."""
    return PermissionDenied(_OBJECTION.text, reason=_OBJECTION.reason, violations=(_OBJECTION,))
