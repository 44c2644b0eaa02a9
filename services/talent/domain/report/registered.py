"""What the talent service has on record beside the map: frozen with a report, told by its internal edition alone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from services.kernel.text import Text
from services.talent.domain.report.retention import anniversary
from services.talent.domain.report.returns import Figure

AGES = (90, 180, 365, 730)
"""Days: the bounds of the ages that records are counted by."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A record that counts for a goal. `what`: its title; of a talent, who is named in the library alone, what kind of
    talent it is.
    """

    ref: str
    what: Text
    city: str
    opened: date | None
    document: str
    department: Text | None


@dataclass(frozen=True, slots=True)
class Proven:
    """What stands behind a goal on the day `until`: of the records that count those that began last, and of the others
    why they do not count, with how many.
    """

    until: date
    newest: tuple[Proof, ...]
    others: tuple[tuple[Text, int], ...]


@dataclass(frozen=True, slots=True)
class Presence:
    """What an industry has on the period's last day (teams: when the report is drafted); `hired`: heads whose start was
    entered for a day of the period.
    """

    industry: str
    teams: int
    platforms: int
    scenarios: int
    projects: int
    hired: int


@dataclass(frozen=True, slots=True)
class Instrument:
    """Cases of a form of supervision: begun and ended in the period, and open on its last day. `lasted`: days that
    those that ended took, `running`: those that are open have taken so far, both the middle ones; None without any.
    """

    name: Text
    begun: int
    ended: int
    standing: int
    lasted: int | None
    running: int | None


@dataclass(frozen=True, slots=True)
class Ages:
    """How long ago records were last confirmed, when the report is drafted: numbers by `AGES`, beyond the last of
    them at the end. `middle`: days, None without records.
    """

    of: Text
    counts: tuple[int, ...]
    middle: int | None


@dataclass(frozen=True, slots=True)
class Stayed:
    """People of the library whose start in a position was a year ago within the period: who is still with that
    employer, who is elsewhere, and of whom no record of that year's end says anything.
    """

    due: int
    there: int
    elsewhere: int
    unknown: int


@dataclass(frozen=True, slots=True)
class StayedBy:
    """Starts and holdings of a year ago that a proposal of a `kind` had come to, by the `part` of its score that spoke
    for it most: still there, no more, or of which no record tells.
    """

    kind: str
    part: str
    due: int
    there: int
    elsewhere: int
    unknown: int


@dataclass(frozen=True)
class Registered:
    """All of it. `doubles`: pairs of records that may be one person and of which nobody has decided, by how near;
    `stayed_by`: None in facts from before anybody asked.
    """

    presence: tuple[Presence, ...]
    instruments: tuple[Instrument, ...]
    ages: tuple[Ages, ...]
    doubles: tuple[tuple[Text, int], ...]
    stayed: Stayed
    stayed_by: tuple[StayedBy, ...] | None = None


def ages(of: Text, days: Mapping[date, int], today: date) -> Ages:
    """The ages of records by the day on which they were last confirmed, and how many of each."""
    counts = [0] * (len(AGES) + 1)
    old = sorted(((today - day).days, number) for day, number in days.items())
    for age, number in old:
        counts[sum(age > bound for bound in AGES)] += number
    return Ages(of, tuple(counts), _middle(old))


def _middle(old: list[tuple[int, int]]) -> int | None:
    """The age that half of the records do not pass."""
    left = sum(number for _, number in old) / 2
    for age, number in old:
        left -= number
        if left <= 0:
            return max(0, age)
    return None


@dataclass(frozen=True, slots=True)
class Hire:
    """Somebody of the library who started with an employer. `observed`: the day on which their record was last
    confirmed, and `now` the employer that it names; None of one who is gone or does not count in statistics. `part`:
    what spoke most for the proposal that came to it; None of a start that nobody had proposed here.
    """

    day: date
    employer: str
    observed: date | None = None
    now: str = ""
    part: str | None = None


def stayed(hires: list[Hire], first: date, last: date) -> Stayed:
    """Those whose year was full within a period; a record that was not confirmed since says nothing."""
    due = [each for each in hires if first <= anniversary(each.day, 1) <= last]
    known = [each for each in due if each.observed and each.observed >= anniversary(each.day, 1) and each.now]
    there = sum(each.now.casefold() == each.employer.casefold() for each in known)
    return Stayed(len(due), there, len(known) - there, len(due) - len(known))


def stayed_by(kind: str, hires: Iterable[Hire], first: date, last: date) -> Iterator[StayedBy]:
    """Of those that were proposed here, by what spoke for them."""
    by_part: dict[str, list[Hire]] = defaultdict(list)
    for each in hires:
        if each.part is not None:
            by_part[each.part].append(each)
    for part, mine in sorted(by_part.items()):
        found = stayed(mine, first, last)
        if found.due:
            yield StayedBy(kind, part, found.due, found.there, found.elsewhere, found.unknown)


def held_by(kind: str, parts: Mapping[str, str], funded: Iterable[Figure]) -> Iterator[StayedBy]:
    """Holdings of a year ago by what spoke for the pair; `parts`: by fund and firm; `funded`: figures of returns."""
    due, held = Counter[str](), Counter[str]()
    for code, of, value in funded:
        if of in parts and code in ("year_due", "year_held"):
            (due if code == "year_due" else held)[parts[of]] += value
    for part, number in sorted(due.items()):
        yield StayedBy(kind, part, number, held[part], number - held[part], 0)
