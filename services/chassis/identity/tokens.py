"""Staff tokens: signed JWT of this installation or of an identity service, verified once and remembered a while."""

import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast, get_args

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from services.chassis.identity.identity import Grant, Kind, Principal, refused
from services.chassis.identity.signing_keys import OwnKey, SigningKeys
from services.chassis.keys import IDENTITY_KEY
from services.kernel.errors import Unauthenticated

ISSUER: Final = "bole"
AUDIENCE: Final = "bole"
PUBLIC_KEY_FILE: Final = "identity.pub.pem"
_ALGORITHM: Final = "EdDSA"
_REQUIRED: Final = ["exp", "iat", "aud", "iss", "sub", "jti"]
_SKEW: Final = timedelta(seconds=60)
_REMEMBERED: Final = timedelta(minutes=10)
_LONGEST: Final = 8_192
_PLACES: Final = ("city", "fund", "firm")


def issue_local_token(
    keys_dir: Path,
    subject: str,
    grants: Iterable[Grant],
    ttl: timedelta,
    now: datetime,
    kind: Kind = "staff",
) -> str:
    """Sign a token with the local identity key in `keys_dir`. Raises OSError if there is no key."""
    key = load_pem_private_key((keys_dir / IDENTITY_KEY).read_bytes(), password=None)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "jti": secrets.token_hex(16),
        "iat": int(now.timestamp()),
        "nbf": int(now.timestamp()),
        "exp": int((now + ttl).timestamp()),
        "kind": kind,
        "grants": [_write(grant) for grant in grants],
    }
    return jwt.encode(claims, cast(Ed25519PrivateKey, key), algorithm=_ALGORITHM)


def load_verification_key(keys_dir: Path) -> Ed25519PublicKey:
    """The key that tokens are checked with: `identity.pub.pem` if it is there, else half of `identity.pem`.

    Raises OSError if neither file exists.
    """
    public = keys_dir / PUBLIC_KEY_FILE
    if public.exists():
        return cast(Ed25519PublicKey, load_pem_public_key(public.read_bytes()))
    private = load_pem_private_key((keys_dir / IDENTITY_KEY).read_bytes(), password=None)
    return cast(Ed25519PrivateKey, private).public_key()


@dataclass(frozen=True, slots=True)
class Issuer:
    """Whose tokens are taken, for whom they must be made out, and whether they may be other than staff's.

    An identity service speaks of people: what its tokens say of being a service of the house counts for nothing.
    """

    keys: SigningKeys
    name: str = ISSUER
    audience: str = AUDIENCE
    staff_alone: bool = False


class StaffTokens:
    """Verifies bearer tokens. Thread-safe. A key that is withdrawn counts for at most ten minutes more."""

    def __init__(self, issuer: Issuer | Ed25519PublicKey, *, remembered: int = 10_000) -> None:
        self._issuer = Issuer(OwnKey(issuer)) if isinstance(issuer, Ed25519PublicKey) else issuer
        self._remembered = remembered
        self._verified: OrderedDict[bytes, tuple[Principal, datetime, datetime]] = OrderedDict()
        self._lock = Lock()

    def authenticate(self, credential: str, now: datetime) -> Principal:
        """The principal of a valid token. Raises Unauthenticated (TOKEN_INVALID, TOKEN_EXPIRED)."""
        return self.examine(credential, now)[0]

    def examine(self, credential: str, now: datetime) -> tuple[Principal, datetime]:
        """The principal of a valid token and when the token ends. Raises as `authenticate`."""
        digest = hashlib.sha256(credential.encode("utf-8", "surrogateescape")).digest()
        with self._lock:
            known = self._verified.get(digest)
        if known is not None and now >= known[2]:
            known = None
        principal, expires = known[:2] if known else self._verify(credential, now)
        if now >= expires:
            with self._lock:
                self._verified.pop(digest, None)
            raise refused("TOKEN_EXPIRED", "登录已过期，请重新登录", "the token has expired; sign in again")
        if known is None:
            self._remember(digest, principal, expires, now + _REMEMBERED)
        return principal, expires

    def _remember(self, digest: bytes, principal: Principal, expires: datetime, until: datetime) -> None:
        with self._lock:
            self._verified[digest] = (principal, expires, until)
            if len(self._verified) > self._remembered:
                self._verified.popitem(last=False)

    def _verify(self, token: str, now: datetime) -> tuple[Principal, datetime]:
        claims = verified(token, self._issuer, now)
        try:
            whole = {**claims, "kind": "staff"} if self._issuer.staff_alone else claims
            return _principal(whole), _instant(claims["exp"])
        except (KeyError, TypeError, ValueError, OverflowError, OSError) as error:
            raise _invalid() from error


def verified(
    token: str, issuer: Issuer, now: datetime, required: Sequence[str] = _REQUIRED
) -> Mapping[str, Any]:
    """The claims of a token that the issuer signed for its audience, and not in the future.

    Whether it is over, is for the caller to judge. Raises Unauthenticated (TOKEN_INVALID).
    """
    if len(token) > _LONGEST:
        raise _invalid()
    try:
        found = issuer.keys.find(jwt.get_unverified_header(token).get("kid"), now)
        if found is None:
            raise _invalid()
        claims: Mapping[str, Any] = jwt.decode(
            token,
            found.key,
            algorithms=[found.algorithm],
            audience=issuer.audience,
            issuer=issuer.name,
            # Times are checked against the clock of the caller, not the machine's.
            options={
                "require": list(required),
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
            },
        )
        issued, _ = _instant(claims["iat"]), _instant(claims["exp"])
        if max(issued, _instant(claims.get("nbf", claims["iat"]))) > now + _SKEW:
            raise _invalid()
        return claims
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        raise _invalid() from error


def claimed(token: str) -> Principal | None:
    """Whom a token says that it is of, read without checking it: for its holder's own use, never to decide by. None for
    one that cannot be read.
    """
    try:
        return _principal(jwt.decode(token, options={"verify_signature": False}))
    except (jwt.PyJWTError, KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _invalid() -> Unauthenticated:
    return refused("TOKEN_INVALID", "登录凭证无效，请重新登录", "the token is not valid; sign in again")


def _instant(seconds: object) -> datetime:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TypeError("not an instant")
    return datetime.fromtimestamp(seconds, UTC)


def _principal(claims: Mapping[str, Any]) -> Principal:
    subject, kind = claims["sub"], claims.get("kind", "staff")
    if not isinstance(subject, str) or not subject or kind not in get_args(Kind):
        raise ValueError("not a principal")
    return Principal(subject, kind, tuple(_read(entry) for entry in claims.get("grants", ())))


def _write(grant: Grant) -> dict[str, object]:
    entry: dict[str, object] = {"role": grant.role, "purposes": sorted(grant.purposes)}
    entry |= {key: value for key in _PLACES if (value := getattr(grant, key)) is not None}
    if grant.not_after is not None:
        entry["not_after"] = int(grant.not_after.timestamp())
    return entry


def _read(entry: object) -> Grant:
    if not isinstance(entry, Mapping):
        raise TypeError("not a grant")
    places, until = {key: entry.get(key) for key in _PLACES}, entry.get("not_after")
    if not all(value is None or isinstance(value, str) for value in places.values()):
        raise ValueError("not a grant")
    if not isinstance(entry["role"], str):
        raise ValueError("not a grant")
    return Grant(
        entry["role"],
        purposes=frozenset(str(purpose) for purpose in entry.get("purposes", ())),
        not_after=None if until is None else _instant(until),
        **places,
    )
