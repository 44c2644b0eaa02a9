"""Cells of the shortage map as records: their names, and the address of their cards."""

from urllib.parse import urlencode

from bole.talent.v1 import shortage_pb2 as shortage
from services.catalogue import Catalogue
from services.catalogue.cells import CellAddress


def address_of(scope: shortage.ShortageScope) -> CellAddress | None:
    """The cell of a scope; None for one without a field of work, which nobody is matched with."""
    node = scope.direction_code or scope.industry_code
    return CellAddress(node, scope.city_code, scope.category_code) if node else None


def card_of(name: str, catalogue: Catalogue) -> str:
    """The address of a cell's card; empty for what is no cell's name."""
    found = CellAddress.parse(name)
    if found is None:
        return ""
    field = "industry" if any(each.id == found.node for each in catalogue.industries) else "direction"
    asked = {field: found.node, "city": found.city, "category": found.category}
    return "/map?" + urlencode({key: value for key, value in asked.items() if value})
