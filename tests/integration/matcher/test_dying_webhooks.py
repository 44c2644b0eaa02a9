"""A process that dies after an endpoint has taken events and before it knows: they come again, and none is missing."""

import os
from pathlib import Path

import pytest

from services.chassis.fail_points import EXIT_KILLED
from tests.integration.matcher.producing import OwnTopics
from tests.integration.matcher.test_webhooks import Partner, told
from tests.servers import nursery

__all__ = ["told"]

PROGRAM = "tests.integration.matcher.delivering"


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_what_was_sent_and_not_written_comes_again_in_its_order(
    told: Partner, urls: tuple[str, str], log: OwnTopics, tmp_path: Path
) -> None:
    arguments = [str(tmp_path), *urls, log.suffix, told.id]
    for _ in range(2):
        died = nursery.run(PROGRAM, arguments, os.environ | {"BOLE_FAILPOINT": "webhook.before_commit:1"})
        assert died.returncode == EXIT_KILLED, died.stderr
    sent = len(told.receiver.came)
    assert sent > 0
    ended = nursery.run(PROGRAM, arguments, os.environ)
    assert ended.returncode == 0, ended.stderr
    numbers = [int(each.said["data"]["sequence"]) for each in told.receiver.came]
    events = [each.sequence for each in told.events()]
    half = sent // 2
    assert numbers == [*events[:half], *events[:half], *events]
    assert [each.sequence for each in told.log()] == events
