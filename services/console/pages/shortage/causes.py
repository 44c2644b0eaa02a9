"""Why cells of the shortage map are short: which likely cause the address asks for, and which of them a cell has."""

from collections.abc import Iterable

from bole.talent.v1 import shortage_pb2 as shortage
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.wording.causes import CAUSES

PARAMETER = "driver"


def asked_cause(visit: Visit) -> str:
    """The code of the cause that the address asks for (`driver`); empty for all cells. Raises InvalidArgument."""
    given = visit.get(PARAMETER)
    if given and given not in CAUSES:
        known = ", ".join(CAUSES)
        raise InvalidArgument.field(
            PARAMETER,
            "UNKNOWN_DRIVER",
            f"没有成因“{given}”，可用：{known}",
            f"no cause {given!r}; use {known}",
        )
    return given


def causes_of(cell: shortage.ShortageCell) -> list[str]:
    """Codes of the cell's likely causes, as far as they have a name here."""
    return [each.code for each in cell.drivers if each.code in CAUSES]


def has_cause(cell: shortage.ShortageCell, cause: str) -> bool:
    """Whether a cell is asked for by its cause; every cell is if none is given."""
    return not cause or cause in causes_of(cell)


def causes_among(cells: Iterable[shortage.ShortageCell]) -> dict[str, Text]:
    """The causes that any of these cells has, with their names, in the order of the vocabulary."""
    found = {code for cell in cells for code in causes_of(cell)}
    return {code: name for code, name in CAUSES.items() if code in found}
