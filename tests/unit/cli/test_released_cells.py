"""A file of a release says of every cell of which quarter it is and in what its numbers count."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bole.talent.v1 import shortage_release_pb2 as release_pb2
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.session import Session
from services.cli.talent import releases

RELEASE = release_pb2.ShortageRelease(
    name="shortageReleases/1", quarter="2026Q3", as_of_date={"year": 2026, "month": 9, "day": 30}
)


def test_every_cell_has_its_quarter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def listed(*_: Any) -> Iterator[release_pb2.ReleasedCell]:
        yield release_pb2.ReleasedCell(open_headcount=7, supply=2.5, person_count=6)

    monkeypatch.setattr(releases, "get", lambda *_: RELEASE)
    monkeypatch.setattr(releases, "_cells", listed)
    with Session(load_settings({"BOLE_DATA_DIR": str(tmp_path)}), Output(Format.CSV, "zh")) as session:
        releases.show_cells(session, RELEASE.name, "", "")
    lines = capsys.readouterr().out.splitlines()
    head = next(at for at, line in enumerate(lines) if line.startswith("产业,"))
    (cell,) = csv.DictReader(lines[head:])
    assert (cell["季度"], cell["截至"]) == ("2026Q3", "2026-09-30")
    assert (cell["在招（人）"], cell["可得（人，折算）"]) == ("7", "2.5")
