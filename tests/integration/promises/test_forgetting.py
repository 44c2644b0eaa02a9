"""A short run of P13: somebody erased under load while a process is down, and looked for in copies, too."""

import pytest

from tests.promises import forgetting


@pytest.mark.usefixtures("quick_tools")
def test_nothing_is_left_of_who_was_erased() -> None:
    assert forgetting.violations("embedded", seed=1, victims=1, each=1) == []
