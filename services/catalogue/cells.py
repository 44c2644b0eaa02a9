"""Cells of the shortage map as they are named: a direction or an industry, a city and a talent category."""

from dataclasses import dataclass
from typing import Self

COLLECTION = "shortageCells"
ALL = "all"
_PARTS = 3


def cell_id(node: str, city: str = ALL, category: str = ALL) -> str:
    """The id of a cell: `sic.suzhou.outstanding-engineer`, with `all` for what it does not tell apart."""
    return ".".join((node, city, category))


@dataclass(frozen=True, slots=True)
class CellAddress:
    """What a cell counts, in codes of the catalogue; an empty city or category is not told apart."""

    node: str
    city: str = ""
    category: str = ""

    @property
    def name(self) -> str:
        """The resource name."""
        return f"{COLLECTION}/{cell_id(self.node, self.city or ALL, self.category or ALL)}"

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """What a resource name or an id says; None for what is neither. Whether the codes exist is not looked at."""
        parts = name.removeprefix(f"{COLLECTION}/").split(".")
        if len(parts) != _PARTS or not all(parts):
            return None
        node, *rest = parts
        return cls(node, *("" if each == ALL else each for each in rest))
