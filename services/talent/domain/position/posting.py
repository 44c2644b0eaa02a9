"""What a position adds to the counts: open heads, fills and position-days. Pure functions of a date."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol, TypeVar

LIFE_DAYS = 180
SAME_WITHIN_DAYS = 60
_NOISE = re.compile(r"[\W_]+")


class Posting(NamedTuple):
    """A position reduced to what is counted.

    `fills` are pairs of day and heads; `renewed` is the last day on which the employer confirmed the posting;
    `closed` the day on which it was closed or withdrawn.
    """

    leaf: str
    city: str
    category: str
    employer: str
    opened: date
    renewed: date
    closed: date | None
    headcount: int
    fills: tuple[tuple[date, int], ...]

    @property
    def expires(self) -> date:
        """The last day on which the posting counts without another renewal: 180 days after the last one."""
        return self.renewed + timedelta(days=LIFE_DAYS)

    def filled_by(self, day: date) -> int:
        """Heads filled up to and including `day`."""
        return sum(heads for filled, heads in self.fills if filled <= day)

    def open_headcount(self, as_of: date) -> int:
        """Heads still wanted on `as_of`; 0 before opening, from the closing day, and after expiry."""
        if not self.opened <= as_of <= self.expires or (self.closed is not None and as_of >= self.closed):
            return 0
        return self.headcount - self.filled_by(as_of)

    def fills_between(self, since: date, until: date) -> int:
        """Heads filled after `since`, up to and including `until`."""
        return sum(heads for filled, heads in self.fills if since < filled <= until)

    def exposure(self, since: date, until: date) -> int:
        """Position-days within the window: each head counts from opening until filled or censored.

        Closing, withdrawing and expiry censor: the days count, a fill does not.
        """
        end = min(until, self.expires, self.closed or date.max)
        start = max(self.opened, since)
        days = sum(heads * max(0, (min(filled, end) - start).days) for filled, heads in self.fills)
        unfilled = self.headcount - sum(heads for _, heads in self.fills)
        return days + unfilled * max(0, (end - start).days)

    def accruing(self, since: date, as_of: date) -> int:
        """Position-days that the day after `as_of` adds if nothing happens on it."""
        return self.exposure(since, as_of + timedelta(days=1)) - self.exposure(since, as_of)


class DuplicateKey(NamedTuple):
    """Two postings with equal keys opened within 60 days are the same demand advertised twice."""

    employer: str
    title: str
    city: str
    leaf: str

    @classmethod
    def of(cls, employer: str, title: str, city: str, leaf: str) -> "DuplicateKey":
        """The key of a posting: width, case, spaces and punctuation do not matter."""
        return cls(_plain(employer), _plain(title), city, leaf)

    @property
    def digest(self) -> str:
        """The key in 32 hexadecimal digits: what an index holds."""
        return hashlib.sha256("\x1f".join(self).encode()).hexdigest()[:32]


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold())


class Advertised(Protocol):
    """Anything that carries a key, the day it was opened, and the day it was closed or withdrawn."""

    @property
    def id(self) -> str:
        """What tells it from others."""
        ...

    @property
    def created_at(self) -> datetime:
        """When it was registered; of one day, the first to be registered counts."""
        ...

    @property
    def duplicate_key(self) -> DuplicateKey:
        """Employer, title, city and leaf, normalised."""
        ...

    @property
    def opened(self) -> date:
        """The day on which it was advertised."""
        ...

    @property
    def closed(self) -> date | None:
        """The day on which the search ended, if it has."""
        ...


A = TypeVar("A", bound=Advertised)


def repeats(advertised: Iterable[A]) -> dict[str, str]:
    """For every advertisement that repeats another one: its id, and the id of the one that counts.

    The earliest counts; a later one repeats it when it opened within 60 days and before the search for the
    earlier one had ended. The result depends on nothing but what is given, in whatever order.
    """
    counting: dict[DuplicateKey, list[A]] = defaultdict(list)
    found: dict[str, str] = {}
    for each in sorted(advertised, key=lambda one: (one.opened, one.created_at, one.id)):
        same = counting[each.duplicate_key]
        first = next((one for one in same if _repeats(each, one)), None)
        if first is None:
            same.append(each)
        else:
            found[each.id] = first.id
    return found


def _repeats(later: Advertised, earlier: Advertised) -> bool:
    near = (later.opened - earlier.opened).days <= SAME_WITHIN_DAYS
    return near and (earlier.closed is None or later.opened < earlier.closed)
