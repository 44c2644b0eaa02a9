"""`python -m services.<name> take-over DIR | take-over-log DIR`: from an embedded installation to the engines of the
settings.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from services.chassis.house import Blueprint, House
from services.chassis.log.sql_log import SqlLog
from services.chassis.log.topics import policies
from services.chassis.process.moving import Sum, move_records, move_rows
from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.migration import migrate, schema_is_current
from services.kernel.errors import BoleError, FailedPrecondition
from services.kernel.text import Text

LOG_FILE = "log.db"
_OLDER = Text(
    "原安装的数据库结构与本程序不同，请先用本程序启动一次原安装",
    "the schema of that installation is not this program's; start it once with this program first",
)


def take_over(blueprint: Blueprint, house: House, directory: Path) -> int:
    """Move the rows of this service; prints how many, and their digest. 1 if it could not, and then nothing moved."""

    def move() -> Sum:
        migrate(house.database.engine, blueprint.migrations, blueprint.name)
        source = Database(open_engine(f"sqlite:///{_existing(directory, f'{blueprint.name}.db')}"))
        with closing(source), closing(SqlLog(_existing(directory, LOG_FILE))) as log:
            if not schema_is_current(source.engine, blueprint.migrations, blueprint.name):
                raise FailedPrecondition(_OLDER, reason="SCHEMA_DIFFERS")
            return move_rows(source, house.database, blueprint.metadata, house.tables.feed, log)

    return _said(move)


def take_over_log(_blueprint: Blueprint, house: House, directory: Path) -> int:
    """Move the records of all topics; prints how many, and their digest."""

    def move() -> Sum:
        house.log.ensure_topics(policies())
        with closing(SqlLog(_existing(directory, LOG_FILE))) as log:
            return move_records(log, house.log, policies())

    return _said(move)


TAKING: Mapping[str, Callable[[Blueprint, House, Path], int]] = {
    "take-over": take_over,
    "take-over-log": take_over_log,
}


def _existing(directory: Path, name: str) -> Path:
    path = directory / name
    if not path.is_file():
        raise FailedPrecondition(
            Text(
                f"找不到 {path}，它不是嵌入式安装的数据目录",
                f"there is no {path}: not the data of an embedded installation",
            ),
            reason="NO_INSTALLATION",
        )
    return path


def _said(move: Callable[[], Sum]) -> int:
    try:
        moved = move()
    except BoleError as error:
        sys.stderr.write(f"{error.text}\n")
        return 1
    sys.stdout.write(f"{moved.count} {moved.digest:064x}\n")
    return 0
