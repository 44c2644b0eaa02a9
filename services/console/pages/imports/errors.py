"""The refused rows of an import to take away: a line for every problem, to be mended in the file itself."""

from collections.abc import Iterator, Sequence
from typing import Any

from starlette.responses import Response

from services.console.backend import SECONDS
from services.console.pages.imports.sides import Side
from services.console.web.tables import csv_file, xlsx_file
from services.console.web.visits import Visit
from services.console.words import Words
from services.kernel.text import Text

_PAGE_ROWS = 500
_HEADERS = (
    Text("表", "sheet"),
    Text("行", "row"),
    Text("字段", "field"),
    Text("规则", "rule"),
    Text("问题与改法", "what is wrong and what to do"),
)


def as_csv(side: Side, visit: Visit) -> Response:
    """The lines as CSV."""
    return csv_file(_table(side, visit), "import-errors.csv")


def as_xlsx(side: Side, visit: Visit) -> Response:
    """The lines as one sheet."""
    return xlsx_file(
        _table(side, visit), visit.say("拒收的行", "refused rows"), "import-errors.xlsx", fixed_columns=2
    )


def _table(side: Side, visit: Visit) -> Sequence[Sequence[Any]]:
    words = Words(visit.catalogue, visit.language)
    lines = [
        (words.sheet(row.sheet), row.row, each.field, each.reason, visit.text(each.text))
        for row in _refused(side, visit)
        for each in row.problems
    ]
    return [[visit.text(header) for header in _HEADERS], *lines]


def _refused(side: Side, visit: Visit) -> Iterator[Any]:
    """All refused rows, page by page."""
    stub = side.stub(visit)
    request = side.wire.ListImportRowsRequest(
        parent=f"imports/{visit.part('id')}", page_size=_PAGE_ROWS, filter="outcome = REFUSED"
    )
    while True:
        found = stub.ListImportRows(request, timeout=SECONDS)
        yield from found.rows
        if not found.next_page_token:
            return
        request.page_token = found.next_page_token
