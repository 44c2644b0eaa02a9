"""The kit against a real stream: it passes, by function and by command, and finds a store that did not follow."""

import json
from pathlib import Path

import pytest

from services.cli.answers.output import Format, Output
from services.cli.conformance.checks import CHECKS, check, fold, read
from services.cli.conformance.run import Watched, run
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from tests.contract.installation import Installation, staff_token

_CITY = ["suzhou"]


@pytest.fixture
def key(whole: Installation) -> str:
    made = whole.tool("matcher", "add-partner", "一致性检查")
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

    findings = check(watched, last, 1_000_000, standing)
    assert [each.check for each in findings] == list(CHECKS)
    assert [each for each in findings if not each.passed or not each.looked_at] == []
    assert run(partner, [], _CITY, 1_000_000, None)
    printed = capsys.readouterr().out
    assert all(CHECKS[each.check].zh.partition("：")[0] in printed for each in findings[:-2])
    rows = [dict(zip(("kind", "anchor", "candidate"), each, strict=True)) for each in (*standing, gone)]
    kept.write_text("\n".join(json.dumps(each) for each in rows), "utf-8")
    assert not run(partner, [], _CITY, 1_000_000, kept)
    kept.write_text("[]", "utf-8")
    with pytest.raises(InvalidArgument):
        run(partner, [], _CITY, 1_000_000, kept)
    partner.close()


def test_staff_is_told_whose_stream_is_checked(whole: Installation) -> None:
    officer = Session(whole.settings, Output(Format.TABLE, "zh"), token=staff_token(whole))
    with pytest.raises(InvalidArgument) as refusal:
        run(officer, [], _CITY, 1_000_000, None)
    assert refusal.value.reason == "KEY_MISSING"
