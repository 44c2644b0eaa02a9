"""Style and scripts: their address names their content, so that a browser asks for each only once."""

import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PLACE: Final = "/static"
_FOLDER: Final = Path(__file__).parent.parent / "static"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file, its media type, and what names its content."""

    content: bytes
    kind: str
    digest: str


def address(name: str) -> str:
    """The address of a file in its present content. Raises KeyError for one that there is not."""
    return f"{PLACE}/{name}?{_assets()[name].digest}"


def route() -> Route:
    """Where they are had: from memory, so that no thread has to read them. Those asked for by the address of their
    content are kept by browsers; by any other, they are asked about again.
    """
    _assets()
    return Route(f"{PLACE}/{{name:path}}", _asked)


async def _asked(request: Request) -> Response:
    asset = _assets().get(request.path_params["name"])
    if asset is None:
        raise HTTPException(404)
    tag = f'"{asset.digest}"'
    kept = _FOR_GOOD if request.scope["query_string"] == asset.digest.encode() else _ASK_AGAIN
    headers = {"ETag": tag, "Cache-Control": kept}
    known = {each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(asset.content, media_type=asset.kind, headers=headers)


@cache
def _assets() -> dict[str, Asset]:
    files = (each for each in sorted(_FOLDER.rglob("*")) if each.is_file())
    return {each.relative_to(_FOLDER).as_posix(): _read(each) for each in files}


def _read(file: Path) -> Asset:
    content, kind = file.read_bytes(), mimetypes.guess_type(file.name)[0]
    return Asset(content, kind or "text/plain", hashlib.sha256(content).hexdigest()[:12])
