"""The map of the province: outlines of its cities, and a grid of tiles that needs no boundaries."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.catalogue import Catalogue
from services.chassis.configuration import ConfigurationError
from services.chassis.settings import Settings
from services.paper.outline import Drawing, Outline, draw

_SHIPPED = Path(__file__).parent / "data" / "jiangsu.geojson"
_WIDTH = 480.0
_KEY = "BOLE_MAP_GEOJSON"

TILES: Mapping[str, tuple[int, int]] = {
    "xuzhou": (0, 0),
    "suqian": (1, 0),
    "lianyungang": (2, 0),
    "huaian": (1, 1),
    "yancheng": (2, 1),
    "yangzhou": (1, 2),
    "taizhou": (2, 2),
    "nantong": (3, 2),
    "nanjing": (0, 3),
    "zhenjiang": (1, 3),
    "changzhou": (2, 3),
    "wuxi": (3, 3),
    "suzhou": (3, 4),
}
"""Column and row of each city's tile."""


@dataclass(frozen=True, slots=True)
class Map:
    """Outlines by the catalogue's cities. `approval_no` is the map's 审图号; without one it is a schematic."""

    drawing: Drawing
    approval_no: str | None


def load_map(settings: Settings, catalogue: Catalogue) -> Map:
    """The map that ships, or the installation's own. Raises ConfigurationError for a file that is none."""
    path = settings.map_geojson or _SHIPPED
    cities = {each.adcode: each.id for each in catalogue.cities}
    try:
        drawing = draw(json.loads(path.read_text("utf-8"))["features"], _WIDTH)
        known = tuple(
            Outline(cities[each.code], each.path, each.label)
            for each in drawing.outlines
            if each.code in cities
        )
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise ConfigurationError(
            _KEY,
            f"{path} 不是可用的 GeoJSON（{type(error).__name__}）：要有各市的多边形、id（GB/T 2260）和 label",
            f"{path} is no GeoJSON of cities ({type(error).__name__}): polygons, id (GB/T 2260) and label",
        ) from None
    if len(known) != len(cities):
        raise ConfigurationError(
            _KEY,
            f"{path} 缺少 {len(cities) - len(known)} 个设区市，请补全",
            f"{path} lacks {len(cities) - len(known)} cities; complete it",
        )
    return Map(Drawing(drawing.width, drawing.height, known), settings.map_approval_no)
