"""The threat model names tests that exist."""

import re

from tests.unit.deploy.manifests import ROOT


def test_what_the_threat_model_names_is_there() -> None:
    named = re.findall(r"`((?:tests|services)/[^`]+)`", (ROOT / "docs/threats.md").read_text())
    assert len(named) > 20
    assert [path for path in named if not (ROOT / path).exists()] == []
