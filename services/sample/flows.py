"""What comes and goes in the sample: training places and moves of people. All of it SYNTHETIC."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.catalogue import OUTSIDE, load
from services.sample.hires import agreed
from services.sample.holdings import MARKED
from services.workbook.writing import CellValue


@dataclass(frozen=True, slots=True)
class SampleTraining:
    """Places of one course, in codes of the catalogue. `completion`, `retention`: thousandths. `cancelled`: why nobody
    will come of them; empty where they count.
    """

    ref: str
    provider: str
    programme: str
    city: str
    leaf: str
    category: str
    places: int
    starts: date
    completes: date
    completion: int
    retention: int
    cancelled: str


@dataclass(frozen=True, slots=True)
class SampleMove:
    """People who moved alike, in codes of the catalogue. One of the library moves alone: `person` is the number in
    their source, and their category and direction are as recorded. `voided`: why it was taken back; empty if it counts.
    """

    ref: str
    person: str
    category: str
    leaf: str
    from_city: str
    to_city: str
    day: date
    heads: int
    reason: str
    voided: str


@dataclass(frozen=True, slots=True)
class _Course:
    """A course of `years`, whose people complete in the June that comes `after` so many others."""

    provider: str
    city: str
    leaf: str
    category: str
    places: int
    years: int
    after: int
    completion: int
    retention: int
    cancelled: str = ""


_COURSES = (
    _Course("南京演示大学", "nanjing", "large-model", "young-scientist", 18, 4, 0, 900, 450),
    _Course("南京演示大学", "nanjing", "quantum", "young-scientist", 6, 4, 1, 850, 500),
    _Course("南京演示大学", "nanjing", "satellite-internet", "outstanding-engineer", 12, 3, 0, 930, 550),
    _Course("苏州演示大学", "suzhou", "smart-manufacturing", "outstanding-engineer", 16, 3, 0, 940, 600),
    _Course("苏州演示大学", "suzhou", "humanoid-robot", "outstanding-engineer", 10, 3, 1, 930, 550),
    _Course("无锡演示工学院", "wuxi", "sic", "outstanding-engineer", 12, 3, 1, 920, 600),
    _Course("常州演示职业技术学院", "changzhou", "all-solid-li", "highly-skilled", 20, 1, 0, 950, 700),
    _Course("南通演示职业技术学院", "nantong", "h2-equipment", "highly-skilled", 24, 1, 0, 950, 650),
    _Course("南通演示职业技术学院", "nantong", "seawater-h2", "highly-skilled", 10, 1, 1, 950, 650),
    _Course("泰州演示医药学院", "taizhou", "car-t", "young-scientist", 8, 4, 2, 880, 500),
    _Course("徐州演示工程学院", "xuzhou", "capture", "outstanding-engineer", 8, 3, 1, 900, 400),
    _Course(
        *("镇江演示技师学院", "zhenjiang", "carbon-fibre", "highly-skilled", 12, 1, 0, 940, 600),
        cancelled=f"招生未达到开班人数{MARKED}",
    ),
)
_NAMED = (
    (OUTSIDE, 40, "JOB"),
    ("nanjing", 75, "HOUSING"),
    (OUTSIDE, 110, "JOB"),
    (OUTSIDE, 190, "FAMILY"),
    ("suzhou", 250, "PAY"),
)
"""Moves of people of the library to where they are: from where, how many days ago, and why."""
_UNNAMED = (
    ("large-model", "young-scientist", "nanjing", OUTSIDE, 6, 60, "PAY", ""),
    ("h2-equipment", "outstanding-engineer", OUTSIDE, "nantong", 4, 85, "JOB", ""),
    ("all-solid-li", "outstanding-engineer", "suzhou", "changzhou", 3, 130, "JOB", ""),
    ("carbon-fibre", "highly-skilled", "zhenjiang", "", 3, 155, "FIELD_LEFT", ""),
    ("sic", "young-scientist", "xuzhou", "wuxi", 2, 200, "STUDY", ""),
    ("car-t", "leading-scientist", OUTSIDE, "taizhou", 1, 320, "JOB", ""),
    ("fcv", "highly-skilled", "nantong", "", 5, -270, "RETIRED", ""),
    ("large-model", "young-scientist", "nanjing", OUTSIDE, 6, 58, "PAY", f"与另一条为同一批人员{MARKED}"),
)
"""Moves of people who are not named: direction, category, from, to, heads, how many days ago (of a retirement that is
planned, ahead), why, and why it was taken back.
"""


def training(today: date) -> Iterator[SampleTraining]:
    """Training places as if the sample were of `today`."""
    june = today.year + (today >= date(today.year, 6, 30))
    for number, each in enumerate(_COURSES):
        year = june + each.after
        yield SampleTraining(
            ref=f"t-{number + 1:03d}",
            provider=each.provider,
            programme=f"{load().leaf(each.leaf).name_zh}定向培养{MARKED}",
            city=each.city,
            leaf=each.leaf,
            category=each.category,
            places=each.places,
            starts=date(year - each.years, 9, 1),
            completes=date(year, 6, 30),
            completion=each.completion,
            retention=each.retention,
            cancelled=each.cancelled,
        )


def moves(persons: Sequence[Mapping[str, CellValue]], today: date) -> Iterator[SampleMove]:
    """Moves as if the sample were of `today`. `persons`: rows of its sheet, the last of whom moved."""
    free = [each for each in reversed(persons) if agreed(each) and _city(each) != OUTSIDE]
    for number, (from_city, ago, reason) in enumerate(_NAMED):
        person = next((each for each in free if _city(each) != from_city), None)
        if person is None:
            continue
        free.remove(person)
        yield SampleMove(
            ref=f"m-{number + 1:03d}",
            person=str(person["ref"]),
            category="",
            leaf="",
            from_city=from_city,
            to_city=_city(person),
            day=today - timedelta(days=ago),
            heads=1,
            reason=reason,
            voided="",
        )
    for number, (leaf, category, from_city, to_city, heads, ago, reason, voided) in enumerate(_UNNAMED):
        yield SampleMove(
            ref=f"m-{len(_NAMED) + number + 1:03d}",
            person="",
            category=category,
            leaf=leaf,
            from_city=from_city,
            to_city=to_city,
            day=today - timedelta(days=ago),
            heads=heads,
            reason=reason,
            voided=voided,
        )


def _city(person: Mapping[str, CellValue]) -> str:
    return load().resolve_place(str(person["city"]))
