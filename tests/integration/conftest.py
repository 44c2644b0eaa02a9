"""What the integration tests of all services share."""

import pytest

from tests.integration.templates import Templates


@pytest.fixture(scope="session")
def templates(request: pytest.FixtureRequest) -> Templates:
    """Migrated databases to copy."""
    return Templates(lambda: request.getfixturevalue("postgres"))
