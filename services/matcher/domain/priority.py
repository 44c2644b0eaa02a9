"""What the policy says of a place, and which cell of the shortage map it is: beside every score, in none."""

from dataclasses import dataclass
from datetime import date

from services.catalogue import Catalogue
from services.catalogue.cells import ALL, cell_id
from services.matcher.domain.codes import OUTSIDE
from services.matcher.domain.item import Item, ItemKind


@dataclass(frozen=True, slots=True)
class CellStanding:
    """What the shortage map says of a cell: stars 1 to 5, 0 for none, on the day it was counted for.

    Of a hidden cell the stars are 3, 1 or 0 for tight, near balance or ample.
    """

    stars: int
    hidden: bool
    as_of: date


@dataclass(frozen=True, slots=True)
class PolicyPriority:
    """The tier of an industry, and whether the document names the city for it."""

    tier: str
    city_named: bool


@dataclass(frozen=True, slots=True)
class Urgency:
    """What is said beside one candidate: its stars, 0 for none, and what the policy says of its place."""

    stars: int
    policy: PolicyPriority


def main_leaf(item: Item) -> str | None:
    """The direction with the largest declared share, the first of equals; None without any."""
    return max(item.leaves, key=lambda leaf: leaf[1])[0] if item.leaves else None


def cell_of_item(item: Item) -> str | None:
    """The id of the cell that an item belongs to; None without a direction. Whoever is outside counts by province."""
    if item.kind is ItemKind.CELL:
        return item.id
    leaf = main_leaf(item)
    if leaf is None:
        return None
    city = ALL if item.city in (None, OUTSIDE) else item.city
    return cell_id(leaf, city or ALL, item.category or ALL)


def policy_priority(item: Item, catalogue: Catalogue) -> PolicyPriority | None:
    """By the industry of the main direction; None without a direction."""
    leaf = main_leaf(item)
    if leaf is None:
        return None
    industry = catalogue.industry(catalogue.industry_of(leaf))
    named = any(item.city in role.cities for role in industry.cities)
    return PolicyPriority(industry.tier, named)
