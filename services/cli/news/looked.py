"""When somebody last asked for what is new: kept in a file of theirs, by installation and account, as a browser does
for the start page. Looks within half an hour of each other are one visit; without a visit before, it is the last week.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from os import environ
from pathlib import Path
from typing import Any

from services.cli.contexts import place_of
from services.workbook.whole import whole_file

_APART = timedelta(minutes=30)
_FIRST = timedelta(days=7)
_LONGEST = timedelta(days=90)


class Looks:
    """The looks of one account at one installation."""

    def __init__(self, address: str, account: str, now: datetime) -> None:
        self._key = sha256(f"{address} {account}".encode()).hexdigest()[:16]
        self._now = now
        self._since, self._last = self._known()

    @property
    def since(self) -> datetime:
        """The end of the visit before; a week ago for the first."""
        return self._since or self._now - _FIRST

    @property
    def first(self) -> bool:
        """Whether no visit before is known."""
        return self._since is None

    def remember(self) -> None:
        """Keep that somebody looked now. Raises OSError."""
        place = _place()
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        stamp = None if self._since is None else int(self._since.timestamp())
        known = {**_read(place), self._key: [stamp, int(self._now.timestamp())]}
        with whole_file(place) as file:
            file.write(json.dumps(known).encode())

    def _known(self) -> tuple[datetime | None, datetime | None]:
        """The end of the visit before, and the look before this one; what is odd is taken for nothing."""
        try:
            since, last = _read(_place())[self._key]
            ended = None if since is None else datetime.fromtimestamp(since, UTC)
            before = datetime.fromtimestamp(last, UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError):
            return None, None
        if not self._now - _LONGEST <= before <= self._now:
            return None, None
        return (before, before) if self._now - before > _APART else (ended, before)


def _place() -> Path:
    return place_of(environ).with_name("looked.json")


def _read(place: Path) -> Mapping[str, Any]:
    try:
        known = json.loads(place.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}
