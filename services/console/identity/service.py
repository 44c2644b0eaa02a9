"""The identity service as the console calls it: what it publishes, a code made into tokens, tokens renewed."""

import json
import logging
import re
import urllib.request
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from threading import Lock
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode

from services.chassis.identity.signing_keys import LARGEST_DOCUMENT, SECONDS, fetching, opener_of
from services.chassis.telemetry.logs import log
from services.console.identity.metadata import WELL_KNOWN, Metadata, read_metadata
from services.console.identity.problems import UNAVAILABLE, NotSignedIn

_KNOWN_FOR: Final = timedelta(minutes=10)
_LEFT_ALONE: Final = timedelta(seconds=5)
"""After no answer: who comes meanwhile is told at once, and keeps no thread waiting."""
_ERROR: Final = re.compile("[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Client:
    """The console as the identity service knows it."""

    issuer: str
    id: str
    secret: str = field(repr=False)
    scope: str
    redirect: str
    """Where browsers come back to."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Tokens; `access` first, `identity` and `renewal` where the service gives them."""

    access: str = field(repr=False)
    identity: str | None = field(repr=False)
    renewal: str | None = field(repr=False)


class IdentityService:
    """Thread-safe. Everything raises NotSignedIn; logs name an error by its code alone. No redirect is followed."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._fetch = fetching(client.issuer.rstrip("/") + WELL_KNOWN)
        self._opener = opener_of(client.issuer)
        self._known: tuple[datetime, Metadata] | None = None
        self._away: datetime | None = None
        self._lock = Lock()

    def metadata(self, now: datetime) -> Metadata:
        """What it publishes, asked for every ten minutes."""
        with self._lock:
            if self._known is None or not timedelta() <= now - self._known[0] < _KNOWN_FOR:
                self._known = (now, self._read(now))
            return self._known[1]

    def redeem(self, code: str, verifier: str, now: datetime) -> Reply:
        """Tokens for a code, which counts once."""
        asked = {"code": code, "redirect_uri": self.client.redirect, "code_verifier": verifier}
        return self._ask({"grant_type": "authorization_code", **asked}, now)

    def renew(self, renewal: str, now: datetime) -> Reply:
        """Tokens for those that are near their end."""
        return self._ask({"grant_type": "refresh_token", "refresh_token": renewal}, now)

    def _read(self, now: datetime) -> Metadata:
        self._check_there(now)
        try:
            return read_metadata(self._fetch(), self.client.issuer)
        except (OSError, HTTPException, ValueError, TypeError) as error:
            self._away = now
            log(logging.ERROR, "the identity service's metadata could not be read", reason=str(error))
            raise NotSignedIn(UNAVAILABLE) from error

    def _check_there(self, now: datetime) -> None:
        if self._away is not None and timedelta() <= now - self._away < _LEFT_ALONE:
            raise NotSignedIn(UNAVAILABLE)

    def _ask(self, fields: Mapping[str, str], now: datetime) -> Reply:
        known = self.metadata(now)
        self._check_there(now)
        status, answer = self._post(known, fields, now)
        told = _told(answer)
        if status == 200 and str(told.get("token_type")).lower() == "bearer" and _text(told, "access_token"):
            return Reply(told["access_token"], _text(told, "id_token"), _text(told, "refresh_token"))
        code = _text(told, "error") or ""
        named = code if _ERROR.fullmatch(code) else "other"
        log(logging.WARNING, "the identity service gave no tokens", status=status, reason=named)
        raise NotSignedIn("code" if named == "invalid_grant" else UNAVAILABLE)

    def _post(self, known: Metadata, fields: Mapping[str, str], now: datetime) -> tuple[int, bytes]:
        """What it answers, whatever the status."""
        client, sent, headers = self.client, dict(fields), {"Accept": "application/json"}
        if known.by_post:
            sent |= {"client_id": client.id, "client_secret": client.secret}
        else:  # RFC 6749 2.3.1: each encoded as in a form first
            pair = f"{quote(client.id, safe='')}:{quote(client.secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        request = urllib.request.Request(known.token, urlencode(sent).encode(), headers)  # noqa: S310 (read_metadata)
        try:
            with self._opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read(LARGEST_DOCUMENT + 1)
        except HTTPError as refused:
            with refused:
                return refused.code, refused.read(LARGEST_DOCUMENT + 1)
        except (OSError, HTTPException) as error:
            self._away = now
            log(logging.ERROR, "the identity service did not answer", reason=type(error).__name__)
            raise NotSignedIn(UNAVAILABLE) from error


def _told(answer: bytes) -> Mapping[str, Any]:
    """The object it answers with; an empty one for anything else."""
    try:
        told = json.loads(answer) if len(answer) <= LARGEST_DOCUMENT else None
    except ValueError:
        return {}
    return told if isinstance(told, Mapping) else {}


def _text(told: Mapping[str, Any], name: str) -> str | None:
    found = told.get(name)
    return found if isinstance(found, str) and found else None
