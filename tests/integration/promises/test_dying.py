"""A short run of P2: services that die in the gaps of imports, of the index and of an erasure, and once more."""

import pytest

from tests.promises import dying
from tests.promises.gaps import GAPS

CHOSEN = ("import.before_commit", "index.after_aside_before_current", "erasure.after_commit_before_scrub")


@pytest.mark.usefixtures("quick_tools")
def test_nothing_is_lost_and_nothing_doubled_however_services_die() -> None:
    gaps = [gap for gap in GAPS if gap.point in CHOSEN and gap.service != "funding"]
    assert dying.violations(seed=1, gaps=gaps) == []
