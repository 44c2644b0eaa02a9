"""What the integration tests of all services share."""

import pytest

from services.cli.running import processes
from tests.integration.templates import Templates
from tests.servers import nursery


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest) -> Templates:
    """Migrated databases to copy."""
    return Templates(lambda: request.getfixturevalue("postgres"))


@pytest.fixture
def quick_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """The services' own commands are run by the tests' nursery, whose modules are read already."""
    monkeypatch.setattr(
        processes,
        "run_tool",
        lambda name, arguments, given: nursery.run(
            f"services.{name}", arguments, processes.environment(given)
        ),
    )
