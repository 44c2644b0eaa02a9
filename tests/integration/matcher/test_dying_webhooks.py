"""A process that dies after an endpoint has taken events and before it knows: they come again, and none is missing."""

from pathlib import Path

import pytest

from services.chassis.fail_points import EXIT_KILLED
from tests.integration.matcher.producing import OwnTopics
from tests.integration.matcher.test_webhooks import Partner, told
from tests.integration.nursery import Nursery

__all__ = ["told"]


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_what_was_sent_and_not_written_comes_again_in_its_order(
    told: Partner, urls: tuple[str, str], log: OwnTopics, tmp_path: Path
) -> None:
    arguments = [str(tmp_path), *urls, log.suffix, told.id]
    with Nursery("tests.integration.matcher.delivering") as nursery:
        for _ in range(2):
            died = nursery.run(arguments, {"BOLE_FAILPOINT": "webhook.before_commit:1"})
            assert died.code == EXIT_KILLED, died.said
        sent = len(told.receiver.came)
        assert sent > 0
        ended = nursery.run(arguments, {})
        assert ended.code == 0, ended.said
    numbers = [int(each.said["data"]["sequence"]) for each in told.receiver.came]
    events = [each.sequence for each in told.events()]
    half = sent // 2
    assert numbers == [*events[:half], *events[:half], *events]
    assert [each.sequence for each in told.log()] == events
