"""A run that cannot be cancelled or resumed says where it stands and what can be done with it."""

from datetime import UTC, datetime

import pytest

from services.kernel.errors import FailedPrecondition
from services.matcher.domain.run import MatchRun, RunState

NOW = datetime(2026, 11, 29, tzinfo=UTC)


def run(state: RunState) -> MatchRun:
    return MatchRun(
        id="one",
        kind="firm-fund",
        limit=20,
        filter="",
        same_industry=False,
        by_city=False,
        cities=(),
        creator="somebody",
        model="made-by-hand",
        created_at=NOW,
        updated_at=NOW,
        state=state,
    )


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [
        (RunState.DONE, "请下载结果", "download what it found"),
        (RunState.CANCELLED, "可以继续运行", "resume it"),
        (RunState.FAILED, "可以继续运行", "resume it"),
    ],
)
def test_what_does_not_run_is_not_cancelled(state: RunState, zh: str, en: str) -> None:
    with pytest.raises(FailedPrecondition) as caught:
        run(state).cancel(NOW)
    assert caught.value.reason == "RUN_NOT_RUNNING"
    assert zh in caught.value.text.zh
    assert en in caught.value.text.en
    assert state not in caught.value.text.zh


@pytest.mark.parametrize(
    ("state", "zh", "en"),
    [(RunState.DONE, "另建任务", "start another"), (RunState.RUNNING, "请等待完成", "wait for it")],
)
def test_what_has_not_stopped_is_not_resumed(state: RunState, zh: str, en: str) -> None:
    with pytest.raises(FailedPrecondition) as caught:
        run(state).resume(NOW)
    assert caught.value.reason == "RUN_NOT_STOPPED"
    assert zh in caught.value.text.zh
    assert en in caught.value.text.en


def test_every_state_takes_one_of_the_two_steps() -> None:
    for state in RunState:
        steps = []
        for step in (MatchRun.cancel, MatchRun.resume):
            one = run(state)
            try:
                step(one, NOW)
            except FailedPrecondition:
                continue
            steps.append(one.state)
        assert (
            steps
            == {
                RunState.RUNNING: [RunState.CANCELLED],
                RunState.CANCELLED: [RunState.RUNNING],
                RunState.FAILED: [RunState.RUNNING],
                RunState.DONE: [],
            }[state]
        )
