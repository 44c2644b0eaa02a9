"""Imports as batches on both engines: what each row amounts to, and the exact way back."""

from typing import Any

import pytest
from sqlalchemy import func, select

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode
from services.chassis.imports import sheets
from services.chassis.imports.batch import BatchState
from services.chassis.imports.importing import Upload
from services.chassis.log.topics import KEYS, PERSONS
from services.kernel.errors import Aborted, AlreadyExists, FailedPrecondition
from services.talent.domain.flows.move import Move
from services.talent.service.people.duplicates.finding import Finding
from services.talent.store import schema
from tests.integration.talent.importing import PERSON, POSITION, TEAM, Importing
from tests.integration.talent.installed import Talent


@pytest.fixture
def imports(talent: Talent) -> Importing:
    """Imports into the service."""
    return Importing(talent)


def person(number: int, **changes: str) -> dict[str, str]:
    return {**PERSON, "ref": f"P-{number}", "name": f"演示{'甲乙丙丁戊'[number % 5]}{number}", **changes}


def counts(report: Any) -> tuple[int, int, int, int]:
    (sheet,) = report.sheets
    return sheet.created_count, sheet.changed_count, sheet.same_count, sheet.refused_count


def test_rows_are_reported_one_by_one(imports: Importing) -> None:
    imports.load("persons", person(1), person(2), person(3))
    report, batch = imports.load(
        "persons", person(1), person(2, city="苏州"), person(4), person(5, city="亚特兰蒂斯")
    )
    assert counts(report) == (1, 1, 1, 1)
    assert report.import_name == f"imports/{batch}"
    assert imports.rows(batch) == [
        ("persons", 3, "CHANGED", True),
        ("persons", 4, "NEW", True),
        ("persons", 5, "REFUSED", False),
    ]


@pytest.mark.parametrize("mode", [ImportMode.IMPORT_MODE_DRY_RUN, ImportMode.IMPORT_MODE_ALL_OR_NOTHING])
def test_what_may_not_be_written_leaves_its_report_and_nothing_else(
    imports: Importing, mode: ImportMode
) -> None:
    imports.load("persons", person(1))
    before = imports.state()
    rows = (person(1, city="苏州"), person(2), person(3, city="亚特兰蒂斯"))
    report, batch = imports.load("persons", *rows, mode=mode)
    assert (report.committed, counts(report)) == (False, (1, 1, 0, 1))
    assert imports.state() == before
    assert imports.rows(batch) == [
        ("persons", 2, "CHANGED", True),
        ("persons", 3, "NEW", False),
        ("persons", 4, "REFUSED", False),
    ]
    written, _ = imports.load("persons", *rows)
    assert counts(written) == (1, 1, 0, 1)


def test_the_same_file_twice_changes_nothing_and_says_so(imports: Importing) -> None:
    _, first = imports.load("persons", person(1), person(2))
    before = imports.state()
    report, _ = imports.load("persons", person(1), person(2))
    assert counts(report) == (0, 0, 2, 0)
    assert report.earlier_import_name == f"imports/{first}"
    assert imports.state() == before


def test_an_undo_restores_the_state_before_exactly(imports: Importing) -> None:
    imports.load("persons", person(1), person(2))
    imports.load("teams", {**TEAM, "lead": "P-1"})
    imports.load("positions", POSITION)
    before, sensitive = imports.state(), imports.sensitive()
    batches = [
        imports.load("persons", person(1, city="苏州", phone="13800000000", purposes=""), person(3))[1],
        imports.load("teams", {**TEAM, "lead": "P-2"}, {**TEAM, "ref": "T-2", "lead": "P-3"})[1],
        imports.load(
            "positions", {**POSITION, "headcount": "5", "title": "改名"}, {**POSITION, "ref": "J-2"}
        )[1],
    ]
    assert imports.state() != before
    for batch in reversed(batches):
        done = imports.undo(batch)
        assert (done.removed, done.restored, done.kept_count) == (1, 1, 0)
        assert imports.drift() == 0
    assert imports.state() == before
    assert imports.sensitive() == sensitive


def test_whom_a_team_needs_comes_by_file_and_an_empty_cell_keeps_it(imports: Importing) -> None:
    imports.load("persons", person(1))
    given = {**TEAM, "lead": "P-1", "needs": "sic=2;gan=1"}

    def needs() -> object:
        with imports.talent.database.read() as session:
            return session.scalars(select(schema.team.c.needs)).one()

    imports.load("teams", given)
    assert needs() == (("sic", 2), ("gan", 1))
    report, _ = imports.load("teams", {**given, "needs": ""})
    assert counts(report) == (0, 0, 1, 0)
    report, batch = imports.load("teams", {**given, "needs": "sic=3"})
    assert counts(report) == (0, 1, 0, 0)
    assert needs() == (("sic", 3),)
    imports.undo(batch)
    assert needs() == (("sic", 2), ("gan", 1))
    report, _ = imports.load("teams", {**given, "needs": "sic=0"})
    assert counts(report) == (0, 0, 0, 1)


