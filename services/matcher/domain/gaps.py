"""Teams as they are seen by what they lack (团队缺口)."""

from dataclasses import replace
from datetime import date

from services.catalogue.succession import WHOLE, Shares
from services.matcher.domain.item import Item
from services.matcher.domain.staff import Staff


def by_gaps(team: Item, day: date) -> Item:
    """The team with the directions in which it lacks heads that day in place of those that it works in."""
    staff = (team.staff or Staff()).on(day)
    return replace(team, leaves=_parts_of_whole(staff.lacking or ()), staff=staff)


def _parts_of_whole(amounts: Shares) -> Shares:
    whole = sum(amount for _, amount in amounts)
    return tuple((leaf, amount * WHOLE // whole) for leaf, amount in amounts)
