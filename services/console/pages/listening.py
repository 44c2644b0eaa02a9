"""Whether a visitor can listen to the stream of matches, and why not."""

import json

from services.console.acts import doers
from services.console.pages.pairs_seen import seen, unseen
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.wording.codes import ITEMS, KINDS, LISTLESS
from services.wording.pages import PAGES

LISTENED = tuple(kind for kind in KINDS if kind not in LISTLESS)
"""The kinds of which changes are told."""


def heard(visit: Visit) -> str:
    """What the live list needs to say its events in words: those of kinds and cities, where records have pages, and
    the zone of times.
    """
    words = Words(visit.catalogue, visit.language)
    said = {kind: words.kind(kind) for kind in LISTENED}
    said |= {each.id: words.city(each.id) for each in visit.catalogue.cities}
    said |= {f"{item}s": words.item(item) for item in ITEMS}
    said |= {f"directions/{each.code}": words.direction(each.code) for each in visit.catalogue.leaves}
    return json.dumps({"words": said, "pages": PAGES, "zone": CIVIL_ZONE.key}, ensure_ascii=False)


def unheard(visit: Visit, kind: str = "") -> Text | None:
    """Why there is nothing to listen to, of a kind if one is named; None if there is."""
    if kind in LISTLESS:
        return Text(
            "此类匹配在查询时计算，不保留名单，因此没有实时变化。",
            "Matches of this kind are worked out when they are asked for; there is no list that could change.",
        )
    if not visit.may("listen"):
        said = doers("listen")
        return Text(
            f"当前账号不能收听实时变化（需要角色：{said.zh}）。",
            f"This account cannot listen; it needs one of the roles: {said.en}.",
        )
    return unseen(visit, kind) if kind else None


def listened(visit: Visit) -> list[str]:
    """The kinds whose changes are told and that the visitor sees."""
    return [kind for kind in seen(visit) if kind not in LISTLESS]
