"""What the rows and columns of the shortage map are where nobody says: what the question leaves open."""

from typing import Final

from bole.talent.v1 import shortage_pb2 as shortage
from services.kernel.errors import InvalidArgument

_FIELDS: Final = ("industry", "direction", "local")


def sides(rows: str, columns: str, scope: shortage.ShortageScope) -> tuple[str, str]:
    """Rows and columns of a question about `scope`, as on the command line; an empty one is the next that is open, of
    industries or an industry's directions, cities, categories.

    Raises InvalidArgument (NOTHING_LEFT_OPEN) if the scope leaves too few open, as that of a single cell does.
    """
    left = [each for each in _open(scope) if not _same(each, rows) and not _same(each, columns)]
    missing = [rows, columns].count("")
    if len(left) < missing:
        raise InvalidArgument.field(
            "--columns" if rows else "--rows",
            "NOTHING_LEFT_OPEN",
            "范围已定，没有可以展开的维度；单个单元格请用 bole shortage cell",
            "the scope leaves nothing to lay out; of a single cell ask with bole shortage cell",
        )
    found = iter(left)
    return rows or next(found), columns or next(found)


def _open(scope: shortage.ShortageScope) -> list[str]:
    field = [] if scope.direction_code else ["direction"] if scope.industry_code else ["industry"]
    return [
        *field,
        *([] if scope.city_code else ["city"]),
        *([] if scope.category_code else ["category"]),
    ]


def _same(one: str, other: str) -> bool:
    return one == other or (one in _FIELDS and other in _FIELDS)
