"""The catalogue as the matcher uses it: codes with names, and one item per leaf with the leaf's wording."""

from collections.abc import Iterable
from functools import cache
from itertools import chain

from services.catalogue.catalogue import Catalogue
from services.catalogue.model import Industry, Leaf, LocalDirection, TalentCategory
from services.catalogue.regional import with_regional
from services.catalogue.terms import load_terms, with_local
from services.kernel.text import Text
from services.matcher.domain.codes import OUTSIDE, Codes, LeafCode
from services.matcher.domain.columns import WHOLE
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.texts.wording import Wording


def codes_of(catalogue: Catalogue) -> Codes:
    """All codes of the catalogue with their names."""
    named: Iterable[Industry | TalentCategory] = chain(catalogue.industries, catalogue.categories)
    labels = {entry.id: Text(entry.name_zh, entry.name_en) for entry in named}
    labels |= {city.id: city.name for city in catalogue.cities}
    labels |= {leaf.code: leaf.name for leaf in catalogue.leaves}
    return Codes(
        tuple(LeafCode(leaf.code, leaf.industry, leaf.parent) for leaf in catalogue.leaves),
        tuple(city.id for city in catalogue.cities),
        tuple(category.id for category in catalogue.categories),
        labels | {OUTSIDE: Text("省外", "outside the province")},
        _wording_of_directions(catalogue.local_directions),
    )


def direction_items(catalogue: Catalogue) -> tuple[Item, ...]:
    """One item per leaf: its names, aliases and the document's words, its parent's and industry's names."""
    industries = {industry.id: industry for industry in catalogue.industries}
    local = {each.id: each for each in catalogue.local_directions}
    return tuple(
        Item(
            ItemKind.DIRECTION,
            leaf.code,
            texts=tuple(
                dict.fromkeys(
                    text for text in _wording(leaf, industries[leaf.industry], local.get(leaf.code)) if text
                )
            ),
            leaves=((leaf.code, WHOLE),),
        )
        for leaf in catalogue.leaves
    )


@cache
def _wording_of_directions(local: tuple[LocalDirection, ...]) -> Wording:
    return Wording(with_regional(with_local(load_terms(), local)))


def _wording(leaf: Leaf, industry: Industry, local: LocalDirection | None) -> Iterable[str]:
    own = {direction.id: direction for direction in industry.directions}.get(leaf.code)
    yield local.name_zh if local else leaf.name_zh
    yield local.name_en if local else leaf.name_en
    if local is not None:
        yield from (*local.aliases, *local.terms)
    if own is not None:
        yield from own.aliases
        yield own.quote
    if leaf.parent is not None:
        yield next(direction.name_zh for direction in industry.directions if direction.id == leaf.parent)
    yield industry.name_zh
    yield from industry.aliases
