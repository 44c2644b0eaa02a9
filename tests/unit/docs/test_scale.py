"""What `docs/scale.md` says was measured is what the benchmarks put on record."""

import json
import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROUNDING = 0.05


def said() -> list[tuple[str, tuple[float, ...]]]:
    """The rows that the page names, and the numbers that it gives for each, in seconds or as they stand."""
    section = (ROOT / "docs/scale.md").read_text().split("## ")[1]
    lines = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if "`" in line
    ]
    return [
        (name, numbers(figure)) for *_, figure, names in lines for name in re.findall(r"`([^`]+)`", names)
    ]


def numbers(figure: str) -> tuple[float, ...]:
    found = [float(each.replace(",", "")) for each in re.findall(r"\d[\d,]*(?:\.\d+)?", figure)]
    return tuple(each / 1000 for each in found) if "ms" in figure else tuple(found)


@pytest.mark.parametrize(("name", "figures"), said())
def test_a_figure_is_the_recorded_one(name: str, figures: tuple[float, ...]) -> None:
    rows = json.loads((ROOT / "bench/results.json").read_text())["rows"]
    values = [row["value"] for row in rows if fnmatchcase(row["name"], name)]
    assert values, f"no row {name}"
    for value in values:
        assert any(abs(figure - value) <= ROUNDING * value for figure in figures), f"{name}: {value}"