def test_an_undo_of_an_undone_import_is_refused_and_the_file_may_come_again(imports: Importing) -> None:
    _, batch = imports.load("persons", person(1))
    imports.undo(batch)
    with pytest.raises(FailedPrecondition) as caught:
        imports.undo(batch)
    assert caught.value.reason == "NOTHING_TO_UNDO"
    report, _ = imports.load("persons", person(1))
    assert (counts(report), report.earlier_import_name) == ((1, 0, 0, 0), "")


def test_people_that_an_undo_removes_leave_tombstones_and_no_key(imports: Importing) -> None:
    _, batch = imports.load("persons", person(1))
    imports.undo(batch)
    history, outbox = schema.shared.history, schema.shared.outbox
    with imports.talent.database.read() as session:
        last = session.execute(
            select(history.c.entity, func.max(history.c.version)).group_by(history.c.entity)
        ).all()
        gone = session.scalars(select(outbox.c.topic).where(outbox.c.payload.is_(None))).all()
    assert {row[1] for row in last} == {2}
    assert set(gone) == {PERSONS.name, KEYS.name}


def test_what_changed_since_or_is_in_use_is_kept(imports: Importing) -> None:
    _, batch = imports.load("persons", person(1), person(2), person(3))
    imports.load("persons", person(1, city="苏州"))
    imports.load("teams", {**TEAM, "lead": "P-2", "members": "P-2"})
    done = imports.undo(batch)
    assert (done.removed, done.kept_count) == (1, 2)
    assert [(kept.row, kept.reason) for kept in done.kept] == [(2, "CHANGED_SINCE"), (3, "IN_USE")]
    with imports.talent.database.read() as session:
        assert session.get_one(schema.imports.batch_kind, batch).state is BatchState.PARTLY_UNDONE


def test_chunks_see_what_earlier_chunks_wrote(imports: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "CHUNK", 2)
    rows = [person(n) for n in range(5)]
    report, batch = imports.load("persons", *rows, rows[0], {**rows[1], "city": "苏州"})
    assert imports.drift() == 0
    assert counts(report) == (5, 0, 1, 1)
    assert [each.reason for each in report.problems] == ["DUPLICATE_REF"]
    assert imports.undo(batch).removed == 5
    _, batch = imports.load("positions", POSITION, *({**POSITION, "ref": f"J-{n}"} for n in range(2, 6)))
    assert imports.undo(batch).removed == 5
    assert all(not rows for rows in imports.state().values())
    assert imports.drift() == 0


def test_a_second_source_may_bring_somebody_whose_identity_number_is_known(imports: Importing) -> None:
    """Both records are kept, and whoever reviews decides: they are suggested as one person."""
    rows = {**person(1), "id_number": "PASS-10001"}, {**person(2), "id_number": "PASS-10001"}
    report, _ = imports.load("persons", *rows)
    assert counts(report) == (2, 0, 0, 0)
    report, _ = imports.load("persons", {**rows[0], "ref": "P-3"}, {**rows[1], "id_number": "PASS-10002"})
    assert counts(report) == (1, 1, 0, 0)
    table = schema.duplicate_suggestion
    with imports.talent.database.write() as session:
        refs = {row.id: row.ref for row in session.execute(select(schema.person))}
        finding = Finding(imports.talent.people.assertions, b"s" * 32, imports.talent.clock)
        finding.refresh(session, refs)
        pairs = session.execute(select(table.c.left, table.c.right, table.c.band)).all()
    assert [({refs[one], refs[other]}, band.name) for one, other, band in pairs] == [({"P-1", "P-3"}, "LINK")]


def test_a_column_that_a_file_lacks_says_nothing_and_an_empty_cell_takes_back(imports: Importing) -> None:
    full = {**person(1), "orcid": "0000-0002-1825-0097", "education": "演示大学 | 博士"}
    imports.load("persons", full)
    report, _ = imports.load("persons", {name: full[name] for name in full if name not in _OPTIONAL})
    assert counts(report) == (0, 0, 1, 0)
    assert shown(imports) == ("0000-0002-1825-0097", 1, 1, "13900000000")
    report, _ = imports.load("persons", {**full, "education": "", "purposes": ""})
    assert counts(report) == (0, 1, 0, 0)
    assert shown(imports) == ("0000-0002-1825-0097", 0, 0, "13900000000")


