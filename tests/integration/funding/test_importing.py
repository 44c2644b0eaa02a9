"""Import of firms, funds and deals into a database: exactly the planted errors, and nothing twice."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bole.common.v1.workbook_import_pb2 import ImportMode
from services.chassis.imports import sheets
from services.chassis.imports.batch import BatchState, RowOutcome
from services.chassis.imports.importing import NothingWritten
from services.chassis.storage.listing import Query
from services.chassis.storage.paging import PageTokens
from services.funding.domain.deal.deal import Deal, replay
from services.funding.domain.fund.fund import Fund
from services.funding.service.deals.cases import holding_of
from services.funding.store import repository, schema
from services.sample import PLANTED_ERRORS, generate
from services.workbook.writing import write_xlsx
from tests.integration.funding.installed import Funding

OWN = ("firms", "funds", "deals")


def test_exactly_the_planted_errors_are_refused(funding: Funding, workbook: bytes) -> None:
    report = funding.load(workbook)
    found = Counter((each.sheet, each.field, each.reason) for each in report.problems)
    planted = Counter((each.sheet, each.header, each.reason) for each in PLANTED_ERRORS if each.sheet in OWN)
    assert found == planted
    assert report.committed


def test_a_second_import_changes_nothing_however_the_first_was_cut_up(
    funding: Funding, workbook: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(sheets, "CHUNK", 7)
        first, heard = funding.load(workbook), list(funding.heard)
    assert heard == sorted(heard)
    assert len(heard) == sum(-(-each.row_count // 7) for each in first.sheets)
    assert heard[-1] == sum(each.row_count for each in first.sheets)
    planted = [each for each in PLANTED_ERRORS if each.sheet in OWN]
    assert len(first.problems) == len(planted)
    again = funding.load(workbook)
    for before, after in zip(first.sheets, again.sheets, strict=True):
        assert (after.created_count, after.changed_count) == (0, 0)
        assert after.same_count == before.created_count + before.same_count


@pytest.mark.parametrize("mode", [ImportMode.IMPORT_MODE_DRY_RUN, ImportMode.IMPORT_MODE_ALL_OR_NOTHING])
def test_nothing_is_written_when_the_mode_forbids_it(
    funding: Funding, workbook: bytes, mode: ImportMode
) -> None:
    with pytest.raises(NothingWritten) as caught:
        funding.load(workbook, mode)
    assert not caught.value.report.committed
    with funding.database.read() as session:
        for table in (schema.firm, schema.fund, schema.deal, schema.shared.outbox):
            assert session.scalar(select(func.count()).select_from(table)) == 0


def test_histories_lead_to_the_states_and_balances_that_are_stored(stocked: Funding) -> None:
    with stocked.database.read() as session:
        deals = list(session.scalars(select(Deal)))
        repository.load_transitions(session, deals)
        funds = list(session.scalars(select(Fund)))
    assert all(replay(deal.transitions) is deal.state for deal in deals)
    for fund in funds:
        held = [holding_of(deal) for deal in deals if deal.fund_id == fund.id]
        assert fund.reserved_fen == sum(reserved for reserved, _, _ in held)
        assert fund.invested_fen == sum(invested for _, _, invested in held)
        assert fund.headroom_fen >= 0


@pytest.mark.parametrize(
    ("sheet", "change", "field"),
    [
        ("funds", {"size": "21亿元"}, "认缴规模"),
        ("funds", {"life_years": 13, "ticket_max": "1元"}, "存续期年"),
        ("funds", {"ticket_max": "4999万元"}, "单笔上限"),
        ("deals", {"round": "另一轮"}, "轮次"),
        ("deals", {"submitted": "2024-01-01"}, "申报日期"),
    ],
)
def test_a_row_that_differs_from_what_is_on_record_is_refused_with_the_column(
    funding: Funding, tmp_path: Path, sheet: str, change: dict[str, str | int], field: str
) -> None:
    rows = generate("small")
    kept = {"firms": rows["firms"], "funds": rows["funds"], "deals": rows["deals"]}
    write_xlsx(tmp_path / "first.xlsx", kept)
    funding.load((tmp_path / "first.xlsx").read_bytes())
    write_xlsx(tmp_path / "changed.xlsx", {**kept, sheet: [{**kept[sheet][0], **change}]})
    report = funding.load((tmp_path / "changed.xlsx").read_bytes())
    refused = [(each.field, each.reason) for each in report.problems if each.sheet == sheet]
    assert refused == [(field, "RECORD_DIFFERS")]
    told = next(each.text for each in report.problems if each.sheet == sheet)
    assert field in told.zh
    assert field in told.en


def test_rows_of_an_import_come_sheet_by_sheet_on_either_engine(funding: Funding) -> None:
    tables, pages = schema.imports, PageTokens(bytes(32))
    told = [("deals", 2), ("firms", 10), ("firms", 2), ("funds", 3), ("deals", 3), ("funds", 2)]
    now = funding.clock.now()
    with funding.database.write() as session:
        kept = tables.batch_kind(
            id="b",
            state=BatchState.CHECKED,
            filename="x.xlsx",
            sha256="0" * 64,
            size=1,
            mode="DRY",
            reason="",
            created_by="wang",
            created_at=now,
            heard_at=now,
            amounts=[{"sheet": "firms", "sum_fen": "12"}],
        )
        session.add(kept)
        session.flush()
        for sheet, row in told:
            session.add(tables.row_kind("b", sheet, row, RowOutcome.NEW, None, None, None))
    read: list[tuple[str, int]] = []
    token = ""
    while True:
        with funding.database.read() as session:
            page = tables.rows(OWN).page(
                session, tables.row_kind, Query(page_size=2, page_token=token), pages, "wang"
            )
            read += [(each.sheet, each.row) for each in page.items]
            amounts = session.get_one(tables.batch_kind, "b").amounts
        token = page.next_page_token
        if not token:
            break
    assert read == [("firms", 2), ("firms", 10), ("funds", 2), ("funds", 3), ("deals", 2), ("deals", 3)]
    assert amounts == [{"sheet": "firms", "sum_fen": "12"}]
