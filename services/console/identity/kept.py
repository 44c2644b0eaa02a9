"""What a browser keeps beside a token to have it renewed: sealed, and good for that token alone."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from services.console.web.sessions import SECONDS

LONGEST: Final = timedelta(seconds=SECONDS)
"""From signing in until somebody has to sign in again, however often the token was renewed."""
SOON: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Kept:
    """`mark` is the session's; `of`: digest of the token; `renewal`: what the identity service renews it for, if it
    does; `begun`, `ends`: seconds since 1970 of signing in and of the token's end.
    """

    mark: str = field(repr=False)
    of: str
    subject: str
    renewal: str | None = field(repr=False)
    begun: int
    ends: int

    @classmethod
    def read(cls, opened: Mapping[str, Any] | None, token: str) -> "Kept | None":
        """What was kept beside this token; None for another one's, or of another form."""
        if opened is None or opened.get("of") != digest(token):
            return None
        try:
            return cls(**opened)
        except TypeError:
            return None

    def written(self) -> dict[str, Any]:
        """As `read` reads it."""
        return asdict(self)

    def is_due(self, now: datetime) -> bool:
        """Whether the token is in its last minute or over, and the session is not."""
        begun, ends = datetime.fromtimestamp(self.begun, UTC), datetime.fromtimestamp(self.ends, UTC)
        return self.renewal is not None and now >= ends - SOON and now - begun < LONGEST


def digest(token: str) -> str:
    """Of a token: it stands for it where the token itself has no business."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
