from collections.abc import Iterator

import pytest

from tests.contract.installation import Installation, installation


@pytest.fixture(scope="session")
def talent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The talent service as a process, with an empty library."""
    made = installation(tmp_path_factory.mktemp("talent"))
    made.start("talent")
    yield made
    assert set(made.stop().values()) == {0}
