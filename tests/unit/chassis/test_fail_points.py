"""Every named place of a crash has a test that dies there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
CRASHES = (
    "tests/integration/chassis/test_crashes.py",
    "tests/integration/matcher/test_crashes.py",
    "tests/integration/matcher/test_dying_webhooks.py",
)


def test_each_fail_point_is_one_that_a_crash_test_dies_at() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    named = {name for source in sources for name in re.findall(r'\breach\("([a-z_]+\.[a-z_]+)"\)', source)}
    tests = "".join((ROOT / each).read_text(encoding="utf-8") for each in CRASHES)
    assert named == set(re.findall(r'"((?:relay|feed|settle|webhook)\.[a-z_]+)(?::\d+)?"', tests))
