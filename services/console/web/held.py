"""Files from their preview to their commit, and with refused rows a while longer: in memory alone, bounded, for the
session that brought them. What was said of a file is remembered longer, for when it has to be chosen again.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from services.console.web.visits import Upload

MOST_BYTES = 128 * 1024 * 1024
VALID_FOR = timedelta(minutes=30)
MOST_SAID = 1_000


@dataclass(frozen=True, slots=True)
class Held:
    """A file with what was said of it when it was brought: by name of the form's field."""

    upload: Upload
    said: Mapping[str, str]


@dataclass
class HeldFiles:
    """Files by session and content. The oldest go first when there is no room; all are gone after a while."""

    most_bytes: int = MOST_BYTES
    _files: "OrderedDict[tuple[str, str], tuple[datetime, Held]]" = field(default_factory=OrderedDict)
    _said: "OrderedDict[tuple[str, str], Mapping[str, str]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def put(self, session: str, file: Upload, said: Mapping[str, str], now: datetime) -> str:
        """Hold a file; its SHA-256, in hex."""
        digest = hashlib.sha256(file.data).hexdigest()
        with self._lock:
            self._files[_key(session, digest)] = (now, Held(file, said))
            self._files.move_to_end(_key(session, digest))
            self._said[_key(session, digest)] = said
            self._said.move_to_end(_key(session, digest))
            if len(self._said) > MOST_SAID:
                self._said.popitem(last=False)
            self._make_room(now)
        return digest

    def get(self, session: str, sha256: str, now: datetime) -> Held | None:
        """The file of that content, if the session brought it and it is still held."""
        with self._lock:
            self._make_room(now)
            found = self._files.get(_key(session, sha256))
        return None if found is None else found[1]

    def said(self, session: str, sha256: str) -> Mapping[str, str]:
        """What the session said of the file of that content when it brought it, held or not; empty if it did not."""
        with self._lock:
            return self._said.get(_key(session, sha256), {})

    def drop(self, session: str, sha256: str) -> None:
        """Hold a file no longer."""
        with self._lock:
            self._files.pop(_key(session, sha256), None)

    def _make_room(self, now: datetime) -> None:
        while self._files:
            since, _ = next(iter(self._files.values()))
            held = sum(len(each.upload.data) for _, each in self._files.values())
            if now - since <= VALID_FOR and held <= self.most_bytes:
                return
            self._files.popitem(last=False)


def _key(session: str, sha256: str) -> tuple[str, str]:
    """The session's token itself is not kept."""
    return hashlib.sha256(session.encode()).hexdigest(), sha256
