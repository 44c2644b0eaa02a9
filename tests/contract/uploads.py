"""Files as an import RPC takes them: a header, then pieces."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode

PIECE = 64 * 1024


def parts(message: Callable[..., Any], data: bytes, header: Mapping[str, Any]) -> Iterator[Any]:
    """The stream of `message`s for a file; good rows are taken unless the header says otherwise."""
    given = {"filename": "导入.xlsx", "mode": ImportMode.IMPORT_MODE_GOOD_ROWS, **header}
    yield message(header=ImportHeader(**given))
    for start in range(0, len(data), PIECE):
        yield message(data=data[start : start + PIECE])
