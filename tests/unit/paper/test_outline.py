import pytest

from services.paper import outline


def test_north_is_up_and_the_middle_parallel_is_true() -> None:
    ring = [[120.0, 59.5], [122.0, 59.5], [122.0, 60.5], [120.0, 60.5]]
    area = {
        "id": "1",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"label": [120.0, 60.5]},
    }
    drawn = outline.draw([area], 100.0)
    assert drawn.height == pytest.approx(100.0, abs=0.1)  # a degree of latitude is two of longitude at 60°
    assert drawn.outlines[0].path == f"M0,{drawn.height:g}L100,{drawn.height:g}L100,0L0,0Z"
    assert drawn.outlines[0].label == (0.0, 0.0)


def test_other_geometries_are_refused() -> None:
    point = {"id": "1", "geometry": {"type": "Point", "coordinates": []}, "properties": {"label": [0, 0]}}
    with pytest.raises(ValueError, match="Point"):
        outline.draw([point], 100.0)