_OPTIONAL = ("orcid", "education", "purposes", "phone")


def shown(imports: Importing) -> tuple[str, int, int, str]:
    """ORCID, number of schools, number of purposes and telephone number of the one person there is."""
    with imports.talent.database.read() as session:
        (row,) = session.execute(select(schema.person))
    (sensitive,) = imports.sensitive().values()
    return row.orcid, len(row.education), len(row.purposes), sensitive.phone


def test_a_city_that_an_import_changes_is_a_move_and_its_undoing_takes_it_back(imports: Importing) -> None:
    imports.load("persons", person(1, purposes="数据统计"))
    _, batch = imports.load("persons", person(1, purposes="数据统计", city="苏州", observed="2026-07-01"))
    assert moves(imports) == [("nantong", "suzhou")]
    assert imports.drift() == 0
    imports.undo(batch)
    assert moves(imports) == []
    assert imports.drift() == 0


def test_an_undo_brings_back_the_moves_that_a_withdrawn_consent_deleted(imports: Importing) -> None:
    imports.load("persons", person(1, purposes="数据统计"))
    imports.load("persons", person(1, purposes="数据统计", city="苏州", observed="2026-07-01"))
    before = moves(imports)
    _, batch = imports.load("persons", person(1, purposes="人岗匹配", city="苏州", observed="2026-07-02"))
    assert moves(imports) == []
    assert imports.drift() == 0
    imports.undo(batch)
    assert moves(imports) == before == [("nantong", "suzhou")]
    assert imports.drift() == 0


def moves(imports: Importing) -> list[tuple[str, str]]:
    """From where to where people are known to have moved, but for moves that were taken back."""
    with imports.talent.database.read() as session:
        found = session.scalars(select(Move).where(schema.move.c.voided_at.is_(None))).all()
    return [(each.from_city, each.to_city) for each in found]


def test_a_running_import_is_not_begun_twice(imports: Importing) -> None:
    header = ImportHeader(
        filename="a.csv",
        mode=ImportMode.IMPORT_MODE_GOOD_ROWS,
        request_id="0b1a9a3e-0000-4000-8000-000000000001",
    )
    with Upload.of(header, [b"x"]) as upload, Upload.of(header, [b"y"]) as other:
        batch = imports.batches.begin(upload, "tester")
        with pytest.raises(Aborted):
            imports.batches.begin(upload, "tester")
        with pytest.raises(AlreadyExists):
            imports.batches.begin(other, "tester")
        imports.batches.heard(batch, 7)
        with imports.talent.database.read() as session:
            seen = imports.batches.get(session, batch.id, None)
        assert (seen.state, seen.processed) == (BatchState.RUNNING, 7)
        imports.batches.forget(batch)
        imports.talent.pass_days(1)
        with imports.talent.database.read() as session:
            assert imports.batches.get(session, batch.id, None).state is BatchState.INTERRUPTED
        assert imports.batches.begin(upload, "tester").id == batch.id


@pytest.mark.parametrize(
    "private",
    [
        "13812345678",
        "+86 138-1234-5678",
        "1.3812345678E+10",
        "320102199001011239",
        "32010219900101123X",
        "E12345678",
        "ouyang@lab.example.cn",
        "欧阳＠lab.example.cn",
    ],
)
def test_no_report_repeats_what_reaches_or_identifies_a_person(imports: Importing, private: str) -> None:
    """Wherever it stands: where columns are shifted, it is a date or a city."""
    imports.load("persons", person(0))
    columns = [
        ("city", "observed", "category", "availability", "directions", "purposes", "origin")[at % 7]
        for at in range(14)
    ]
    rows = [
        person(at % 2 * at, **{column: f"{private}{'' if at < 7 else ' 又'}"})
        for at, column in enumerate(columns)
    ]
    rows += [{**person(20), "phone": f"{private}E+10"}, person(21, ref=private, city="亚特兰蒂斯")]
    report, batch = imports.load("persons", *rows)
    assert report.sheets[0].refused_count >= 14
    digits = private[-9:-1]
    assert digits not in str([(each.text.zh, each.text.en) for each in report.problems])
    with imports.talent.database.read() as session:
        table = schema.imports.row
        kept = session.scalars(select(table.c.detail).where(table.c.batch_id == batch)).all()
    assert len(kept) >= 14
    assert not [each for each in kept if each and digits in each.decode()]
