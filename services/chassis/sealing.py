"""Sealing: personal fields encrypted under a key per person, so that destroying one key erases one person.

AES-256-GCM (NIST SP 800-38D). A sealed value is `0x01 | key generation | nonce (12) | ciphertext | tag (16)`;
a wrapped key is the same with the number of the key encryption key in the second byte. The additional data
binds a value to its subject and schema: moved to another person or field, it does not open.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.kernel.errors import BoleError
from services.kernel.text import Text

_FORMAT = 1
_NONCE_BYTES = 12
_KEY_BYTES = 32
_LEAST_BYTES = 2 + _NONCE_BYTES + 16

Randomness = Callable[[int], bytes]


class SealBroken(BoleError):
    """Sealed bytes were changed, moved to another subject or schema, or belong to another key."""

    default_reason = "SEAL_BROKEN"


@dataclass(frozen=True, slots=True)
class DataKey:
    """The key of one subject; `generation` (0 to 255) grows when the subject gets a new one."""

    generation: int
    secret: bytes = field(repr=False)


class KeyRing:
    """Makes data keys and wraps them under the newest key encryption key; older ones still unwrap."""

    def __init__(self, keys: Mapping[int, bytes], randomness: Randomness = secrets.token_bytes) -> None:
        self._keys = dict(keys)
        self._ciphers = {number: AESGCM(key) for number, key in keys.items()}
        self._current = max(keys)
        self._randomness = randomness

    def __reduce__(self) -> tuple[type["KeyRing"], tuple[Mapping[int, bytes], Randomness]]:
        """As a process beside this one takes it: ciphers cannot be handed over, keys can."""
        return KeyRing, (self._keys, self._randomness)

    def create(self, subject: str, generation: int = 0) -> tuple[DataKey, bytes]:
        """A new key for `subject`, and the same wrapped, to be stored."""
        key = DataKey(generation, self._randomness(_KEY_BYTES))
        return key, self._wrap(subject, key)

    def unwrap(self, subject: str, wrapped: bytes) -> DataKey:
        """The key that `wrapped` holds. Raises SealBroken."""
        number = _second_byte(wrapped, subject)
        if number not in self._ciphers:
            raise _broken(
                subject, f"密钥加密密钥 {number} 未提供", f"key encryption key {number} is not provided"
            )
        content = _decrypt(self._ciphers[number], wrapped, _binding("key", subject), subject)
        return DataKey(content[0], content[1:])

    def rewrap(self, subject: str, wrapped: bytes) -> bytes:
        """The same key under the newest key encryption key. Raises SealBroken."""
        if _second_byte(wrapped, subject) == self._current:
            return wrapped
        return self._wrap(subject, self.unwrap(subject, wrapped))

    def _wrap(self, subject: str, key: DataKey) -> bytes:
        content = bytes([key.generation]) + key.secret
        nonce = self._randomness(_NONCE_BYTES)
        return _encrypt(self._ciphers[self._current], self._current, nonce, content, _binding("key", subject))


def seal(
    subject: str, plaintext: bytes, key: DataKey, *, schema: str, randomness: Randomness = secrets.token_bytes
) -> bytes:
    """Encrypt `plaintext`, the bytes of a `schema` (a protobuf name) about `subject` (a resource name)."""
    nonce = randomness(_NONCE_BYTES)
    return _encrypt(AESGCM(key.secret), key.generation, nonce, plaintext, _binding(schema, subject))


def open_sealed(subject: str, sealed: bytes, key: DataKey, *, schema: str) -> bytes:
    """The plaintext. Raises SealBroken unless subject, schema, key and every byte are those of `seal`."""
    if _second_byte(sealed, subject) != key.generation:
        raise _broken(subject, "密钥已更换", "it belongs to another generation of the key")
    return _decrypt(AESGCM(key.secret), sealed, _binding(schema, subject), subject)


def digest(secret: bytes, value: str) -> str:
    """HMAC-SHA-256 of an identity number, in hex: equal numbers are found without being stored.

    The secret matters: all 18-digit identity numbers could be tried against a plain hash.
    """
    return hmac.new(secret, value.encode(), hashlib.sha256).hexdigest()


def _encrypt(cipher: AESGCM, number: int, nonce: bytes, plaintext: bytes, binding: bytes) -> bytes:
    head = bytes((_FORMAT, number))
    return head + nonce + cipher.encrypt(nonce, plaintext, head + binding)


def _decrypt(cipher: AESGCM, sealed: bytes, binding: bytes, subject: str) -> bytes:
    nonce, ciphertext = sealed[2 : 2 + _NONCE_BYTES], sealed[2 + _NONCE_BYTES :]
    try:
        return cipher.decrypt(nonce, ciphertext, sealed[:2] + binding)
    except InvalidTag:
        raise _broken(
            subject, "内容被改动或不属于该对象", "it was changed or is not about this subject"
        ) from None


def _second_byte(sealed: bytes, subject: str) -> int:
    if len(sealed) < _LEAST_BYTES or sealed[0] != _FORMAT:
        raise _broken(subject, "格式无法识别", "its format is not understood")
    return sealed[1]


def _binding(schema: str, subject: str) -> bytes:
    """Length-prefixed, so that no two pairs give the same bytes."""
    return _prefixed(schema) + _with_length(subject)


@lru_cache(maxsize=256)
def _prefixed(schema: str) -> bytes:
    return _with_length(schema)


def _with_length(text: str) -> bytes:
    encoded = text.encode()
    return len(encoded).to_bytes(4, "big") + encoded


def _broken(subject: str, zh: str, en: str) -> SealBroken:
    return SealBroken(
        Text(
            f"{subject} 的加密内容无法打开：{zh}", f"the sealed content of {subject} cannot be opened: {en}"
        ),
        metadata={"subject": subject},
    )
