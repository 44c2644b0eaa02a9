from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.console.identity.house import House, opened


@pytest.fixture
def house(served: House) -> House:
    """The console an hour later, when it remembers nothing, with an identity service that is itself again."""
    served.clock.advance(timedelta(hours=1))
    served.issuer.begin_anew()
    return served


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with opened(tmp_path_factory.mktemp("identity")) as made:
        yield made


@pytest.fixture
def behind_tls(tmp_path: Path) -> Iterator[House]:
    """A console that people reach by https, which ends in front of it."""
    with opened(tmp_path, "https") as made:
        yield made
