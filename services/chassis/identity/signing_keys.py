"""The keys that tokens are checked with: one's own, or those that an identity service publishes (RFC 7517)."""

import json
import logging
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final, Protocol
from urllib.error import HTTPError
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from services.chassis.settings.shared import is_here
from services.chassis.telemetry.logs import log

ALGORITHMS: Final = ("EdDSA", "ES256", "ES384", "RS256", "PS256")
"""What a published key may sign with: never a shared secret, never `none`."""
_REFRESH: Final = timedelta(minutes=10)
_AT_MOST_EVERY: Final = timedelta(seconds=30)
_LAST_GOOD: Final = timedelta(hours=1)
LARGEST_DOCUMENT: Final = 256 * 1024
"""Bytes of what an identity service publishes or answers."""
_MOST_KEYS: Final = 100
_LONGEST_ID: Final = 256
_LEAST_RSA_BITS: Final = 2048
SECONDS: Final = 5.0
"""How long an identity service may take to answer."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A public key and the one algorithm it is used with."""

    key: Any
    algorithm: str


class SigningKeys(Protocol):
    """Finds the key of a token by the `kid` of its header."""

    def find(self, key_id: object, now: datetime) -> SigningKey | None:
        """The key, or None if there is none that may be trusted at `now`."""
        ...


@dataclass(frozen=True, slots=True)
class OwnKey:
    """The installation's own key, whatever the header says."""

    key: Ed25519PublicKey

    def find(self, key_id: object, now: datetime) -> SigningKey:  # noqa: ARG002 (as the protocol has it)
        """Always the one."""
        return SigningKey(self.key, "EdDSA")


class PublishedKeys:
    """The keys of an identity service. Thread-safe; one thread fetches, the others go on with what is known.

    Looked at again every ten minutes, and for a key that is not known, though at most every 30 s: whoever sends
    invented ids makes no requests. While the service cannot be reached its last keys count for an hour, then none.
    """

    def __init__(self, fetch: Callable[[], bytes]) -> None:
        self._fetch = fetch
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched: datetime | None = None
        self._tried: datetime | None = None
        self._lock = Lock()

    def find(self, key_id: object, now: datetime) -> SigningKey | None:
        """See the class."""
        if not isinstance(key_id, str) or len(key_id) > _LONGEST_ID:
            return None
        if self._is_old(now) or key_id not in self._keys:
            self._refresh(now)
        trusted = self._fetched is not None and now - self._fetched < _LAST_GOOD
        return self._keys.get(key_id) if trusted else None

    def _is_old(self, now: datetime) -> bool:
        return self._fetched is None or now - self._fetched >= _REFRESH

    def _refresh(self, now: datetime) -> None:
        if not self._lock.acquire(blocking=self._fetched is None):
            return
        try:
            if self._tried is not None and now - self._tried < _AT_MOST_EVERY:
                return
            self._tried = now
            self._keys = read_keys(self._fetch())
            self._fetched = now
        except (OSError, ValueError) as error:
            log(logging.ERROR, "the keys of the identity service could not be read", reason=str(error))
        finally:
            self._lock.release()


def read_keys(document: bytes) -> dict[str, SigningKey]:
    """The keys of a JSON Web Key Set by id; those of another use, kind or strength are left out.

    Raises ValueError for a document of another form, too large, or with too many keys.
    """
    read = json.loads(document) if len(document) <= LARGEST_DOCUMENT else None
    entries = read.get("keys") if isinstance(read, Mapping) else None
    if not isinstance(entries, list) or len(entries) > _MOST_KEYS:
        raise ValueError("not a key set of at most 100 keys and 256 KiB")
    found = {}
    for entry in entries:
        if (
            isinstance(entry, Mapping)
            and entry.get("use", "sig") == "sig"
            and isinstance(entry.get("kid"), str)
        ):
            key = _read(entry)
            if key is not None:
                found[entry["kid"]] = key
    return found


def _read(entry: Mapping[str, Any]) -> SigningKey | None:
    try:
        read = jwt.PyJWK(dict(entry))
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    weak = isinstance(read.key, RSAPublicKey) and read.key.key_size < _LEAST_RSA_BITS
    private = "d" in entry or entry.get("kty") == "oct"
    if weak or private or read.algorithm_name not in ALGORITHMS:
        return None
    return SigningKey(read.key, read.algorithm_name)


def fetching(where: str) -> Callable[[], bytes]:
    """Reads the key set: a file, or an address of https (http on this machine alone). No redirect is followed."""
    parts = urlsplit(where)
    if not parts.scheme:
        return Path(where).read_bytes
    opener = opener_of(where)

    def fetch() -> bytes:
        try:
            with opener.open(where, timeout=SECONDS) as answer:
                document: bytes = answer.read(LARGEST_DOCUMENT + 1)
                return document
        except HTTPError as refused:
            refused.close()
            raise

    return fetch


def opener_of(address: str) -> urllib.request.OpenerDirector:
    """What asks there: it follows no redirect, and asks this machine itself, whatever proxy the environment names."""
    direct = [urllib.request.ProxyHandler({})] if is_here(address) else []
    return urllib.request.build_opener(_NoRedirect(), *direct)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """An answer that points elsewhere is an error."""

    def redirect_request(self, *_told: object) -> None:
        """Follow nothing."""
