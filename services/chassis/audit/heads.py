"""Signed heads of an audit trail: what somebody with all rights over the database cannot make again.

A head is the number and hash of the last entry. Signed (Ed25519) and kept where the database's owner has no
rights, it proves all entries up to it: a trail that was cut or written anew does not go through it.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from services.chassis.audit.audit import AuditHead
from services.chassis.configuration import ConfigurationError
from services.chassis.keys import AUDIT_KEY
from services.kernel.text import Text

PUBLIC_KEYS = "audit*.pub.pem"
_SCHEME = "bole-audit-head-1"
_FIELDS = ("service", "sequence", "hash", "sign_time", "key_id", "signature")


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The head of a service's trail at an instant, with a signature over all four. `signed_at` is in UTC."""

    service: str
    head: AuditHead
    signed_at: datetime
    key_id: str
    signature: bytes

    @property
    def signed(self) -> bytes:
        """What the signature is made over."""
        return _signed(self.service, self.head, self.signed_at)


class Signer:
    """Signs with the key `audit.pem`."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        self._key_id = key_id_of(key.public_key())

    def sign(self, service: str, head: AuditHead, now: datetime) -> SignedHead:
        """The head as signed at `now`."""
        signature = self._key.sign(_signed(service, head, now))
        return SignedHead(service, head, now.astimezone(UTC), self._key_id, signature)


def load_signer(keys_dir: Path) -> Signer:
    """Raises ConfigurationError when the key cannot be read or is none of Ed25519."""
    path = keys_dir / AUDIT_KEY
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise ConfigurationError(
            str(path),
            "无法读取审计签名密钥，请提供 Ed25519 私钥（PEM）",
            "cannot be read; provide an Ed25519 private key in PEM, with which the heads of the audit are signed",
        ) from error
    return Signer(cast(Ed25519PrivateKey, key))


def load_verifying_keys(keys_dir: Path) -> dict[str, Ed25519PublicKey]:
    """The keys that heads may be signed with, by id: the public half of `audit.pem`, if it is there, and every
    `audit*.pub.pem`, those of former keys among them. Raises ConfigurationError for one that cannot be read.
    """
    found = []
    for path in sorted(keys_dir.glob(PUBLIC_KEYS)):
        try:
            found.append(cast(Ed25519PublicKey, load_pem_public_key(path.read_bytes())))
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                str(path), "不是可读的公钥（PEM）", "is not a public key in PEM that can be read"
            ) from error
    if (keys_dir / AUDIT_KEY).exists():
        found.append(load_signer(keys_dir)._key.public_key())
    return {key_id_of(key): key for key in found}


def key_id_of(key: Ed25519PublicKey) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the key's bytes."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def forged(heads: Iterable[SignedHead], service: str, keys: Mapping[str, Ed25519PublicKey]) -> Text | None:
    """What is wrong with the first head that none of `keys` signed for `service`; None if all are as signed."""
    for each in heads:
        if each.service != service or not _is_signed(each, keys):
            at = each.signed_at.isoformat(timespec="seconds")
            return Text(
                f"{at} 的链头（第 {each.head.sequence} 条）签名不符，或签名密钥 {each.key_id} 未知",
                f"the head of {at} (entry {each.head.sequence}) is not as signed, or its key {each.key_id} is unknown",
            )
    return None


def write_line(head: SignedHead) -> str:
    """One line of JSON, for a file kept elsewhere."""
    values = (
        head.service,
        head.head.sequence,
        head.head.hash.hex(),
        _instant(head.signed_at),
        head.key_id,
        head.signature.hex(),
    )
    return json.dumps(dict(zip(_FIELDS, values, strict=True)))


def read_line(line: str) -> SignedHead:
    """What `write_line` wrote. Raises ValueError for anything else."""
    read = json.loads(line)
    if not isinstance(read, dict) or set(read) != set(_FIELDS) or not isinstance(read["sequence"], int):
        raise ValueError("not a signed head")
    texts = [read[name] for name in _FIELDS if name != "sequence"]
    if not all(isinstance(text, str) for text in texts):
        raise ValueError("not a signed head")
    service, hash_, time, key_id, signature = texts
    signed_at = datetime.fromisoformat(time)
    if signed_at.tzinfo is None:
        raise ValueError("not a signed head")
    head = AuditHead(read["sequence"], bytes.fromhex(hash_))
    return SignedHead(service, head, signed_at.astimezone(UTC), key_id, bytes.fromhex(signature))


def _is_signed(head: SignedHead, keys: Mapping[str, Ed25519PublicKey]) -> bool:
    key = keys.get(head.key_id)
    if key is None:
        return False
    try:
        key.verify(head.signature, head.signed)
    except InvalidSignature:
        return False
    return True


def _signed(service: str, head: AuditHead, at: datetime) -> bytes:
    lines = (_SCHEME, service, str(head.sequence), head.hash.hex(), _instant(at))
    return "".join(f"{line}\n" for line in lines).encode()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
