"""When keys were used, gathered: what could not be written down is not forgotten."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from services.chassis.storage.db import Database, open_engine
from services.kernel.errors import Unavailable
from services.kernel.text import Text
from services.matcher.service.partners.key_uses import KeyUses

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def test_what_could_not_be_written_down_is_written_with_what_comes_since(tmp_path: Path) -> None:
    written, away = list[dict[str, datetime]](), [True]

    def put(_session: Session, used: Mapping[str, datetime]) -> None:
        if away[0]:
            uses.note("b", None, NOW + timedelta(minutes=2))
            raise Unavailable(Text("数据库不可用", "the database is away"))
        written.append(dict(used))

    database = Database(open_engine(f"sqlite:///{tmp_path}/a.db"))
    uses = KeyUses(database, put)
    uses.note("a", None, NOW)
    uses.note("b", None, NOW)
    with pytest.raises(Unavailable):
        uses.flush()
    away.clear()
    away.append(False)
    uses.flush()
    uses.flush()
    assert written == [{"a": NOW, "b": NOW + timedelta(minutes=2)}]
    database.close()
