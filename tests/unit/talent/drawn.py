"""Records drawn at random for properties of the counts."""

from datetime import date, timedelta

from hypothesis import strategies as st

from services.talent.domain.axes import OUTSIDE
from services.talent.domain.flows.hiring import FundedHire
from services.talent.domain.flows.move import Movement
from services.talent.domain.flows.training import Arrival
from services.talent.domain.people.availability import Availability
from tests.unit.talent.library import CATEGORIES, CITIES, LEAVES, TODAY, posting, supplied

CODES = [leaf.code for leaf in LEAVES]
PEOPLE = st.builds(
    lambda city, category, split, leaves, availability, age: supplied(
        0,
        city,
        category,
        ((leaves[0], split), (leaves[1], 1000 - split)),
        availability,
        TODAY - timedelta(days=age),
    ),
    st.sampled_from((*CITIES, "outside")),
    st.sampled_from(CATEGORIES),
    st.integers(1, 999),
    st.permutations(CODES),
    st.sampled_from(Availability),
    st.integers(0, 2000),
)
POSTINGS = st.builds(
    lambda heads, employer, city, leaf, category, age, life, filled: posting(
        heads,
        employer,
        city=city,
        leaf=leaf,
        category=category,
        opened=TODAY - timedelta(days=age),
        closed=TODAY - timedelta(days=age) + timedelta(days=life) if life < age else None,
        fills=((TODAY - timedelta(days=age // 2), filled),) if 0 < filled <= heads else (),
    ),
    st.integers(1, 9),
    st.sampled_from(("e1", "e2", "e3")),
    st.sampled_from(CITIES),
    st.sampled_from(CODES),
    st.sampled_from(CATEGORIES),
    st.integers(0, 400),
    st.integers(0, 600),
    st.integers(0, 3),
)
_CITY, _CODE, _KIND = st.sampled_from(CITIES), st.sampled_from(CODES), st.sampled_from(CATEGORIES)
_DAYS = st.integers(-300, 300).map(lambda days: TODAY + timedelta(days=days))
_MICRO = st.integers(0, 9_000_000)


def _hired(leaf: str, city: str, kind: str, day: date, micro: int) -> FundedHire:
    return FundedHire(leaf, city, kind, day, day + timedelta(days=200), micro)


def _moved(leaf: str, kind: str, cities: list[str], day: date, heads: int, retired: bool) -> Movement:
    return Movement(((leaf, 1000),), kind, cities[0], cities[1], day, heads, retired)


FLOWS = st.one_of(
    st.builds(Arrival, _CODE, _CITY, _KIND, _DAYS, _MICRO),
    st.builds(_hired, _CODE, _CITY, _KIND, _DAYS, _MICRO),
    st.builds(
        _moved, _CODE, _KIND, st.permutations([*CITIES, OUTSIDE]), _DAYS, st.integers(1, 5), st.booleans()
    ),
)
