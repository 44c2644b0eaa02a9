"""Imports that change what earlier ones brought, undone one after the other: each leaves what was there before."""

from collections.abc import Iterator, Mapping
from random import Random

import pytest
from sqlalchemy import select

from services.chassis.imports.batch import BatchState
from services.chassis.imports.undone import Undone
from services.talent.domain.people.person import Person
from services.talent.domain.position import Position
from services.talent.store import repository, schema
from tests.integration.talent.importing import PERSON, POSITION, TEAM, Importing
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_flow_imports import PLACE
from tests.integration.talent.test_outcome_rows import row as outcome

EVIDENCE = {
    "ref": "EV-1",
    "kind": "开放应用场景",
    "title": "园区无人配送示范",
    "city": "常州",
    "opened": "2025-06-01",
    "document": "常工信〔2025〕3号",
}
CITIES, PEOPLE = ("南通", "苏州", "南京", "无锡"), ("P-1", "P-2", "P-3")
Sheets = Mapping[str, list[Mapping[str, str]]]


@pytest.fixture
def imports(talent: Talent) -> Importing:
    """Imports into the service."""
    return Importing(talent)


def version(number: int) -> Sheets:
    """What the import of this number says of the same records; each says something else."""
    day = f"2026-06-{number + 1:02}"
    city = CITIES[number % len(CITIES)]
    return {
        "persons": [
            {
                **PERSON,
                "ref": ref,
                "name": f"演示{ref[-1]}",
                "city": city,
                "observed": day,
                "purposes": "数据统计",
            }
            for ref in PEOPLE
        ],
        "teams": [{**TEAM, "name": f"团队{number}", "lead": PEOPLE[number % 3]}],
        "positions": [{**POSITION, "headcount": str(20 + number)}],
        "outcomes": [outcome(f"O-{number}", "其他人员到岗", heads="1", day=day)],
        "training": [{**PLACE, "places": str(40 + number)}],
        "evidence": [{**EVIDENCE, "title": f"示范{number}"}],
    }


def brought(imports: Importing, sheets: Sheets) -> list[str]:
    """The batches that files of these sheets are, in their order."""
    return [imports.load(sheet, *rows)[1] for sheet, rows in sheets.items()]


def undone(imports: Importing, batches: list[str]) -> Iterator[tuple[str, Undone]]:
    """What comes of taking them back, the last one first."""
    for batch in reversed(batches):
        yield batch, imports.undo(batch)


def held(imports: Importing) -> object:
    """All that the library shows and counts."""
    shown = {"version", "updated_at", "void_reason", "voided_at", "id"}
    with imports.talent.database.read() as session:
        others = [
            sorted(
                tuple(map(repr, found))
                for found in session.execute(select(*(c for c in table.c if c.name not in shown)))
            )
            for table in (schema.training_place, schema.evidence)
        ]
        moved = session.execute(
            select(schema.move.c.from_city, schema.move.c.to_city).where(schema.move.c.voided_at.is_(None))
        )
        return imports.state(), imports.sensitive(), others, sorted(tuple(each) for each in moved)


@pytest.mark.parametrize("many", [2, 3])
def test_imports_that_change_each_others_records_leave_nothing_once_all_are_undone(
    imports: Importing, many: int
) -> None:
    before, batches = [held(imports)], list[list[str]]()
    for number in range(many):
        batches.append(brought(imports, version(number)))
        before.append(held(imports))
    for mine in reversed(batches):
        assert held(imports) == before.pop()
        for _, done in undone(imports, mine):
            assert (done.kept_count, done.removed + done.restored > 0) == (0, True)
        assert imports.drift() == 0
    assert held(imports) == before.pop()


def edit(imports: Importing, ref: str) -> None:
    """Somebody changes a record by hand."""
    talent = imports.talent
    with talent.database.write() as session:
        if ref.startswith("P"):
            found = repository.by_refs(session, Person, schema.person, [ref])[ref]
            talent.people.changed(session, [found], "somebody")
        else:
            posting = repository.by_refs(session, Position, schema.position, [ref])[ref]
            talent.positions.renew(session, posting, "somebody")
    talent.pass_days(1)


