"""Files that pages hand out, and the formats in which lists are taken along."""

from collections.abc import Iterable
from typing import Final

from starlette.responses import Response

from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument

MEDIA: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
"""The types of files by the format that the form of a list offers."""


def asked_format(visit: Visit) -> str:
    """The format that was chosen. Raises InvalidArgument for another one than the offered."""
    chosen = visit.form.get("format", "")
    if chosen not in MEDIA:
        raise InvalidArgument.field("format", "UNKNOWN_FORMAT", "可选 xlsx 或 csv", "choose xlsx or csv")
    return chosen


def attachment(pieces: Iterable[bytes], kind: str, name: str) -> Response:
    """A file to be kept, whole: a page that is refused half-way is a refusal."""
    return Response(
        b"".join(pieces),
        media_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
