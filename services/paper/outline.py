"""Areas of a map as SVG paths: degrees to points of a drawing, north up."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import cos, radians
from typing import Any, TypeAlias

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[list[float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """One area: the path of all its rings and the point of its label, in points of the drawing."""

    code: str
    path: str
    label: Point


@dataclass(frozen=True, slots=True)
class Drawing:
    """All areas, in a frame of `width` by `height` points."""

    width: float
    height: float
    outlines: tuple[Outline, ...]


def draw(features: Iterable[Mapping[str, Any]], width: float) -> Drawing:
    """The areas of GeoJSON features (Polygon or MultiPolygon, properties.label, id), as wide as said.

    Equirectangular with the middle parallel at true length. Raises KeyError, TypeError or ValueError for what is
    no such feature.
    """
    areas = [
        (str(each["id"]), list(_rings(each["geometry"])), each["properties"]["label"]) for each in features
    ]
    points = [point for _, rings, _ in areas for ring in rings for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    if not (west < east and south < north):
        raise ValueError("the areas have no extent")
    narrow = cos(radians((south + north) / 2))
    scale = width / ((east - west) * narrow)

    def place(point: Iterable[float]) -> Point:
        lon, lat = point
        return round((lon - west) * narrow * scale, 1), round((north - lat) * scale, 1)

    outlines = tuple(
        Outline(code, " ".join(_path(map(place, ring)) for ring in rings), place(label))
        for code, rings, label in areas
    )
    return Drawing(width, round((north - south) * scale, 1), outlines)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    if geometry["type"] == "Polygon":
        yield from geometry["coordinates"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon
    else:
        raise ValueError(f"neither Polygon nor MultiPolygon: {geometry['type']}")


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{x:g},{y:g}" for x, y in points) + "Z"
