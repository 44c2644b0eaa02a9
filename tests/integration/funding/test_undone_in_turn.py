"""Imports that change what earlier ones brought, undone one after the other: each leaves what was there before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from bole.common.v1.workbook_import_pb2 import ImportHeader, ImportMode
from services.chassis.imports.batch import BatchState
from services.chassis.imports.batches import Batches
from services.chassis.imports.importing import Upload
from services.chassis.imports.outcomes import Outcomes
from services.chassis.imports.undone import Undone
from services.funding.domain.firm.firm import Firm
from services.funding.service.firms.firms import Firms
from services.funding.service.undoing import Undo
from services.funding.store import schema
from services.sample import generate
from services.workbook.writing import write_xlsx
from tests.integration.funding.installed import Funding

Sheets = Mapping[str, list[dict[str, Any]]]
FIRMS = 3


@dataclass(frozen=True)
class Importing:
    """Imports as batches, and the way back."""

    funding: Funding
    directory: Path

    @property
    def firms(self) -> Firms:
        """The use cases of firms."""
        imports = self.funding.imports
        return Firms(imports.catalogue, imports.journal, imports.clock, imports.ids)

    def load(self, sheets: Sheets) -> str:
        """Import these rows, none of which is refused; the id of the batch. Time passes with every import."""
        funding = self.funding
        batches = Batches(funding.database, funding.clock, funding.imports.ids, schema.imports)
        write_xlsx(self.directory / "some.xlsx", sheets)
        data = (self.directory / "some.xlsx").read_bytes()
        header = ImportHeader(filename="some.xlsx", mode=ImportMode.IMPORT_MODE_ALL_OR_NOTHING)
        with Upload.of(header, [data]) as upload, Outcomes() as outcomes:
            batch = batches.begin(upload, "tester")
            with funding.database.write() as session:
                report = funding.imports.run(
                    session, upload, "tester", None, outcomes, batch.id, lambda _: None
                )
                batches.written(session, batch, report, outcomes)
            batches.forget(batch)
        funding.clock.advance(timedelta(hours=1))
        return batch.id

    def undo(self, id_: str) -> Undone:
        """Take a batch back, but for what changed since."""
        with self.funding.database.write() as session:
            batch = session.get_one(schema.imports.batch_kind, id_)
            done = Undo(self.firms).run(session, batch, "tester", None)
            session.get_one(schema.imports.batch_kind, id_).undo(
                "tester", self.funding.clock.now(), whole=not done.kept_count
            )
        self.funding.clock.advance(timedelta(hours=1))
        return done

    def edit(self, uscc: str) -> None:
        """Somebody changes a firm by hand."""
        with self.funding.database.write() as session:
            firm = session.scalars(select(Firm).where(schema.firm.c.uscc == uscc)).one()
            firm.name, firm.version = f"{firm.name}（更名）", firm.version + 1
            self.firms.keep(session, [], [firm], "somebody", "")
        self.funding.clock.advance(timedelta(hours=1))

    def held(self) -> object:
        """What is on record of firms, funds and deals, but for versions and times of change."""
        unlike = {"version", "updated_at"}
        with self.funding.database.read() as session:
            return [
                sorted(
                    tuple(map(repr, row))
                    for row in session.execute(select(*(c for c in table.c if c.name not in unlike)))
                )
                for table in (schema.firm, schema.firm_direction, schema.fund, schema.deal)
            ]


@pytest.fixture
def imports(funding: Funding, tmp_path: Path) -> Importing:
    """Imports into the service."""
    return Importing(funding, tmp_path)


@pytest.fixture(scope="module")
def sample() -> Sheets:
    """A few firms with a deal of each, which are leads, and its funds."""
    rows = generate("small")
    deals = [{**each, "state": "线索"} for each in rows["deals"] if each["state"] == "线索" and each["ref"]][
        :FIRMS
    ]
    firms, funds = ({each[name] for each in deals} for name in ("firm", "fund"))
    return {
        "firms": [dict(each) for each in rows["firms"] if each["uscc"] in firms],
        "funds": [dict(each) for each in rows["funds"] if each["ref"] in funds],
        "deals": deals,
    }


def version(sample: Sheets, number: int) -> Sheets:
    """What the import of this number says of the same records; each says something else."""
    return {
        "firms": [
            {**each, "staff": 50 + number, "name": f"{each['name']}{number}"} for each in sample["firms"]
        ],
        "funds": [{**each, "name": f"基金{number}-{each['ref']}"} for each in sample["funds"]],
        "deals": [{**each, "owner": f"负责人{number}"} for each in sample["deals"]],
    }


@pytest.mark.parametrize("many", [2, 3])
def test_imports_that_change_each_others_records_are_undone_one_after_the_other(
    imports: Importing, sample: Sheets, many: int
) -> None:
    batches, before = list[str](), list[object]()
    for number in range(many):
        before.append(imports.held())
        batches.append(imports.load(version(sample, number)))
    for number in range(many - 1, 0, -1):
        done = imports.undo(batches[number])
        assert (done.kept_count, done.restored) == (0, sum(map(len, sample.values())))
        assert imports.held() == before[number]


def test_firms_that_later_imports_changed_are_gone_once_all_are_undone(
    imports: Importing, sample: Sheets
) -> None:
    empty, batches = imports.held(), list[str]()
    for number in range(3):
        batches.append(imports.load({"firms": version(sample, number)["firms"]}))
    removed = [
        (done.removed, done.restored, done.kept_count) for done in map(imports.undo, reversed(batches))
    ]
    assert removed == [(0, FIRMS, 0), (0, FIRMS, 0), (FIRMS, 0, 0)]
    assert imports.held() == empty


@pytest.mark.parametrize("after", [0, 1])
def test_what_was_changed_by_hand_is_named_by_every_import_before_and_by_no_later_one(
    imports: Importing, sample: Sheets, after: int
) -> None:
    batches = list[str]()
    for number in range(3):
        batches.append(imports.load({"firms": version(sample, number)["firms"]}))
        if number == after:
            imports.edit(str(sample["firms"][1]["uscc"]))
    for number in (2, 1, 0):
        kept = [(each.row, each.reason) for each in imports.undo(batches[number]).kept]
        assert kept == ([] if number > after else [(3, "CHANGED_SINCE")])


def test_what_is_undone_in_part_is_not_named_again_when_the_rest_is(
    imports: Importing, sample: Sheets
) -> None:
    first, second, third = (version(sample, number)["firms"] for number in range(3))
    imports.load({"firms": first})
    batch = imports.load({"firms": second})
    later = imports.load({"firms": third[:1]})
    done = imports.undo(batch)
    assert (done.restored, [each.row for each in done.kept]) == (2, [2])
    imports.undo(later)
    done = imports.undo(batch)
    assert (done.restored, done.kept_count) == (1, 0)
    with imports.funding.database.read() as session:
        assert session.get_one(schema.imports.batch_kind, batch).state is BatchState.UNDONE


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_imported_and_undone_in_whatever_turn(
    imports: Importing, sample: Sheets, seed: int
) -> None:
    """An undo of the import that came last of those that stand leaves what was before it."""
    random, standing = Random(seed), list[tuple[str, object]]()
    imports.load(version(sample, 0))

    def undone() -> None:
        batch, before = standing.pop()
        assert imports.undo(batch).kept_count == 0
        assert imports.held() == before

    for number in range(1, 12):
        if standing and random.random() < 0.5:
            undone()
        else:
            sheets = {
                name: some
                for name, rows in version(sample, number).items()
                if (some := [each for each in rows if random.random() < 0.6])
            }
            if sheets:
                before = imports.held()
                standing.append((imports.load(sheets), before))
    while standing:
        undone()
