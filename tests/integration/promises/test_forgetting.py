"""A short run of P13: somebody erased under load while a process is down, and looked for in copies, too."""

import pytest

from services.cli import processes
from tests.promises import forgetting
from tests.servers import nursery


def test_nothing_is_left_of_who_was_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        processes,
        "run_tool",
        lambda name, arguments, given: nursery.run(
            f"services.{name}", arguments, processes.environment(given)
        ),
    )
    assert forgetting.violations("embedded", seed=1, victims=1, each=1) == []
