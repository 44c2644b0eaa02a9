"""The file of a run on disk, and beside a CSV what it was found with.

A Parquet file holds that itself. Beside a CSV it stands where the W3C's Metadata Vocabulary for Tabular Data looks for
it, `FILE.csv-metadata.json`, since a line above the headers would be a row to every reader of CSV.
"""

import json
from pathlib import Path
from typing import Any

from bole.matcher.v1 import match_run_service_pb2 as service
from services.kernel.text import Text, counted
from services.workbook.whole import whole_file

_CONTEXT = "http://www.w3.org/ns/csvw"
_DATATYPES = {"rank": "integer", "log_odds": "double", "probability": "double", "calibrated": "boolean"}
_COLUMNS = (
    *("kind", "anchor", "rank", "candidate", "log_odds", "probability", "calibrated"),
    *("city_code", "direction_codes", "origin"),
)


def companion(path: Path) -> Path:
    """Where the description of a CSV file stands."""
    return path.with_name(f"{path.name}-metadata.json")


def describe(path: Path, file: service.MatchFile) -> Path:
    """Write what a CSV file was found with beside it; where that is. Raises OSError."""
    described = companion(path)
    with whole_file(described) as target:
        target.write((json.dumps(_description(path, file), ensure_ascii=False, indent=2) + "\n").encode())
    return described


def _description(path: Path, file: service.MatchFile) -> dict[str, Any]:
    facts = dict(sorted(file.metadata.items()))
    return {
        "@context": _CONTEXT,
        "url": path.name,
        "dc:identifier": file.match_run.name,
        "dc:created": facts.get("taken", ""),
        "tableSchema": {"columns": [_column(name) for name in _COLUMNS]},
        "notes": [{**facts, "row_count": file.row_count, "sha256": file.sha256}],
    }


def _column(name: str) -> dict[str, Any]:
    column: dict[str, Any] = {"name": name, "titles": name, "datatype": _DATATYPES.get(name, "string")}
    return column | ({"separator": ";"} if name == "direction_codes" else {})


def left_over(run: service.MatchRun) -> Text | None:
    """That the file is not all there would be, of a run that was stopped before its end."""
    if run.state == service.MatchRun.STATE_DONE:
        return None
    return Text(
        f"任务尚未完成：{run.anchor_count:,} 个对象中已完成 {run.done_count:,} 个，文件只含这些对象的配对",
        f"the run is not done: {run.done_count:,} of {counted(run.anchor_count, 'anchor')} are worked out, "
        "and the file holds the pairs of these alone",
    )
