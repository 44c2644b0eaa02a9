"""Every RPC of the contract has a good and a bad request among these tests."""

from pathlib import Path
from types import SimpleNamespace

from tests.contract.coverage import CALLS, contract_files, lacking
from tests.contract.rehearsals import REHEARSALS, changes

# Only an installation that has seen quarters close can answer these well; the test named goes their good way.
_ELSEWHERE = {
    "/bole.talent.v1.ShortageAnalysisService/PublishShortageForecast: no good request",
    "/bole.talent.v1.ShortageAnalysisService/GetShortageForecast: no good request",
}
_THERE = "def test_a_forecast_is_published_and_scored_when_its_days_have_come"


def test_an_rpc_without_tests_is_noticed() -> None:
    method = SimpleNamespace(name="Get", input_type=".a.GetRequest", server_streaming=False)
    message = SimpleNamespace(name="GetRequest", field=["name"])
    service = SimpleNamespace(name="S", method=[method])
    files = [SimpleNamespace(package="a", message_type=[message], service=[service])]
    assert lacking({}, files) == ["/a.S/Get: no good request", "/a.S/Get: no bad request"]
    assert lacking({"/a.S/Get": {"OK", "PERMISSION_DENIED"}}, files) == ["/a.S/Get: no bad request"]
    assert lacking({"/a.S/Get": {"OK", "NOT_FOUND"}}, files) == []


def test_what_is_tested_elsewhere_is_tested_there() -> None:
    tests = Path(__file__).parents[1] / "integration" / "talent" / "test_closed_quarters.py"
    assert _THERE in tests.read_text(encoding="utf-8")


def test_every_rpc_has_a_good_and_a_bad_request() -> None:
    """Runs last, and only where all contract tests run (see conftest)."""
    found = set(lacking(CALLS.ended, contract_files()))
    assert found == _ELSEWHERE, "\n".join(sorted(found ^ _ELSEWHERE))
    assert changes() - REHEARSALS.seen == set(), "never validated only"
