"""Districts, counties and county-level cities (区、县、县级市): of which city of the province each is a part.

They help whoever writes 昆山市; no record names a place by them.
"""

from collections.abc import Iterable
from importlib import resources
from typing import Final

import yaml

from services.catalogue.model import City

_PROVINCES = ("江苏省", "江苏")
_KINDS = ("区", "县", "市")
_PARTS: Final[dict[str, dict[str, list[str]]]] = yaml.load(
    resources.files("services.catalogue").joinpath("districts.yaml").read_bytes(), yaml.CSafeLoader
)
"""By the id of a city. Read with the module: a call could find no file left to open."""


def cities_of(text: str, cities: Iterable[City]) -> tuple[str, ...]:
    """Ids of the cities of which what `text` names is a part, or was where nothing has the name any more; none for
    anything else. The last character may be left out (昆山).
    """
    name = next((text.removeprefix(each) for each in _PROVINCES if text.startswith(each)), text).strip()
    ids = [each.id for each in cities]
    for when in ("now", "former"):
        if found := tuple(id_ for id_ in ids if any(_names(part, name) for part in _PARTS[id_][when])):
            return found
    return ()


def _names(part: str, name: str) -> bool:
    return part == name or (len(part) > 2 and part.endswith(_KINDS) and part[:-1] == name)
