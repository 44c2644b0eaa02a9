"""Every named place of a crash has a run that dies there."""

import re
from pathlib import Path

from tests.promises.gaps import GAPS

ROOT = Path(__file__).parents[3]
ELSEWHERE = {
    "backup.after_copies": "tests/unit/cli/test_snapshots.py",
    "backup.after_manifest_before_place": "tests/unit/cli/test_snapshots.py",
    "backup.after_place": "tests/unit/cli/test_snapshots.py",
    "backup.after_seal": "tests/unit/cli/test_snapshots.py",
    "erasure.after_rewrite_before_unmark": "tests/integration/chassis/test_scrubbing.py",
    "kept_list.after_place": "tests/integration/test_backup.py",
    "kept_list.after_write_before_place": "tests/integration/test_backup.py",
    "feed.after_replay_before_commit": "tests/integration/chassis/test_crashes.py",
    "keys.after_place": "tests/unit/chassis/test_keys.py",
    "keys.after_write_before_place": "tests/unit/chassis/test_keys.py",
    "move.after_append": "tests/integration/talent/test_moving.py",
    "move.after_commit": "tests/integration/talent/test_moving.py",
    "move.before_commit": "tests/integration/talent/test_moving.py",
    "restore.after_aside": "tests/integration/test_backup.py",
    "restore.after_place": "tests/integration/test_backup.py",
    "webhook.before_commit": "tests/integration/matcher/test_dying_webhooks.py",
    "partner_topic.after_append_before_mark": "tests/integration/matcher/test_partner_topics.py",
}
"""Where points are died at that no run of P2 comes to: it mends no program, makes no keys, backs up, moves and restores
nothing, and its partner has neither an endpoint nor a topic.
"""


def test_each_fail_point_is_one_that_a_service_dies_at() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    named = {name for source in sources for name in re.findall(r'\breach\("([a-z_]+\.[a-z_]+)"\)', source)}
    assert named == {gap.point for gap in GAPS} | set(ELSEWHERE)
    for point, test in ELSEWHERE.items():
        assert re.search(f'"{re.escape(point)}(:1)?"', (ROOT / test).read_text(encoding="utf-8"))
