"""People of the sample who started a year ago and more: who is still there, who is elsewhere, and of whom no record
since says anything. All of it SYNTHETIC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.sample.draws import AS_OF
from services.workbook.writing import CellValue

HIRES = 24
_LATEST, _APART = 372, 15
"""Days ago of the last start, and between one and the one before: the year after each has ended, some in each of the
last four quarters.
"""
_SOUGHT = 60
"""Days for which the position was open."""
_YEAR = timedelta(days=365)
_OUTSIDE = "省外"
_ELSEWHERE, _UNKNOWN = 4, 5
"""Of every six, the place of one who is elsewhere today, and of one whose record nobody has confirmed since."""
_COUNTED = "数据统计"


@dataclass(frozen=True, slots=True)
class SampleHire:
    """One start: the person by the number in their source, and the position in the words of the workbook."""

    ref: str
    person: str
    title: str
    employer: str
    city: str
    direction: str
    category: str
    opened: date
    day: date


def hires(persons: Iterable[Mapping[str, CellValue]], today: date) -> list[SampleHire]:
    """As many of `HIRES` as there are people for, as if the sample were of `today`; `persons`: rows of its sheet."""
    free = [each for each in persons if each["employer"] and each["city"] != _OUTSIDE and agreed(each)]
    found = []
    for number in range(HIRES):
        day = today - timedelta(days=_LATEST + _APART * number)
        kind = number % 6
        person = next((each for each in free if _suits(each, day, today, known=kind != _UNKNOWN)), None)
        if person is None:
            continue
        free.remove(person)
        city = str(person["city"])
        found.append(
            SampleHire(
                ref=f"h-{number + 1:03d}",
                person=str(person["ref"]),
                title=str(person["title"]),
                employer=f"{city}演示中试基地" if kind == _ELSEWHERE else str(person["employer"]),
                city=city,
                direction=str(person["directions"]).split(";")[0].partition(":")[0],
                category=str(person["category"]),
                opened=day - timedelta(days=_SOUGHT),
                day=day,
            )
        )
    return found


def agreed(person: Mapping[str, CellValue]) -> bool:
    """Whether the person of a row agreed to be counted."""
    return _COUNTED in str(person["purposes"])


def _suits(person: Mapping[str, CellValue], day: date, today: date, *, known: bool) -> bool:
    """Whether the record was confirmed after the year, or was not."""
    observed = date.fromisoformat(str(person["observed"])) + (today - AS_OF)
    return (observed >= day + _YEAR) is known
