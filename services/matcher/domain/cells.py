"""Cells of the shortage map as the matcher sees them: a direction, a city and a talent category."""

from collections.abc import Iterable

from services.catalogue.cells import ALL, CellAddress, cell_id
from services.kernel.errors import NotFound
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import WHOLE
from services.matcher.domain.item import Item, ItemKind


def cell_items(codes: Codes) -> tuple[Item, ...]:
    """Every cell that names a direction, a city and a category."""
    return tuple(
        _item(codes, leaf.code, city, category)
        for leaf in codes.leaves
        for city in codes.cities
        for category in codes.categories
    )


def cell_of(codes: Codes, id_: str) -> Item:
    """The cell with this id, of an industry, a whole province or all categories as well. Raises NotFound."""
    found = CellAddress.parse(id_)
    if found is not None:
        node, city, category = found.node, found.city or ALL, found.category or ALL
        known = node in codes.leaf_number or node in codes.industries
        if known and city in (ALL, *codes.cities) and category in (ALL, *codes.categories):
            return _item(codes, node, city, category)
    raise NotFound.resource(f"{ItemKind.CELL.collection}/{id_}")


def _item(codes: Codes, node: str, city: str, category: str) -> Item:
    return Item(
        ItemKind.CELL,
        cell_id(node, city, category),
        leaves=_even(leaf.code for leaf in codes.leaves if node in (leaf.code, leaf.industry)),
        city=None if city == ALL else city,
        category=None if category == ALL else category,
    )


def _even(leaves: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """An industry's directions share it evenly; a direction alone is the whole."""
    found = tuple(leaves)
    return tuple((leaf, WHOLE // len(found)) for leaf in found)
