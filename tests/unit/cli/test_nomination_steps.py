"""The steps of a nomination on the command line say what was found, and when."""

from types import SimpleNamespace
from typing import Any

import pytest
from google.type.date_pb2 import Date

from bole.talent.v1 import nomination_pb2 as wire
from bole.talent.v1 import nomination_service_pb2 as service
from services.cli.talent import nominations


def test_a_follow_up_says_what_became_of_the_nominee(monkeypatch: pytest.MonkeyPatch) -> None:
    step = wire.NominationStep(
        kind=wire.NominationStep.KIND_FOLLOW_UP,
        after=wire.Nomination.STATE_FOLLOWED_UP,
        result=wire.FOLLOW_UP_RESULT_LEFT_PROVINCE,
        date=Date(year=2026, month=6, day=20),
    )
    answer = service.ListNominationStepsResponse(
        steps=[step, wire.NominationStep(kind=step.kind, after=step.after)]
    )
    stub = SimpleNamespace(ListNominationSteps=lambda _request, timeout: answer)
    monkeypatch.setattr(nominations, "stub", lambda _session: stub)
    shown: list[Any] = []
    output = SimpleNamespace(rows=lambda _title, _columns, rows: shown.extend(rows))
    session: Any = SimpleNamespace(language="zh", output=output)
    nominations.show_steps(session, "nominations/n")
    assert [each["said"] for each in shown] == ["离省；2026-06-20", ""]
