import json
from pathlib import Path

import pytest

from bench.harness import Run, interleaved
from bench.harness.discovery import measurements
from bench.harness.results import merge


def test_a_ratio_says_how_many_times_better_either_way() -> None:
    run = Run()
    faster = run.row("a", 2.0, "s", n=1, peer_value=10.0, bar=5)
    assert (faster.ratio, faster.holds) == (5.0, True)
    more = run.row("a", 2.0, "1/s", n=1, peer_value=10.0, bar=0.3, lower_is_better=False)
    assert (more.ratio, more.holds) == (0.2, False)
    assert run.row("a", 2.0, "s", n=1).holds is None


def test_rows_are_merged_by_name_and_the_others_stay(tmp_path: Path) -> None:
    run = Run()
    merge(tmp_path, [run.row("b", 1.0, "s", n=1), run.row("a", 1.0, "s", n=1)])
    merge(tmp_path, [run.row("b", 3.0, "s", n=1, peer="other", peer_value=6.0, bar=1)])
    rows = json.loads((tmp_path / "results.json").read_text())["rows"]
    assert [(row["name"], row["value"], row["holds"]) for row in rows] == [("a", 1.0, None), ("b", 3.0, True)]
    assert "| `b` | 3 s | 6 s (other) | 2 | 1 | yes |" in (tmp_path / "RESULTS.md").read_text()


@pytest.mark.parametrize(
    ("only", "name", "wanted"),
    [
        ("", "talent.change", True),
        ("talent", "talent.change", True),
        ("talent.grid.leaf.sqlite", "talent.grid.", True),
        ("matcher", "talent.change", False),
    ],
)
def test_names_are_chosen_by_their_beginning(only: str, name: str, wanted: bool) -> None:
    assert Run(only=only).wants(name) is wanted


def test_a_trial_caps_sizes() -> None:
    assert (Run().size(1000), Run(limit=10).size(1000), Run(limit=10).size(5)) == (1000, 10, 5)


def test_both_sides_run_in_turn() -> None:
    calls: list[str] = []
    interleaved(lambda: calls.append("o"), lambda: calls.append("p"), rounds=2, ours_per_round=2)
    assert "".join(calls) == "opoopoop"


def test_every_measurement_names_rows_of_its_own() -> None:
    names = [name for each in measurements() for name in each.names]
    assert len(names) == len(set(names))
    assert names
