"""The mark of a session's forms (CSRF): nobody can make it who has not the session.

Pages are sent packed, and a page shows what its address asks for: by the length of many answers an onlooker could
guess a secret that stands in each of them (BREACH). So a mark looks different in every answer, and the length of
a page tells little.
"""

import hmac
import secrets
from hashlib import sha256

_BYTES = sha256().digest_size


def mark_of(session: str) -> str:
    """A mark for the forms of one answer."""
    pad = secrets.token_bytes(_BYTES)
    return (pad + _mixed(pad, _own(session))).hex()


def is_mark_of(session: str, given: str) -> bool:
    """Whether a form's mark is one of the session's."""
    try:
        raw = bytes.fromhex(given)
    except ValueError:
        return False
    if len(raw) != 2 * _BYTES:
        return False
    return hmac.compare_digest(_mixed(raw[:_BYTES], _own(session)), raw[_BYTES:])


def noise() -> str:
    """What makes a page longer by some bytes, each time by others."""
    return secrets.token_hex(secrets.randbelow(_BYTES))


def _own(session: str) -> bytes:
    return hmac.digest(session.encode(), b"form", "sha256")


def _mixed(pad: bytes, own: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(pad, own, strict=True))
