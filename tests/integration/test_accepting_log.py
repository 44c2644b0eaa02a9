"""`bole accept-log` on an embedded installation: not while anybody serves from it, wherever it listens."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.running import processes
from services.cli.running.log_accepting import accept_log
from services.cli.session import Session
from services.kernel.errors import FailedPrecondition
from tests.contract.installation import Installation, installation
from tests.servers import nursery
from tests.servers.schemas import give_schema


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    """Three empty databases and a log; funding serves from its own."""
    made = installation(tmp_path / "data", nursery.spawn)
    for name in processes.SERVICES:
        give_schema(name, made.settings.database_url(name))
    made.start("funding")
    yield made
    made.stop()


@pytest.mark.usefixtures("quick_tools")
def test_a_service_that_listens_elsewhere_is_noticed(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = processes.free_addresses(house.settings)
    with Session(elsewhere, Output(Format.JSON, "en")) as session:
        with pytest.raises(FailedPrecondition, match=r"funding\.db") as refused:
            accept_log(session)
        assert refused.value.reason == "SERVICES_RUNNING"
        assert "talent.db" not in refused.value.text.en
        assert capsys.readouterr().out == ""
        house.stop()
        assert accept_log(session) == 0
    assert {
        each["service"]: each["accepted"] for each in json.loads(capsys.readouterr().out)
    } == dict.fromkeys(processes.SERVICES, True)
