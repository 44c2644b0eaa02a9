"""Outcomes of positions from a file, on both engines: taken in order, known again, undone with their positions."""

from collections.abc import Mapping

from services.talent.domain.position import OutcomeKind, Position, PositionOutcome, PositionStatus
from services.talent.store import repository, schema
from services.talent.store.positions import outcomes_of
from tests.integration.talent.importing import PERSON, POSITION, Importing
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_live_counts import assert_level

_EMPTY = {"heads": "", "day": "", "person": "", "skill": "", "note": ""}


def row(ref: str, kind: str, position: str = "J-1", **more: str) -> Mapping[str, str]:
    return {"ref": ref, "position": position, "kind": kind, **_EMPTY, **more}


def position(talent: Talent, ref: str = "J-1") -> Position:
    with talent.database.read() as session:
        found = repository.by_refs(session, Position, schema.position, [ref])[ref]
        session.expunge_all()
        return found


def standing(talent: Talent) -> list[PositionOutcome]:
    with talent.database.read() as session:
        found = outcomes_of(session, [position(talent).id])
        session.expunge_all()
        return found


def test_outcomes_are_taken_in_order_and_known_again_and_undone(talent: Talent) -> None:
    importing = Importing(talent)
    importing.load("persons", PERSON)
    importing.load("positions", {**POSITION, "headcount": "3"})
    rows = (
        row("O-1", "推荐被拒", skill="膜电极", day="2026-06-15"),
        row("O-2", "库内人才到岗", person="P-1", day="2026-06-20"),
        row("O-3", "其他人员到岗", heads="1", day="2026-06-21"),
        row("O-4", "撤回", note="项目取消", day="2026-06-25"),
    )
    report, batch = importing.load("outcomes", *rows)
    assert (report.sheets[0].created_count, report.sheets[0].refused_count) == (4, 0)
    found = position(talent)
    assert (found.filled, found.attributed, found.status) == (2, 2, PositionStatus.WITHDRAWN)
    assert [each.ref for each in standing(talent)] == ["O-1", "O-2", "O-3", "O-4"]
    assert_level(talent)
    again, _ = importing.load("outcomes", *rows)
    assert again.sheets[0].same_count == 4
    done = importing.undo(batch)
    assert (done.removed, done.kept_count) == (4, 0)
    found = position(talent)
    assert (found.filled, found.attributed, found.status) == (0, 0, PositionStatus.OPEN)
    assert standing(talent) == []
    assert_level(talent)
    once_more, _ = importing.load("outcomes", *rows[:2])
    assert once_more.sheets[0].created_count == 2


def test_rows_that_cannot_be_are_refused_and_leave_nothing(talent: Talent) -> None:
    importing = Importing(talent)
    importing.load("persons", PERSON)
    importing.load("positions", {**POSITION, "headcount": "1"})
    report, _ = importing.load(
        "outcomes",
        row("O-1", "过期"),
        row("O-2", "撤回"),
        row("O-3", "库内人才到岗"),
        row("O-4", "其他人员到岗", heads="2"),
        row("O-5", "其他人员到岗", position="J-9"),
        row("O-6", "库内人才到岗", person="P-9"),
        row("O-7", "其他人员到岗", skill="膜电极"),
        row("O-8", "其他人员到岗", day="2026-06-20"),
        row("O-9", "其他人员到岗", day="2026-06-20"),
    )
    assert (report.sheets[0].created_count, report.sheets[0].refused_count) == (1, 8)
    reasons = {each.row: (each.field, each.reason) for each in report.problems}
    assert reasons[2][1] == "OUTCOME_BY_SYSTEM"
    assert reasons[3][0] == "说明"
    assert reasons[4] == ("人才编号", "PERSON_REQUIRED")
    assert reasons[5] == ("人数", "FILL_OUT_OF_RANGE")
    assert reasons[6] == ("岗位编号", "UNKNOWN_POSITION")
    assert reasons[7] == ("人才编号", "UNKNOWN_PERSON")
    assert reasons[8] == ("缺失技能", "SKILL_NOT_EXPECTED")
    assert [each.kind for each in standing(talent)] == [OutcomeKind.FILLED_ELSEWHERE]
    other, _ = importing.load("outcomes", row("O-8", "其他人员到岗", day="2026-06-21"))
    assert [each.reason for each in other.problems] == ["OUTCOME_KNOWN_OTHERWISE"]
    assert_level(talent)
