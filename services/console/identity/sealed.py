"""What a browser keeps for the console and can neither read nor change: encrypted and authenticated, for a while."""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Seal:
    """For one purpose under one secret: every console with that secret opens what another one closed."""

    def __init__(self, secret: str, purpose: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=f"bole console {purpose}".encode()).derive(
            secret.encode()
        )
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, said: Mapping[str, Any], now: datetime) -> str:
        """In ASCII, fit for a cookie."""
        text = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return self._fernet.encrypt_at_time(text.encode(), int(now.timestamp())).decode()

    def open(self, sealed: str | None, now: datetime, within: timedelta) -> dict[str, Any] | None:
        """What was closed, if that was no longer ago than `within`; None for anything else."""
        if not sealed or not sealed.isascii():
            return None
        try:
            text = self._fernet.decrypt_at_time(sealed, int(within.total_seconds()), int(now.timestamp()))
        except InvalidToken:
            return None
        opened: dict[str, Any] = json.loads(text)
        return opened
