"""Secrets and signatures by the Standard Webhooks specification (standardwebhooks.com), symmetric variant `v1`."""

import base64
import hmac
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"


def secret_text(key: bytes) -> str:
    """A key as its owner is shown it."""
    return PREFIX + base64.b64encode(key).decode("ascii")


def signature(keys: Sequence[bytes], message_id: str, seconds: int, body: bytes) -> str:
    """The header `webhook-signature`: one signature for each key. `seconds`: as in `webhook-timestamp`."""
    signed = f"{message_id}.{seconds}.".encode() + body
    return " ".join(f"v1,{_signed(key, signed)}" for key in keys)


def _signed(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, sha256)).decode("ascii")
