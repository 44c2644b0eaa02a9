"""Which kinds of pairs are for a visitor: those of whose two sides they may list the records.

The matcher decides by the same roles; a page that knows them too leads nobody to a refusal.
"""

from services.console.acts import doers
from services.console.web.visits import Visit
from services.kernel.text import Text
from services.wording.codes import ITEMS, KINDS

_LISTED = {"person": "see people", "team": "see teams", "firm": "see firms", "fund": "see funds"}
"""By what stands on a side, the act of listing its records; whatever is not here is open to all who may match."""


def sides_of(kind: str) -> list[str]:
    """What stands on the two sides of a kind, once each."""
    return [part for each in kind.split("-") if (part := each.removesuffix("s")) in ITEMS]


def seen(visit: Visit) -> list[str]:
    """The kinds that are open to the visitor."""
    return [kind for kind in KINDS if unseen(visit, kind) is None]


def pairs_of(visit: Visit, side: str) -> list[str]:
    """The kinds with this side that the visitor may look for; none for who may not look for matches."""
    if not visit.may("match"):
        return []
    return [kind for kind in seen(visit) if side in sides_of(kind)]


def unseen(visit: Visit, kind: str) -> Text | None:
    """Why a kind is not open to the visitor; None if it is."""
    hidden = [each for each in sides_of(kind) if each in _LISTED and not visit.may(_LISTED[each])]
    if not hidden:
        return None
    what, who = ITEMS[hidden[0]], doers(_LISTED[hidden[0]])
    return Text(
        f"当前账号不能查看{what.zh}（需要角色：{who.zh}）。",
        f"This account may not see {what.en}: it needs one of the roles {who.en}.",
    )
