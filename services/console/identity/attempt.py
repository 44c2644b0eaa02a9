"""One attempt to sign in: what its browser keeps until it comes back, and what is asked of the identity service."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

from services.console.identity.problems import UNAVAILABLE, NotSignedIn
from services.console.identity.service import Client
from services.kernel.text import Language

LASTS: Final = timedelta(minutes=10)
_LONGEST_PATH: Final = 2_000
_BYTES: Final = 32
_AWAY: Final = frozenset({"server_error", "temporarily_unavailable", "invalid_request", "invalid_scope"})


@dataclass(frozen=True, slots=True)
class Attempt:
    """`state` binds the answer to the browser, `nonce` the token to the attempt, `verifier` the code to us."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)
    path: str
    """Where to go on to, on our pages."""

    @classmethod
    def begin(cls, path: str, random: Callable[[int], str]) -> "Attempt":
        """A new one; a path too long for a cookie is the start page."""
        kept = path if len(path.encode()) <= _LONGEST_PATH else "/"
        return cls(random(_BYTES), random(_BYTES), random(_BYTES), kept)

    @classmethod
    def read(cls, opened: Mapping[str, Any] | None) -> "Attempt | None":
        """The one that the browser kept; None for one of another form."""
        try:
            return None if opened is None else cls(**opened)
        except TypeError:
            return None

    def written(self) -> dict[str, str]:
        """As `read` reads it."""
        return asdict(self)

    def address(self, endpoint: str, client: Client, language: Language) -> str:
        """Where the browser asks to be signed in."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        asked = {
            "response_type": "code",
            "client_id": client.id,
            "redirect_uri": client.redirect,
            "scope": client.scope,
            "state": self.state,
            "nonce": self.nonce,
            "code_challenge": urlsafe_b64encode(digest).decode().rstrip("="),
            "code_challenge_method": "S256",
            "ui_locales": "zh-CN" if language == "zh" else "en",
        }
        return endpoint + ("&" if "?" in endpoint else "?") + urlencode(asked)

    def code_of(self, answer: Mapping[str, str], issuer: str, *, says_who: bool) -> str:
        """The code that the browser brings. Raises NotSignedIn: not of this attempt or issuer, or refused there."""
        if not hmac.compare_digest(answer.get("state", "").encode(), self.state.encode()):
            raise NotSignedIn("state")
        if answer.get("iss", None if says_who else issuer) != issuer:  # RFC 9207: another service's answer
            raise NotSignedIn("state")
        if "error" in answer:
            raise NotSignedIn(UNAVAILABLE if answer["error"] in _AWAY else "denied")
        if not answer.get("code"):
            raise NotSignedIn("state")
        return answer["code"]
