"""One thing that is new."""

from dataclasses import dataclass
from typing import Final

from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Told:
    """`kind`: a code of KINDS; `about`: what people call its subject; `resource`: where more of it is;
    `origin`: REAL or SYNTHETIC, where it is known.
    """

    kind: str
    about: str
    told: str
    time: str = ""
    resource: str = ""
    origin: str = ""


KINDS: Final = {
    "waiting": Text("等您处理", "waits for you"),
    "paper": Text("等您经办", "yours to handle"),
    "ballot": Text("等您投票", "your ballot"),
    "sitting": Text("投决会", "sitting"),
    "reminder": Text("提醒", "reminder"),
    "approval": Text("等您复核", "your approval"),
    "moved": Text("项目动过", "deal moved"),
    "alert": Text("筛选有变", "saved search"),
    "headroom": Text("额度减少", "headroom"),
    "watched": Text("关注的单元", "watched cell"),
    "cell": Text("星级有变", "cell's star"),
    "accepted": Text("推荐被接受", "accepted"),
}
"""In the order in which they are told."""
