"""Districts, counties and county-level cities (区、县、县级市): of which city of the province each is a part.

By the codes of GB/T 2260 as python-stdnum keeps them, each with the years in which it was in use; the first four digits
are those of the city. They help whoever writes 昆山市; no record names a place by them.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from services.catalogue.model import City

_NUMBERS = range(2, 100)
"""Of the parts of a city; 01 is 市辖区, which names none."""
_PROVINCES = ("江苏省", "江苏")
_KINDS = ("区", "县", "市")


def cities_of(text: str, cities: Iterable[City]) -> tuple[str, ...]:
    """Ids of the cities of which what `text` names is a part, or was where nothing has the name any more; none for
    anything else. The last character may be left out (昆山).
    """
    name = next((text.removeprefix(each) for each in _PROVINCES if text.startswith(each)), text).strip()
    known = _parts(tuple((each.id, each.adcode) for each in cities))
    for standing in (True, False):
        if found := tuple(
            dict.fromkeys(id_ for named, id_, now in known if now is standing and named == name)
        ):
            return found
    return ()


@cache
def _parts(cities: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str, bool], ...]:
    """Every name of a part, the id of its city, and whether it is in use."""
    return tuple(
        (name, id_, not years or years.endswith("-"))
        for id_, adcode in cities
        for number in _NUMBERS
        for years, full in _entries(f"{adcode[:4]}{number:02}")
        for name in (full, full[:-1])[: 2 if full.endswith(_KINDS) and len(full) > 2 else 1]
    )


def _entries(code: str) -> Iterator[tuple[str, str]]:
    """Years of use and name of everything that has had a code."""
    from stdnum import numdb  # read once somebody writes what names no city

    for _, facts in numdb.get("cn/loc").info(code):
        for entry in facts.get("county", "").split(","):
            years, _, name = entry.rpartition("]")
            if name:
                yield years, name
