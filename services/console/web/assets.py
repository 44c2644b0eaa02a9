"""Style and scripts: their address names their content, so that a browser asks for each only once."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

PLACE: Final = "/static"
_FOLDER: Final = Path(__file__).parent.parent / "static"
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"


@cache
def address(name: str) -> str:
    """The address of a file in its present content. Raises FileNotFoundError."""
    return f"{PLACE}/{name}?{hashlib.sha256((_FOLDER / name).read_bytes()).hexdigest()[:12]}"


class Assets(StaticFiles):
    """The files. Asked for by the address of their content they are kept; by any other, they are asked about again."""

    def __init__(self) -> None:
        super().__init__(directory=_FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file with how long it may be kept."""
        answer = await super().get_response(path, scope)
        asked = f"{PLACE}/{path}?{scope['query_string'].decode('latin-1')}"
        known = answer.status_code in (200, 304) and asked == address(path)
        answer.headers["Cache-Control"] = _FOR_GOOD if known else _ASK_AGAIN
        return answer
