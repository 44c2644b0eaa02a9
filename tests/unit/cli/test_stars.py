"""What stands beside a candidate of the shortage of its place."""

from typing import Any

import pytest

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher import matching
from services.cli.session import Session
from services.kernel.text import Language, Text


@pytest.mark.parametrize(
    ("language", "stars", "hidden", "said"),
    [
        ("zh", 0, True, "约充足"),
        ("en", 0, True, "~ample"),
        ("zh", 3, True, "约★★★"),
        ("zh", 4, False, "★★★★"),
        ("zh", 0, False, ""),
    ],
)
def test_a_cell_of_few_people_that_is_ample_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    capsys: pytest.CaptureFixture[str],
    language: Language,
    stars: int,
    hidden: bool,
    said: str,
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    priority = match_pb2.Priority(stars=stars, hidden=hidden)
    found = service.FindMatchesResponse(candidates=[match_pb2.Candidate(name="firms/1", priority=priority)])
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path)})
    with Session(settings, Output(Format.TABLE, language)) as session:
        matching.show(session, found, Text("匹配", "matches"), ids=True)
    row = next(line for line in capsys.readouterr().out.splitlines() if "firms/1" in line)
    cells = [cell.strip() for cell in row.split("│")]
    assert cells[-4] == said
