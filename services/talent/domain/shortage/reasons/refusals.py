"""For want of which skills people who were proposed were not taken: evidence of a gap in suitability."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from services.catalogue.lookup import fold
from services.talent.domain.axes import ALL, Axes


class Refusals(NamedTuple):
    """So many people of a leaf cell were refused for want of a skill."""

    leaf: str
    city: str
    category: str
    skill: str
    people: int


class Lacking(NamedTuple):
    """A skill as it is written most often, and for how many people it was wanting."""

    skill: str
    people: int


def lacking(axes: Axes, found: Iterable[Refusals], place: tuple[str, str, str], least: int) -> list[Lacking]:
    """The skills wanting of at least `least` people in a cell of any level (node, city, category), most often first.

    Spellings that differ in case, width or spaces are one skill.
    """
    node, city, category = place
    people: dict[str, int] = defaultdict(int)
    spelt: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for each in found:
        at = axes.node_at.get(each.leaf)
        if at is None or axes.node_at[node] not in axes.lineage[at]:
            continue
        if city in (ALL, each.city) and category in (ALL, each.category):
            people[fold(each.skill)] += each.people
            spelt[fold(each.skill)][each.skill] += each.people
    often = {key: number for key, number in people.items() if number >= least}
    ordered = sorted(often, key=lambda key: (-often[key], key))
    return [Lacking(max(sorted(spelt[key]), key=spelt[key].__getitem__), often[key]) for key in ordered]
