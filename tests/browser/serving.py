"""The console as a process of its own, in front of an installation."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.cli.running import console_process
from tests.browser.looking import Console
from tests.contract.installation import Installation
from tests.servers import nursery

_READY_SECONDS = 120
_STOP_SECONDS = 60


@contextmanager
def served(house: Installation, pictures: Path | None) -> Iterator[Console]:
    """Ready within the block, and gone after it. `pictures`: where those of its pages are kept."""
    process = console_process.start(house.settings, nursery.spawn)
    console_process.wait_ready(house.settings, process, _READY_SECONDS)
    yield Console(house, pictures)
    process.terminate()
    assert process.wait(_STOP_SECONDS) in (0, -15)
