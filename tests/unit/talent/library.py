"""A small catalogue and records for tests of the talent domain."""

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.person import PersonFacts, Purpose
from services.talent.domain.position import PositionFacts
from services.talent.domain.position.posting import Posting
from services.talent.domain.shortage.counts.tally import Supplied

NOW = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 30)


class Leaf(NamedTuple):
    code: str
    industry: str
    parent: str | None = None


LEAVES = (
    Leaf("renewable-h2", "hydrogen"),
    Leaf("seawater-h2", "hydrogen", "renewable-h2"),
    Leaf("liquid-h2", "hydrogen"),
    Leaf("quantum", "quantum"),
)
CITIES = ("nanjing", "suzhou", "nantong")
CATEGORIES = ("leading-scientist", "outstanding-engineer", "highly-skilled")
AXES = Axes.of(LEAVES, CITIES, CATEGORIES)


def person_facts(**changes: Any) -> PersonFacts:
    stated: dict[str, Any] = {
        "ref": "P-1",
        "name": "欧阳明",
        "category": "outstanding-engineer",
        "city": "nantong",
        "availability": Availability.NOW,
        "direction_shares": (("seawater-h2", 1000),),
        "observed": date(2026, 6, 1),
        "purposes": frozenset({Purpose.STATISTICS}),
    }
    return PersonFacts(**{**stated, **changes})


def position_facts(**changes: Any) -> PositionFacts:
    stated: dict[str, Any] = {
        "ref": "J-1",
        "title": "电解槽工程师",
        "employer": "南通海氢科技",
        "city": "nantong",
        "leaf": "seawater-h2",
        "category": "outstanding-engineer",
        "headcount": 3,
        "opened": date(2026, 5, 1),
    }
    return PositionFacts(**{**stated, **changes})


def supplied(
    number: int,
    city: str = "nantong",
    category: str = "outstanding-engineer",
    shares: tuple[tuple[str, int], ...] = (("seawater-h2", 1000),),
    availability: Availability = Availability.NOW,
    observed: date = TODAY,
) -> Supplied:
    return Supplied(f"p{number}", city, category, availability, shares, observed)


def posting(
    heads: int,
    employer: str = "e1",
    *,
    city: str = "nantong",
    leaf: str = "seawater-h2",
    category: str = "outstanding-engineer",
    opened: date = TODAY,
    renewed: date | None = None,
    closed: date | None = None,
    fills: tuple[tuple[date, int], ...] = (),
) -> Posting:
    return Posting(leaf, city, category, employer, opened, renewed or opened, closed, heads, fills)
