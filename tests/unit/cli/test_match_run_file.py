"""What stands beside a CSV of a run, and what is said of a run that was stopped."""

import json
from pathlib import Path

from bole.matcher.v1 import match_run_service_pb2 as wire
from services.cli.matcher.match_run_file import describe, left_over

CANCELLED = wire.MatchRun(
    name="matchRuns/a", state=wire.MatchRun.STATE_CANCELLED, anchor_count=5000, done_count=1152
)


def test_of_a_run_that_was_stopped_it_is_said_how_much_is_there() -> None:
    told = left_over(CANCELLED)
    assert told is not None
    for said in (told.zh, told.en):
        assert "1,152" in said
        assert "5,000" in said
    assert left_over(wire.MatchRun(state=wire.MatchRun.STATE_DONE, anchor_count=5, done_count=5)) is None


def test_a_description_replaces_the_one_of_an_older_file(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    for rows in (3, 4):
        metadata = {"taken": "2026-11-30T01:00:00Z", "filter": "city_code = suzhou"}
        file = wire.MatchFile(match_run=CANCELLED, row_count=rows, sha256="ab", metadata=metadata)
        described = describe(path, file)
    assert described == tmp_path / "pairs.csv-metadata.json"
    told = json.loads(described.read_text())
    assert told["dc:identifier"] == "matchRuns/a"
    assert told["dc:created"] == "2026-11-30T01:00:00Z"
    assert told["notes"] == [
        {"filter": "city_code = suzhou", "taken": "2026-11-30T01:00:00Z", "row_count": 4, "sha256": "ab"}
    ]
    assert [each.name for each in tmp_path.iterdir()] == [described.name]
