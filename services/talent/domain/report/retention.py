"""Who of those awarded is still there after some years (留任), by what follow-ups say."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from services.kernel.text import Text
from services.talent.domain.nomination import FollowUp

YEARS = (1, 3)
FATES = ("in_post", "moved", "left", "unknown")
"""What may have become of an award, as `RetentionFacts` names it."""


@dataclass(frozen=True, slots=True)
class Award:
    """An award: its programme, when it was decided, and the dated follow-ups that can still be read."""

    programme: str
    decided: date
    follow_ups: tuple[tuple[date, FollowUp], ...]


@dataclass(frozen=True, slots=True)
class RetentionFacts:
    """Awards of a programme whose so-many-years day has come: how many are in post, moved within the province, left
    it, or are `unknown` for want of a follow-up.
    """

    programme: Text
    years: int
    due: int
    in_post: int
    moved: int
    left: int
    unknown: int


def retained(programme: Text, awards: Iterable[Award], years: int, until: date) -> RetentionFacts:
    """By the first follow-up of each award on or after its day, up to `until`; both days included."""
    found: Counter[FollowUp | None] = Counter()
    for award in awards:
        day = anniversary(award.decided, years)
        if day <= until:
            after = sorted(each for each in award.follow_ups if day <= each[0] <= until)
            found[after[0][1] if after else None] += 1
    return RetentionFacts(
        programme,
        years,
        found.total(),
        found[FollowUp.IN_POST],
        found[FollowUp.MOVED],
        found[FollowUp.LEFT_PROVINCE],
        found[None],
    )


def anniversary(day: date, years: int) -> date:
    """The same day so many years later; of 29 February the 28th where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
