"""The kit against a real stream: it passes, by function and by command, and finds a store that did not follow."""

import json
from pathlib import Path

import pytest

from services.cli import processes
from services.cli.conformance.checks import CHECKS, fold, read
from services.cli.conformance.run import Watched, run
from services.cli.output import Format, Output
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from tests.contract.installation import Installation

_CITY = ["suzhou"]


@pytest.fixture
def key(whole: Installation) -> str:
    made = processes.run_tool("matcher", ["add-partner", "一致性检查"], whole.settings)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def test_ours_passes_and_a_store_that_did_not_follow_does_not(
    whole: Installation, key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = whole.wait_level()
    partner = Session(whole.settings, Output(Format.TABLE, "zh"), partner_key=key)
    watched = Watched(partner)
    watched.restrictions.city_codes.extend(_CITY)
    standing, _ = fold(read(watched, last, 1_000_000).events)
    kept = tmp_path / "kept.jsonl"
    gone = ("person-position", "positions/none", "subjects/none")

    def write(*pairs: tuple[str, str, str]) -> None:
        rows = [dict(zip(("kind", "anchor", "candidate"), each, strict=True)) for each in pairs]
        kept.write_text("\n".join(json.dumps(each) for each in rows), "utf-8")

    write(*standing)
    assert run(partner, [], _CITY, 1_000_000, kept)
    printed = capsys.readouterr().out
    assert all(said.zh.partition("：")[0] in printed for said in CHECKS.values())
    write(*standing, gone)
    assert not run(partner, [], _CITY, 1_000_000, kept)
    kept.write_text("[]", "utf-8")
    with pytest.raises(InvalidArgument):
        run(partner, [], _CITY, 1_000_000, kept)
    partner.close()
