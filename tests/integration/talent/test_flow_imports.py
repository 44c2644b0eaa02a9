"""Training places and moves from a file: new, changed, the same, refused by row; taken back. On both engines."""

from typing import Any

import pytest
from sqlalchemy import func, select

from services.talent.store import schema
from tests.integration.talent.importing import PERSON, Importing
from tests.integration.talent.installed import Talent
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates

PLACE = {
    "ref": "T-1",
    "provider": "南通大学",
    "city": "南通",
    "direction": "seawater-h2",
    "category": "卓越工程师",
    "places": "40",
    "starts": "2025-09-01",
    "completes": "2027-06-30",
    "completion": "90%",
    "retention": "50%",
}
MOVE = {
    "ref": "M-1",
    "person": "",
    "category": "卓越工程师",
    "directions": "seawater-h2",
    "from_city": "南通",
    "to_city": "省外",
    "day": "2026-05-01",
    "heads": "3",
    "reason": "薪酬",
}


@pytest.fixture
def imports(talent: Talent) -> Importing:
    talent.ticker.turn()
    return Importing(talent)


def counts(report: Any) -> tuple[int, int, int, int]:
    (sheet,) = report.sheets
    return sheet.created_count, sheet.changed_count, sheet.same_count, sheet.refused_count


def stored(imports: Importing, table: Any) -> int:
    with imports.talent.database.read() as session:
        return int(session.execute(select(func.count()).select_from(table)).scalar_one())


def arrivals(imports: Importing) -> float:
    cube = imports.talent.frame().cube
    return 0.0 if cube.arrivals is None else float(cube.arrivals[-1, -1, -1])


def assert_level(imports: Importing) -> None:
    with imports.talent.database.write() as session:
        assert imports.talent.counter.rebuild(session, check=True) == (0, 0)


def test_training_places_are_imported_counted_changed_and_taken_back(imports: Importing) -> None:
    wrong = {**PLACE, "ref": "T-2", "completes": "2020-01-01"}
    report, first = imports.load("training", PLACE, wrong)
    assert counts(report) == (1, 0, 0, 1)
    assert [each.field for each in report.problems] == ["预计完成日期"]
    assert arrivals(imports) == 18
    report, second = imports.load("training", {**PLACE, "places": "20"}, {**PLACE, "ref": "T-3"})
    assert counts(report) == (1, 1, 0, 0)
    assert arrivals(imports) == 27
    assert counts(imports.load("training", {**PLACE, "places": "20"})[0]) == (0, 0, 1, 0)
    done = imports.undo(second)
    assert (done.removed, done.restored, done.kept_count) == (1, 1, 0)
    assert arrivals(imports) == 18
    assert_level(imports)
    done = imports.undo(first)
    assert (done.removed, done.kept_count) == (1, 0)
    assert stored(imports, schema.training_place) == 0


def test_moves_are_imported_once_and_taken_back(imports: Importing) -> None:
    imports.load("persons", {**PERSON, "purposes": "数据统计"})
    own = {
        **MOVE,
        "ref": "M-2",
        "person": "P-1",
        "category": "",
        "directions": "",
        "to_city": "苏州",
        "heads": "",
        "reason": "",
    }
    nobody = {**own, "ref": "M-3", "person": "P-9"}
    report, batch = imports.load("moves", MOVE, own, nobody)
    assert counts(report) == (2, 0, 0, 1)
    assert report.problems[0].reason == "UNKNOWN_PERSON"
    out = imports.talent.frame().cube.moved_out
    assert out is not None
    assert out[-1, -1, -1] == 5
    report, _ = imports.load("moves", MOVE, {**own, "to_city": "南京"})
    assert counts(report) == (0, 0, 1, 1)
    assert report.problems[0].reason == "MOVE_KNOWN_OTHERWISE"
    assert imports.undo(batch).removed == 2
    assert stored(imports, schema.move) == 0
    assert_level(imports)


def test_a_number_of_somebody_who_was_merged_leads_to_whom_they_are(imports: Importing) -> None:
    imports.load(
        "persons", {**PERSON, "purposes": "数据统计"}, {**PERSON, "ref": "P-2", "purposes": "数据统计"}
    )
    duplicates = Duplicates(Library(imports.talent))
    merged, _ = duplicates.merge(*(one_of(imports, ref) for ref in ("P-1", "P-2")))
    for ref, person in (("M-2", "P-1"), ("M-3", "P-2")):
        row = {
            **MOVE,
            "ref": ref,
            "person": person,
            "category": "",
            "directions": "",
            "to_city": "苏州",
            "heads": "",
        }
        assert counts(imports.load("moves", row)[0]) == (1, 0, 0, 0)
    with imports.talent.database.read() as session:
        assert list(session.scalars(select(schema.move.c.person_id))) == [merged, merged]


def one_of(imports: Importing, ref: str) -> str:
    with imports.talent.database.read() as session:
        return str(session.execute(select(schema.person.c.id).where(schema.person.c.ref == ref)).scalar_one())
