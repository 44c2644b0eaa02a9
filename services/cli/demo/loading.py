"""The import as a user would do it: a dry run first, then the good rows, each service its own sheets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import grpc

from bole.common.v1.workbook_import_pb2 import ImportMode, ImportReport
from services.chassis.rpc.failures import read_failure
from services.cli.demo import judging
from services.cli.demo.facts import Facts
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

_NONE_OF_ITS_SHEETS = "SHEET_MISSING"


def load(facts: Facts, path: Path, owners: Mapping[str, Session], *, sample: bool) -> Text:
    """Import into the services of `owners`; a workbook need not hold the sheets of all of them.

    Raises InvalidArgument (SHEET_MISSING) when it holds none, grpc.RpcError as a service decides, and
    NotAsItShouldBe when dry run and import disagree or, of the sample, other rows are refused than planted.
    """
    output = next(iter(owners.values())).output
    tried = _send(owners, path, Mode.IMPORT_MODE_DRY_RUN)
    if not tried:
        raise InvalidArgument.field(
            "--data",
            _NONE_OF_ITS_SHEETS,
            f"{path.name} 中没有可识别的工作表，请用 bole template 生成模板",
            f"{path.name} has no sheet that is known; `bole template` writes the empty workbook",
        )
    importing.show_counts(output, list(tried.values()), Text("试运行（未写入）", "dry run (nothing written)"))
    importing.show_problems(output, list(tried.values()))
    done = _send({name: owners[name] for name in tried}, path, Mode.IMPORT_MODE_GOOD_ROWS)
    importing.show_counts(output, list(done.values()), Text("导入结果", "imported"))
    judging.demand(
        [_counts(each) for each in tried.values()] == [_counts(each) for each in done.values()],
        "试运行与正式导入的结果不一致",
        "the dry run and the import disagree",
    )
    facts.imported = _facts(list(done.values()))
    refused = facts.imported["refused"]
    if sample:
        judging.refusals(refused)
    rows = sum(facts.imported[name] for names in importing.OWNERS.values() for name in names)
    return Text(
        f"{path.name}：新增 {rows:,} 行，拒收 {len(refused)} 处",
        f"{path.name}: {rows:,} new rows, {len(refused)} refused",
    )


def _send(owners: Mapping[str, Session], path: Path, mode: ImportMode) -> dict[str, ImportReport]:
    """The reports by service; a service none of whose sheets are in the workbook has none."""
    reports = {}
    for name, session in owners.items():
        try:
            reports[name] = importing.send(session, name, path, mode)
        except grpc.RpcError as error:
            if read_failure(error).reason != _NONE_OF_ITS_SHEETS:
                raise
    return reports


def _counts(report: ImportReport) -> list[tuple[str, int, int]]:
    return [(each.sheet, each.created_count, each.refused_count) for each in report.sheets]


def _facts(reports: list[ImportReport]) -> dict[str, Any]:
    counts = {name: 0 for names in importing.OWNERS.values() for name in names}
    counts.update({each.sheet: each.created_count for report in reports for each in report.sheets})
    refused = [
        {"sheet": each.sheet, "row": each.row, "field": each.field, "reason": each.reason}
        for report in reports
        for each in report.problems
    ]
    return {**counts, "refused": refused}
