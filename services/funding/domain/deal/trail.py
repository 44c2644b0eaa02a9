"""The trail of a deal (留痕): every fact about it in one chain of hashes.

    hash(n) = SHA-256( hash(n - 1) | canonical JSON of entry n ),   hash(0) = 32 zero bytes

Canonical JSON: keys sorted, no white space, UTF-8. Whoever knows one hash can tell whether anything up to it
was changed, left out, put in or moved. What an entry says of people it holds as a salted commitment
(`commit`): the words can be erased and the chain stays whole.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ORIGIN = bytes(32)


@dataclass(frozen=True)
class Head:
    """The last entry's number (0: none yet) and hash."""

    sequence: int
    hash: bytes


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One fact: who recorded what, when. `content` holds plain JSON values."""

    deal_id: str
    sequence: int
    kind: str
    actor: str
    at: datetime
    content: Mapping[str, Any]

    def canonical(self) -> str:
        """The text that is hashed."""
        return canonical(
            {
                "deal": self.deal_id,
                "sequence": self.sequence,
                "kind": self.kind,
                "actor": self.actor,
                "at": self.at.isoformat(),
                "content": dict(self.content),
            }
        )


def canonical(value: Any) -> str:
    """Canonical JSON. Raises ValueError for a number that JSON does not have."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def chained(previous: bytes, text: str) -> bytes:
    """The hash of an entry after the one with the hash `previous`."""
    return hashlib.sha256(previous + text.encode()).digest()


def commit(salt: str, text: str) -> str:
    """A commitment to `text`, in hexadecimal; without the salt nothing can be guessed from it."""
    return hashlib.sha256(f"{salt}\x00{text}".encode()).hexdigest()
