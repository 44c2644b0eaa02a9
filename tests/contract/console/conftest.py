from collections.abc import Iterator

import pytest

from tests.contract.console.door import Door, opened
from tests.contract.installation import Installation


@pytest.fixture(scope="package")
def door(whole: Installation) -> Iterator[Door]:
    """The gateway in front of the installation with the sample."""
    with opened(whole) as made:
        yield made
