"""Which kinds of pairs are for a visitor: those of whose two sides they may list the records.

The matcher decides by the same roles; a page that knows them too leads nobody to a refusal.
"""

from services.console.acts import doers
from services.console.web.visits import Visit
from services.kernel.text import Text
from services.wording.codes import ITEMS, KINDS


def sides_of(kind: str) -> list[str]:
    """What stands on the two sides of a kind, once each."""
    return [part for each in kind.split("-") if (part := each.removesuffix("s")) in ITEMS]


def seen(visit: Visit) -> list[str]:
    """The kinds that are open to the visitor."""
    return [kind for kind in KINDS if unseen(visit, kind) is None]


def unseen(visit: Visit, kind: str) -> Text | None:
    """Why a kind is not open to the visitor; None if it is."""
    listed = {
        "person": visit.may("see people"),
        "team": visit.may("see teams"),
        "firm": visit.may("see firms"),
        "fund": visit.may("see funds"),
    }
    hidden = [each for each in sides_of(kind) if not listed.get(each, True)]
    if not hidden:
        return None
    what, who = ITEMS[hidden[0]], doers(f"see {ITEMS[hidden[0]].en}")
    return Text(
        f"当前账号不能查看{what.zh}（需要角色：{who.zh}）。",
        f"This account may not see {what.en}: it needs one of the roles {who.en}.",
    )
