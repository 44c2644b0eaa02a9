"""Cities that have people to spare for a cell, and how far away they are."""

from collections.abc import Mapping
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from services.talent.domain.axes import ALL
from services.talent.domain.shortage.table import Address, ShortageTable

EARTH_KM = 6371.0
LEAST = 1.0
Places = Mapping[str, tuple[float, float]]


class Surplus(NamedTuple):
    """A city with more available people than positions; `km` from the cell's city, None for a whole province."""

    city: str
    people: float
    km: float | None


def surplus_cities(table: ShortageTable, address: Address, places: Places | None = None) -> list[Surplus]:
    """Other cities where at least one person more is available than wanted, of cells that are shown.

    The nearest first if the cell has a city and `places` gives longitude and latitude by code, else the largest.
    """
    found = []
    for city in table.cube.axes.cities[:-1]:
        cell = table.cell(Address(address.node, city, address.category))
        if city == address.city or cell.supply is None or cell.supply - cell.demand < LEAST:
            continue
        km = None
        if places is not None and address.city != ALL:
            km = distance(places[address.city], places[city])
        found.append(Surplus(city, cell.supply - cell.demand, km))
    return sorted(found, key=lambda each: (each.km or 0.0, -each.people, each.city))


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres on the great circle between two points given by longitude and latitude in degrees."""
    (east, north), (east_too, north_too) = (tuple(map(radians, each)) for each in (one, other))
    chord = sin((north_too - north) / 2) ** 2 + cos(north) * cos(north_too) * sin((east_too - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(chord))
