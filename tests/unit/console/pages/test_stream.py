"""The page of events: where its tail begins."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from services.console.pages.events import stream
from services.kernel.errors import InvalidArgument
from tests.unit.console.pages.visiting import Nobody, visit


class Silent(Nobody):
    """Services that have nothing to say."""

    def stub(
        self,
        made: Callable[[Any], Any],
        token: str,
        purpose: str | None = None,
        request_id: str | None = None,
    ) -> Any:
        return None


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ({}, ""),
        ({"from": "start"}, "?from_start=true"),
        ({"since": "2026-11-29T08:30", "from": "start"}, "?start_time=2026-11-29T00%3A30%3A00Z"),
        ({"since": "2026-11-29T08:30", "token": "t1"}, "?resume_token=t1"),
    ],
)
def test_it_begins_at_a_token_or_a_time_or_the_oldest_event(asked: dict[str, str], query: str) -> None:
    assert stream.begun(replace(visit(asked), backend=Silent())) == query


def test_what_is_no_time_is_refused_by_its_field() -> None:
    with pytest.raises(InvalidArgument) as refusal:
        stream.begun(visit({"since": "soon"}))
    assert [(each.field, each.reason) for each in refusal.value.violations] == [("since", "BAD_TIME")]