@pytest.mark.parametrize("after", [0, 1])
def test_what_was_changed_by_hand_is_named_by_every_import_before_and_by_no_later_one(
    imports: Importing, after: int
) -> None:
    sheets = [{key: version(number)[key] for key in ("persons", "positions")} for number in range(3)]
    batches = []
    for number, each in enumerate(sheets):
        batches.append(brought(imports, each))
        if number == after:
            edit(imports, "P-2")
            edit(imports, "J-1")
    for number in (2, 1, 0):
        (_, positions), (_, persons) = undone(imports, batches[number])
        kept = [(each.row, each.reason) for each in persons.kept]
        assert kept == ([] if number > after else [(3, "CHANGED_SINCE")])
        assert positions.kept_count == (number <= after)
    with imports.talent.database.read() as session:
        assert session.scalars(select(schema.person.c.ref)).all() == ["P-2"]


def test_what_is_undone_in_part_is_not_named_again_when_the_rest_is(imports: Importing) -> None:
    people = version(0)["persons"]
    imports.load("persons", *people)
    _, batch = imports.load("persons", *version(1)["persons"])
    _, later = imports.load("persons", version(2)["persons"][0])
    done = imports.undo(batch)
    assert (done.restored, [each.row for each in done.kept]) == (2, [2])
    imports.undo(later)
    done = imports.undo(batch)
    assert (done.restored, done.kept_count) == (1, 0)
    with imports.talent.database.read() as session:
        assert session.get_one(schema.imports.batch_kind, batch).state is BatchState.UNDONE


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_imported_and_undone_in_whatever_turn(imports: Importing, seed: int) -> None:
    """An undo that keeps nothing back, of the import that came last of those that stand, leaves what was before it."""
    random, standing = Random(seed), list[tuple[str, object]]()
    for number in range(14):
        if standing and random.random() < 0.5:
            batch, before = standing.pop()
            assert imports.undo(batch).kept_count == 0
            assert held(imports) == before
        else:
            people = [each for each in version(number)["persons"] if random.random() < 0.6]
            before = held(imports)
            report, batch = imports.load("persons", *(people or version(number)["persons"]))
            assert report.committed
            standing.append((batch, before))
    while standing:
        batch, before = standing.pop()
        assert imports.undo(batch).kept_count == 0
        assert held(imports) == before
    assert imports.drift() == 0


def repeated(ref: str, opened: str, **more: str) -> dict[str, str]:
    """An advertisement of the same position under a number of its own."""
    return {**POSITION, "ref": ref, "opened": opened, **more}


@pytest.mark.parametrize("first", [0, 1])
def test_a_position_that_another_file_advertises_too_is_not_changed_by_that(
    imports: Importing, first: int
) -> None:
    """The second advertisement is the older one, so that the first is marked as its repetition and no more."""
    before = [held(imports)]
    _, mine = imports.load("positions", repeated("J-1", "2026-05-20"))
    before.append(held(imports))
    _, other = imports.load("positions", repeated("J-2", "2026-05-01"))
    batches = (mine, other)
    done = imports.undo(batches[first])
    assert (done.removed, done.kept_count) == (1, 0)
    assert first == 0 or held(imports) == before[1]
    done = imports.undo(batches[1 - first])
    assert (done.removed, done.kept_count) == (1, 0)
    assert held(imports) == before[0]
    assert imports.drift() == 0


def test_a_file_may_change_a_position_and_advertise_it_again(imports: Importing) -> None:
    imports.load("positions", repeated("J-1", "2026-05-20"))
    before = held(imports)
    report, batch = imports.load(
        "positions", repeated("J-1", "2026-05-20", headcount="9"), repeated("J-2", "2026-05-01")
    )
    (counts,) = report.sheets
    assert (counts.created_count, counts.changed_count, counts.refused_count) == (1, 1, 0)
    done = imports.undo(batch)
    assert (done.removed, done.restored, done.kept_count) == (1, 1, 0)
    assert held(imports) == before
    assert imports.drift() == 0


def test_a_position_that_is_confirmed_by_hand_stays_changed_whatever_repeats_it(imports: Importing) -> None:
    _, mine = imports.load("positions", repeated("J-1", "2026-05-20"))
    edit(imports, "J-1")
    imports.load("positions", repeated("J-2", "2026-05-01"))
    assert [each.reason for each in imports.undo(mine).kept] == ["CHANGED_SINCE"]
