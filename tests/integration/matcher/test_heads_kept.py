"""The signed heads of an audit that lost its end: what was told of it stays on the log, whoever signs afterwards."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.audit.heads import load_signer
from services.chassis.audit.signing import Signing, heads_on
from services.chassis.house import House
from services.chassis.log.log import TopicPolicy
from services.chassis.log.topics import MATCHER_AUDIT
from tests.integration.chassis.test_audit import ENTRY
from tests.integration.matcher.test_put_back import copied

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)


def signing(house: House) -> Signing:
    """As a process that starts has it."""
    return Signing(house, "matcher", MATCHER_AUDIT, load_signer(house.settings.keys_dir), lambda: True)


def write(house: House, count: int, actor: str = "staff/li") -> None:
    with house.database.write() as session:
        for _ in range(count):
            house.audit.append(session, replace(ENTRY, actor=actor))


def kept(house: House) -> set[int]:
    """The heads that a compacted topic keeps: the last one of each key."""
    records = house.log.read(MATCHER_AUDIT.name, 0, 99)
    last = {record.key: at for at, record in enumerate(records)}
    heads = list(heads_on(house.log, MATCHER_AUDIT))
    return {heads[at].head.sequence for at in last.values()}


@pytest.mark.parametrize("restarted", [False, True])
def test_a_head_that_is_behind_takes_none_off_the_log(house: House, tmp_path: Path, restarted: bool) -> None:
    database, copy, first = (
        Path(str(house.database.engine.url.database)),
        tmp_path / "before.db",
        signing(house),
    )
    house.log.ensure_topics({MATCHER_AUDIT.name: TopicPolicy.COMPACT})
    write(house, 2)
    copied(database, copy)
    write(house, 2)
    assert first.sign(at_once=True) is not None
    copied(copy, database)
    write(house, 1, "staff/other")
    again = signing(house) if restarted else first
    assert again.sign(at_once=True) is not None
    assert kept(house) == {4, 3}
    write(house, 3)
    assert again.sign(at_once=True) is not None
    assert kept(house) == {4, 6}
