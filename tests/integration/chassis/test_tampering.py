from pathlib import Path

from tests.tampering.intruder import Target, attempt


def test_whoever_owns_the_database_changes_nothing_that_a_signed_head_does_not_show(tmp_path: Path) -> None:
    target = Target(tmp_path / "audit.db")
    assert not target.is_found(target.heads)
    assert [missed for seed in range(150) if (missed := attempt(target, seed))] == []
    assert not target.is_found(target.heads)
    target.close()


def test_without_signed_heads_a_trail_written_anew_would_pass(tmp_path: Path) -> None:
    """What the heads are for: the intruder of these tests is one that the chain alone does not show."""
    target = Target(tmp_path / "audit.db")
    target.heads.clear()
    missed = {missed.split(" (")[0] for seed in range(60) if (missed := attempt(target, seed))}
    assert {"write anew", "cut"} <= missed
    target.close()
