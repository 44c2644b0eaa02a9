"""What a first-time user finds in the sample: closed quarters, and records that may be one person."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bole.talent.v1 import (
    duplicate_service_pb2,
    duplicate_service_pb2_grpc,
    shortage_analysis_service_pb2,
    shortage_analysis_service_pb2_grpc,
    shortage_pb2,
)
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.demo import quarter_sample
from services.cli.running import processes
from services.cli.session import Session
from services.cli.workbooks import importing
from services.cli.workbooks.importing import Mode
from services.kernel.clock import civil_date
from services.sample import PLANTED_DOUBLES, write_sample
from tests.contract.installation import installation, staff_token
from tests.servers import nursery
from tests.storm.house import until


@pytest.fixture
def staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """An officer of a talent service with the small sample, for this test alone."""
    made = installation(tmp_path_factory.mktemp("sample"), nursery.spawn)
    made.start("talent")
    workbook = made.settings.data_dir / "sample.xlsx"
    write_sample(workbook, "small", as_of=civil_date(datetime.now(UTC)))
    opened = Session(made.settings, Output(Format.TABLE, "zh"), token=staff_token(made))
    assert importing.send(opened, "talent", workbook, Mode.IMPORT_MODE_GOOD_ROWS).committed
    yield opened
    opened.close()
    assert set(made.stop().values()) == {0}


def test_the_sample_has_a_past_and_suspected_duplicates(staff: Session) -> None:
    analysis = shortage_analysis_service_pb2_grpc.ShortageAnalysisServiceStub(staff.channel("talent"))
    request = shortage_analysis_service_pb2.ForecastShortageRequest(scope=shortage_pb2.ShortageScope())
    assert not analysis.ForecastShortage(request).months
    for _ in range(2):
        quarter_sample.lay(staff.settings)
    found = analysis.ForecastShortage(request)
    assert len(found.months) == 24
    assert processes.run_tool("talent", ["recount", "check"], staff.settings).returncode == 0
    pairs = duplicate_service_pb2_grpc.DuplicateServiceStub(staff.channel("talent"))

    def suspected() -> int:
        request = duplicate_service_pb2.ListDuplicateSuggestionsRequest()
        return len(pairs.ListDuplicateSuggestions(request).suggestions)

    assert until(lambda: suspected() >= len(PLANTED_DOUBLES), 30)
