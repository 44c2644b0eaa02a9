"""Key files: 32 random bytes each, and two pairs that sign; closed to all but owner and group."""

import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from services.chassis.configuration import ConfigurationError
from services.chassis.fail_points import reach
from services.chassis.files.whole_files import put_in_place, write_beside

KEY_BYTES = 32
IDENTITY_KEY = "identity.pem"
AUDIT_KEY = "audit.pem"
BACKUP_KEY = "backup"
"""Seals what `bole backup` writes; made with the first one, and kept apart from it as the others are."""
LOCAL_KEYS = ("kek", "digest", "page")
"""What a local installation makes for itself: key encryption, digests of identity numbers, page tokens."""
PAIRS = (IDENTITY_KEY, AUDIT_KEY)
"""Private keys that sign: tokens of sign-in, and heads of the audit."""


def ensure_local_keys(keys_dir: Path, names: Iterable[str] = LOCAL_KEYS) -> None:
    """Create the missing key files. For a local environment only; several processes may do it at once.

    What a process that died in it left beside a key is removed: nobody who destroys a key looks for another copy.
    """
    keys_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    wanted = dict.fromkeys(names, _random_key) | dict.fromkeys(PAIRS, _signing_key)
    if all((keys_dir / name).exists() and not _left(keys_dir, name) for name in wanted):
        return
    with _alone(keys_dir):
        for name, make in wanted.items():
            path = keys_dir / name
            if not path.exists():
                beside = write_beside(path, make(), 0o600)
                reach("keys.after_write_before_place")
                put_in_place(beside, path)
                reach("keys.after_place")
            for each in _left(keys_dir, name):
                each.unlink()


def load_key(keys_dir: Path, name: str) -> bytes:
    """The bytes of one key file.

    Raises ConfigurationError when it is missing, readable by everybody, or not 32 bytes long.
    """
    path = keys_dir / name
    try:
        mode, key = path.stat().st_mode, path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            str(path), "无法读取密钥文件，请提供 32 字节的随机密钥", "cannot be read; provide 32 random bytes"
        ) from error
    if mode & 0o007:
        raise ConfigurationError(
            str(path), "密钥文件对所有人开放，请 chmod 600", "is open to everybody; chmod 600 it"
        )
    if len(key) != KEY_BYTES:
        raise ConfigurationError(
            str(path),
            f"密钥应为 {KEY_BYTES} 字节，实际 {len(key)} 字节，请更换",
            f"must hold {KEY_BYTES} bytes, not {len(key)}; replace it",
        )
    return key


def load_key_encryption_keys(keys_dir: Path) -> dict[int, bytes]:
    """All key encryption keys by number: `kek` is number 1, `kek.2` … `kek.255` its successors.

    Raises ConfigurationError as `load_key` does, and for a successor whose number is not 2 to 255.
    """
    keys = {1: load_key(keys_dir, "kek")}
    for path in sorted(keys_dir.glob("kek.*")):
        number = path.suffix[1:]
        if not (number.isascii() and number.isdigit() and 2 <= int(number) <= 255):
            raise ConfigurationError(
                str(path), "编号应为 2 至 255，请改名或移走", "must be numbered 2 to 255; rename or remove it"
            )
        keys[int(number)] = load_key(keys_dir, path.name)
    return keys


def installation_of(keys_dir: Path) -> str:
    """What a local installation is called in the health of its services: after its public key of sign-in; empty before
    there is one.
    """
    try:
        private = load_pem_private_key((keys_dir / IDENTITY_KEY).read_bytes(), password=None)
    except OSError:
        return ""
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return f"installation/{sha256(public).hexdigest()[:32]}"


def _signing_key() -> bytes:
    """A fresh Ed25519 key as PKCS #8 in PEM."""
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _random_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def _left(keys_dir: Path, name: str) -> list[Path]:
    """What lies beside a key that was written and not put in its place; of programs before, also after that."""
    return [each for form in ("new", "[0-9a-f]" * 16) for each in keys_dir.glob(f".{name}.{form}")]


@contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """One process at a time."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
