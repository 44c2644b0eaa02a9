"""The record of runs: pieces add up, nothing counts twice, and fewer runs never replace more."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.storm.record import RecordRefused, Row, table


@pytest.fixture
def row(tmp_path: Path) -> Row:
    (tmp_path / "reliability.md").write_text(
        "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n"
    )
    return Row("P1", "make storm N={runs} SEED={seed}", docs=tmp_path)


def stands(row: Row) -> dict[str, Any]:
    (found,) = json.loads((row.docs / "reliability.json").read_text())
    assert table([found]) in (row.docs / "reliability.md").read_text()
    return dict(found)


def test_pieces_add_up_and_neighbours_become_one_command(row: Row) -> None:
    row.write(range(1, 51), 0, "add")
    row.write(range(101, 151), 2, "add")
    assert stands(row)["command"] == "make storm N=50 SEED=1; make storm N=50 SEED=101"
    row.write(range(51, 101), 0, "add")
    assert stands(row) == {
        "name": "P1",
        "runs": 150,
        "violations": 2,
        "seeds": "1-150",
        "command": "make storm N=150 SEED=1",
    }
    assert (row.docs / "reliability.md").read_text().startswith("before\n")
    assert (row.docs / "reliability.md").read_text().endswith("<!-- end of figures -->\nafter\n")


def test_seeds_left_out_are_no_runs(row: Row) -> None:
    row.write([1, 2, 26, 27], 1, "add")
    assert (stands(row)["runs"], stands(row)["seeds"]) == (4, "1-2, 26-27")


def test_no_seed_counts_twice(row: Row) -> None:
    row.write(range(1, 51), 0, "add")
    with pytest.raises(RecordRefused, match="seed 50"):
        row.write(range(50, 60), 0, "add")
    assert stands(row)["runs"] == 50


def test_fewer_runs_do_not_replace_more(row: Row, capsys: pytest.CaptureFixture[str]) -> None:
    row.write(range(1, 51), 1, "anew")
    with pytest.raises(RecordRefused, match="fewer"):
        row.write(range(1, 50), 0, "anew")
    assert not row.allows(range(49), "anew")
    assert "fewer" in capsys.readouterr().err
    row.write(range(1, 51), 0, "anew")
    assert (stands(row)["runs"], stands(row)["violations"]) == (50, 0)


def test_a_seed_may_stand_for_many_runs_and_the_last_for_some(row: Row) -> None:
    many = Row("fuzz", "make fuzz N={runs} SEED={seed}", 10, row.docs)
    many.write(range(1, 4), 0, "add", runs=25)
    many.write(range(4, 6), 0, "add", runs=20)
    many.write(range(6, 7), 0, "add", runs=10)
    assert stands(many)["command"] == "make fuzz N=25 SEED=1; make fuzz N=30 SEED=4"
    assert stands(many)["runs"] == 55


def test_a_row_of_another_command_is_not_added_to(row: Row) -> None:
    row.write([1], 0, "add")
    other = Row("P1", "make other N={runs} SEED={seed}", docs=row.docs)
    with pytest.raises(RecordRefused, match="another command"):
        other.write([2], 0, "add")
