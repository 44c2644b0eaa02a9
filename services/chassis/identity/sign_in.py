"""One-time sign-in links of a local installation: a token left in a file under the hash of a code, taken once."""

import hashlib
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from services.kernel.errors import Unauthenticated
from services.kernel.text import Text

VALID_FOR: Final = timedelta(minutes=10)
_FOLDER: Final = "sign-in"


def leave(data_dir: Path, token: str, now: datetime) -> str:
    """Leave a token to be taken with the code returned; tokens that nobody took in time are removed."""
    folder = data_dir / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if _is_over(old, now):
            old.unlink(missing_ok=True)
    code = secrets.token_urlsafe(24)
    path = folder / _name(code)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    os.utime(path, (now.timestamp(), now.timestamp()))
    return code


def take(data_dir: Path, code: str, now: datetime) -> str:
    """The token, once. Raises Unauthenticated for a code that is unknown, used or over."""
    path = data_dir / _FOLDER / _name(code)
    mine = path.with_name(secrets.token_hex(16))
    try:
        path.rename(mine)  # of several who come at once, one succeeds
    except OSError:
        raise _refused() from None
    try:
        if _is_over(mine, now):
            raise _refused()
        return mine.read_text()
    finally:
        mine.unlink()


def _name(code: str) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogateescape")).hexdigest()


def _is_over(path: Path, now: datetime) -> bool:
    try:
        return now.timestamp() - path.stat().st_mtime > VALID_FOR.total_seconds()
    except FileNotFoundError:
        return False


def _refused() -> Unauthenticated:
    return Unauthenticated(
        Text(
            "登录链接无效、已用过或已过期，请运行 bole login 取得新的链接",
            "the sign-in link is unknown, used or over; run `bole login` for a new one",
        ),
        reason="LINK_INVALID",
    )
