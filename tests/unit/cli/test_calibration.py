"""The asterisk at a probability and its note stand where a figure is not calibrated, and only there."""

from collections.abc import Callable
from typing import Any

import pytest

from bole.matcher.v1 import match_pb2
from bole.matcher.v1 import matching_service_pb2 as service
from services.chassis.settings import load_settings
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher import match_explanation, matching
from services.cli.session import Session
from services.kernel.text import Language, Text

HEADS: dict[Language, str] = {"zh": "概率", "en": "prob."}
NOTES: dict[Language, str] = {"zh": "未经真实结果校准", "en": "not yet calibrated"}


def listed(session: Session, candidates: list[match_pb2.Candidate]) -> None:
    found = service.FindMatchesResponse(candidates=candidates)
    matching.show(session, found, Text("匹配", "matches"))
    matching.note_calibration(session, candidates)


def batched(session: Session, candidates: list[match_pb2.Candidate]) -> None:
    answers = [service.FindMatchesResponse(candidates=[each]) for each in candidates]
    matching.show_batch(session, ["positions/1"] * len(answers), answers)
    matching.note_calibration(session, candidates)


def explained(session: Session, candidates: list[match_pb2.Candidate]) -> None:
    change = match_pb2.MatchExplanation.Change(term="词", probability=0.5)
    found = match_pb2.MatchExplanation(candidate=candidates[0], changes=[change])
    match_explanation.show(session, found, 0)


@pytest.mark.parametrize("language", list(HEADS))
@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize("show", [listed, batched, explained])
def test_a_figure_is_marked_while_it_is_not_calibrated(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Any,
    capsys: pytest.CaptureFixture[str],
    show: Callable[[Session, list[match_pb2.Candidate]], None],
    calibrated: bool,
    language: Language,
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    candidate = match_pb2.Candidate(name="persons/1", rank=1, probability=0.5, calibrated=calibrated)
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path)})
    with Session(settings, Output(Format.TABLE, language)) as session:
        show(session, [candidate])
    printed = "".join(capsys.readouterr())
    assert HEADS[language] in printed
    assert (f"{HEADS[language]}*" in printed) is not calibrated
    assert (NOTES[language] in printed) is not calibrated
