"""Whole files sealed in pieces, for backups: none is held in memory, and one that was cut or changed does not open.

AES-256-GCM (NIST SP 800-38D) in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). A sealed file is
`BOLESEAL | 0x01 | key id (8) | salt (32)`, then pieces of 1 MiB of plaintext, each with its tag (16). The key of a file
is HKDF-SHA-256 of the given key, the salt and the file's name, so that no nonce repeats and no file takes another's
place; the nonce is the number of the piece (11) and whether it is the last one (1); the head is bound to every piece.
"""

import hashlib
import hmac
import secrets
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.chassis.sealing import Randomness, SealBroken
from services.kernel.text import Text

PIECE_BYTES = 1 << 20
_MAGIC = b"BOLESEAL"
_VERSION = 1
_ID_BYTES, _SALT_BYTES, _TAG_BYTES = 8, 32, 16
_START_BYTES = len(_MAGIC) + 1
_HEAD_BYTES = _START_BYTES + _ID_BYTES + _SALT_BYTES


def seal_file(
    source: Path, target: Path, key: bytes, *, name: str, randomness: Randomness = secrets.token_bytes
) -> None:
    """Write `source` sealed to `target`, which must not exist; it opens under this `name` alone. Raises OSError."""
    head = _MAGIC + bytes([_VERSION]) + key_id(key) + randomness(_SALT_BYTES)
    cipher = _cipher(key, head, name)
    with source.open("rb") as plain, target.open("xb") as sealed:
        sealed.write(head)
        piece, number = plain.read(PIECE_BYTES), 0
        while True:
            following = plain.read(PIECE_BYTES)
            sealed.write(cipher.encrypt(_nonce(number, last=not following), piece, head))
            if not following:
                return
            piece, number = following, number + 1


def open_file(source: Path, target: Path, key: bytes, *, name: str) -> None:
    """Write what `source` seals to `target`, which must not exist, and is gone again when it cannot be opened.

    Raises SealBroken for another key, another name, a version that is not known, a changed byte or a missing end;
    OSError.
    """
    with source.open("rb") as sealed, target.open("xb") as plain:
        try:
            _open(sealed, plain, key, name)
        except BaseException:  # whoever interrupts it finds no half-opened file either
            target.unlink()
            raise


def key_id(key: bytes) -> bytes:
    """Tells a key from any other, and nothing of it."""
    return hmac.new(key, b"bole-sealed-file-1", hashlib.sha256).digest()[:_ID_BYTES]


def _open(sealed: IO[bytes], plain: IO[bytes], key: bytes, name: str) -> None:
    head = sealed.read(_HEAD_BYTES)
    if len(head) < _HEAD_BYTES or head[: len(_MAGIC)] != _MAGIC:
        raise _broken(name, "它不是封存的文件，或开头被截断", "it is no sealed file, or was cut short")
    if head[len(_MAGIC)] != _VERSION:
        raise _broken(
            name,
            f"版本 {head[len(_MAGIC)]} 本程序不认识，请用写出它的程序打开",
            f"its version is {head[len(_MAGIC)]}, which this program does not know; open it with the one that wrote it",
        )
    if not hmac.compare_digest(head[_START_BYTES : _START_BYTES + _ID_BYTES], key_id(key)):
        raise _broken(
            name, "它用另一把密钥封存，请放回当时的密钥", "it is sealed under another key; put that one back"
        )
    cipher, number = _cipher(key, head, name), 0
    piece = sealed.read(PIECE_BYTES + _TAG_BYTES)
    while True:
        following = sealed.read(PIECE_BYTES + _TAG_BYTES)
        try:
            plain.write(cipher.decrypt(_nonce(number, last=not following), piece, head))
        except InvalidTag:
            raise _broken(
                name,
                f"第 {number + 1} 段（每段 1 MiB）被改动，或其后被截断",
                f"its piece {number + 1} (of 1 MiB each) was changed, or what follows was cut off",
            ) from None
        if not following:
            return
        piece, number = following, number + 1


def _cipher(key: bytes, head: bytes, name: str) -> AESGCM:
    salt = head[_START_BYTES + _ID_BYTES :]
    return AESGCM(HKDF(SHA256(), 32, salt, b"bole-sealed-file-1 " + name.encode()).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _broken(name: str, zh: str, en: str) -> SealBroken:
    return SealBroken(
        Text(f"{name} 无法打开：{zh}", f"{name} cannot be opened: {en}"), metadata={"subject": name}
    )
