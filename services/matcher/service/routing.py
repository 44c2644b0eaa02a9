"""By what a subscription is chosen: directions and city of the anchor, at the time of the event.

Whoever follows one city or direction must be able to forget what leaves it: an anchor that is gone is withdrawn
where it was known, and one that moves is withdrawn there and created anew where it is now.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.lists.delta import Delta, DeltaType, ListKey, Places

AnchorKey = tuple[ItemKind, str]


@dataclass(frozen=True, slots=True)
class Route:
    """Direction codes and city of an anchor; empty for what it lacks. Of a fund they are the directions of its
    mandate's industries, none where it names no industry and so is in all.
    """

    directions: tuple[str, ...] = ()
    city: str = ""


class Told(NamedTuple):
    """A delta, and by what it reaches subscriptions."""

    delta: Delta
    route: Route


Lists = Mapping[ListKey, Places]
RouteOf = Callable[[AnchorKey], Route | None]


def anchor_of(key: ListKey) -> AnchorKey:
    """Kind and id of the anchor of a list."""
    return KINDS[key[0]].anchor, key[1]


def route_of(item: Item, codes: Codes) -> Route:
    """The route of an anchor."""
    if item.mandate is None:
        return Route(tuple(code for code, _ in item.leaves), item.city or "")
    scope = item.mandate.industries
    return Route(tuple(leaf.code for leaf in codes.leaves if leaf.industry in scope), item.city or "")


def routed(
    deltas: Iterable[Delta], lists: tuple[Lists, Lists], old: Mapping[AnchorKey, Route], now: RouteOf
) -> list[Told]:
    """Deltas with their routes; `lists` before and after, `old` routes of what has changed, `now` None if gone."""
    before, after = lists
    now = cache(now)
    moved = {key for key in before if _moved(anchor_of(key), old, now)}
    told = []
    for delta in deltas:
        key = (delta.kind, delta.anchor)
        if key not in moved:
            told.append(Told(delta, now(anchor_of(key)) or old.get(anchor_of(key)) or Route()))
    for key in sorted(moved):
        told += _moving(
            key, before[key], after.get(key, ()), (old[anchor_of(key)], now(anchor_of(key)) or Route())
        )
    return told


def _moved(anchor: AnchorKey, old: Mapping[AnchorKey, Route], now: RouteOf) -> bool:
    return anchor in old and now(anchor) not in (None, old[anchor])


def _moving(key: ListKey, before: Places, after: Places, routes: tuple[Route, Route]) -> list[Told]:
    kind, anchor = key
    gone = (Delta(DeltaType.WITHDRAWN, kind, anchor, place.id, place.announced, 0) for place in before)
    come = (
        Delta(DeltaType.CREATED, kind, anchor, place.id, place.announced, rank)
        for rank, place in enumerate(after, start=1)
    )
    return [*(Told(delta, routes[0]) for delta in gone), *(Told(delta, routes[1]) for delta in come)]
