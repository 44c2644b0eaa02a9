"""What `bole match explain` says beside its tables."""

import re
from decimal import Decimal
from typing import Any

import pytest

from bole.common.v1 import contribution_pb2, text_pb2
from bole.matcher.v1 import match_pb2
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher import match_explanation
from services.cli.session import Session
from services.kernel.text import Language

HINTS: dict[Language, str] = {"zh": "--purpose 写明使用目的", "en": "state why you look with --purpose"}


@pytest.mark.parametrize("language", list(HINTS))
@pytest.mark.parametrize(
    ("code", "term", "hinted"),
    [
        ("TERM_ADDED", "", True),
        ("TERM_REMOVED", "", True),
        ("TERM_ADDED", "外延", False),
        ("CITY", "", False),
    ],
)
def test_who_sees_no_words_is_told_how_to_see_them(
    tmp_path: Any,
    capsys: pytest.CaptureFixture[str],
    language: Language,
    code: str,
    term: str,
    hinted: bool,
) -> None:
    supposed = text_pb2.Text(zh="SUPPOSED", en="SUPPOSED")
    change = match_pb2.MatchExplanation.Change(code=code, supposition=supposed, term=term, probability=0.5)
    found = match_pb2.MatchExplanation(candidate=match_pb2.Candidate(name="persons/1"), changes=[change])
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path)})
    with Session(settings, Output(Format.TABLE, language)) as session:
        match_explanation.show(session, found, 0)
    said = "".join(capsys.readouterr())
    assert (HINTS[language] in said) is hinted
    assert ("SUPPOSED" in said) is not hinted, "a word without its name tells nobody anything"


def test_the_parts_that_are_shown_add_up_to_the_log_odds_that_are(
    tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {"constant": -3.5, "text": 1.0004, "placed": 0.2004, "directions": 0.3004, "city": 0.4004}
    candidate = match_pb2.Candidate(
        name="persons/1",
        log_odds=sum(values.values()),
        contributions=[
            contribution_pb2.Contribution(name=name, value=value) for name, value in values.items()
        ],
    )
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path)})
    with Session(settings, Output(Format.TABLE, "en")) as session:
        match_explanation.show(session, match_pb2.MatchExplanation(candidate=candidate), 0)
    total, *parts = re.findall(r"[+-]\d\.\d{3}", capsys.readouterr().out)
    assert len(parts) == len(values)
    assert sum(map(Decimal, parts)) == Decimal(total) == Decimal("-1.598")
