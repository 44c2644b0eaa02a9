"""What the tests of the funding service share."""

import pytest

from tests.contract.funding.office import Office
from tests.contract.installation import Installation


@pytest.fixture
def bole(whole: Installation, monkeypatch: pytest.MonkeyPatch) -> Office:
    """`bole …` of this installation, as whoever is named first."""
    monkeypatch.setenv("BOLE_DATA_DIR", str(whole.settings.data_dir))
    for name in ("talent", "funding", "matcher"):
        monkeypatch.setenv(f"BOLE_{name.upper()}_ADDRESS", getattr(whole.settings, f"{name}_address"))
    return Office(whole)
