"""What checks are called away from the service that runs them: as that service calls them."""

from services.funding.domain.checks.run import CHECKS
from services.wording.checks import WAIVABLE


def test_checks_that_can_be_waived_are_called_as_where_they_are_run() -> None:
    assert {each.code: each.name for each in CHECKS if each.waivable} == WAIVABLE
