"""Cells of the shortage map as records: from what a page counts to their names, and back."""

from bole.talent.v1 import shortage_pb2 as shortage
from services.catalogue import Catalogue
from services.catalogue.cells import CellAddress


def address_of(scope: shortage.ShortageScope) -> CellAddress | None:
    """The cell of a scope; None for one without a field of work, which nobody is matched with."""
    node = scope.direction_code or scope.industry_code
    return CellAddress(node, scope.city_code, scope.category_code) if node else None


def scope_of_cell(cell: CellAddress, catalogue: Catalogue) -> shortage.ShortageScope:
    """What a cell counts."""
    field = (
        "industry_code" if any(each.id == cell.node for each in catalogue.industries) else "direction_code"
    )
    return shortage.ShortageScope(city_code=cell.city, category_code=cell.category, **{field: cell.node})
