"""An installation's own map takes the place of the one that ships, or is refused with what it lacks."""

import json
from pathlib import Path
from typing import Any

import pytest

from services.catalogue import load
from services.chassis.configuration import ConfigurationError
from services.chassis.settings import Settings, load_settings
from services.paper.geography import load_map


def _square(adcode: str, west: float) -> dict[str, Any]:
    ring = [[west, 32.0], [west + 1, 32.0], [west + 1, 33.0], [west, 33.0], [west, 32.0]]
    return {
        "id": adcode,
        "properties": {"label": [west + 0.5, 32.5]},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


SQUARES = [_square(each.adcode, 115.0 + at) for at, each in enumerate(load().cities)]


def _own(folder: Path, given: object) -> Settings:
    file = folder / "own.geojson"
    file.write_text(given if isinstance(given, str) else json.dumps(given), encoding="utf-8")
    return load_settings({"BOLE_MAP_GEOJSON": str(file), "BOLE_MAP_APPROVAL_NO": "苏S(2026)001号"})


def test_the_own_map_is_drawn_under_its_number(tmp_path: Path) -> None:
    drawn = load_map(_own(tmp_path, {"features": SQUARES}), load())
    assert {each.code for each in drawn.drawing.outlines} == {each.id for each in load().cities}
    assert drawn.drawing.outlines[0].path != load_map(load_settings({}), load()).drawing.outlines[0].path
    assert (drawn.approval_no, load_map(load_settings({}), load()).approval_no) == ("苏S(2026)001号", None)


def test_what_is_not_of_the_province_is_left_out(tmp_path: Path) -> None:
    drawn = load_map(_own(tmp_path, {"features": [*SQUARES, _square("310000", 121.0)]}), load())
    assert len(drawn.drawing.outlines) == len(SQUARES)


def test_a_map_without_a_city_is_refused_with_how_many_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"缺少 2 个设区市.*lacks 2 cities"):
        load_map(_own(tmp_path, {"features": SQUARES[2:]}), load())


@pytest.mark.parametrize(
    "given",
    [
        "no json",
        "[]",
        {"features": []},
        {"features": [{"id": "320100"}]},
        {"features": [{**SQUARES[0], "geometry": {"type": "Point", "coordinates": [1, 2]}}]},
        {"features": [{**SQUARES[0], "geometry": {"type": "Polygon", "coordinates": [[[118, 32]]]}}]},
        {"features": [{**SQUARES[0], "properties": {"label": []}}]},
    ],
)
def test_a_file_that_is_no_map_of_cities_is_refused_by_name(tmp_path: Path, given: object) -> None:
    with pytest.raises(ConfigurationError, match=r"BOLE_MAP_GEOJSON.*own\.geojson"):
        load_map(_own(tmp_path, given), load())


def test_a_file_that_is_not_there_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"gone\.geojson"):
        load_map(load_settings({"BOLE_MAP_GEOJSON": str(tmp_path / "gone.geojson")}), load())
