"""What a migration makes up for leaves the turn of the day, and all that comes with it, to whoever serves."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.house import House
from services.chassis.keys import ensure_local_keys
from services.chassis.process.process import house_of
from services.chassis.settings import load_settings
from services.talent.app import BLUEPRINT
from services.talent.domain.position import PositionStatus
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_positions import publish


@pytest.fixture
def house(talent: Talent, tmp_path: Path) -> Iterator[House]:
    """As the process has it, over the database and the clock of the use cases."""
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path / "data")})
    ensure_local_keys(settings.keys_dir)
    with house_of(BLUEPRINT, settings) as made:
        yield replace(made, database=talent.database, clock=talent.clock)


def status(talent: Talent, id_: str) -> PositionStatus:
    with talent.database.read() as session:
        return talent.positions.get(session, id_).status


def test_a_migration_on_a_new_day_does_not_keep_positions_from_expiring(talent: Talent, house: House) -> None:
    BLUEPRINT.complete(house)
    assert talent.frame().state.day.isoformat() == "2026-07-01"
    id_ = publish(talent, "J-1")
    talent.pass_days(400)
    BLUEPRINT.complete(house)
    assert status(talent, id_) is PositionStatus.OPEN
    assert talent.ticker.turn()
    assert status(talent, id_) is PositionStatus.EXPIRED
