"""`bole match find`, `text` and `batch` ask for the same options in the same words."""

from typing import Any

import pytest
from typer.testing import CliRunner

from bole.matcher.v1 import matching_service_pb2 as service
from services.cli.commands.match import app
from services.cli.matcher import matching

OPTIONS = (
    *("--kind", "person-position", "--filter", "city_code = suzhou", "--order", "stars desc"),
    *("--max-per-employer", "2", "--min-probability", "0.25", "--broaden-below", "7", "--limit", "3"),
)


@pytest.mark.parametrize(
    "command",
    [
        ("find", "positions/1", "--facets"),
        ("text", "膜电极", "--side", "position", "--facets"),
        ("batch", "positions/1", "positions/2"),
    ],
)
def test_every_option_reaches_the_request(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, command: tuple[str, ...]
) -> None:
    asked: list[service.FindMatchesRequest] = []

    class Matcher:
        def FindMatches(self, request: service.FindMatchesRequest, **_: Any) -> service.FindMatchesResponse:
            asked.append(request)
            return service.FindMatchesResponse(unordered_count=4)

        def BatchFindMatches(
            self, request: service.BatchFindMatchesRequest, **_: Any
        ) -> service.BatchFindMatchesResponse:
            asked.extend(request.requests)
            answers = [service.FindMatchesResponse(unordered_count=4) for _ in request.requests]
            return service.BatchFindMatchesResponse(responses=answers)

    monkeypatch.setenv("BOLE_DATA_DIR", str(tmp_path))
    monkeypatch.setattr(matching, "stub", lambda _: Matcher())
    ran = CliRunner().invoke(app, [*command, *OPTIONS])
    assert ran.exit_code == 0, ran.output
    assert ran.output.count("without the 4 candidates behind them") + ran.output.count(
        "其后的4个候选不在其中"
    ) == len(asked)
    assert len(asked) == (2 if command[0] == "batch" else 1)
    for request in asked:
        assert (request.kind, request.filter) == ("person-position", "city_code = suzhou")
        assert (request.order_by, request.limit) == ("stars desc", 3)
        assert (request.max_per_employer, request.min_probability, request.broaden_below) == (2, 0.25, 7)
        assert list(request.facets) == (list(matching.FACETS) if "--facets" in command else [])
