"""Spoilt files, filters, bodies, tokens and records are read or refused, never anything else; good ones are read."""

import pytest

from tests.fuzz.parsers import PARSERS
from tests.fuzz.parsing import violations

FEW, MANY = 40, 400


@pytest.mark.parametrize("name", PARSERS)
def test_what_is_spoilt_is_read_or_refused(name: str) -> None:
    assert violations(name, range(1, 1 + (FEW if name in {"csv", "xlsx"} else MANY))) == []
