from dataclasses import replace
from pathlib import Path

import pytest

from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.snapshot import Covers, read_snapshot, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import STORED, Item, ItemKind
from services.matcher.domain.kinds import STANDING
from services.matcher.index.directory import SnapshotUnusable
from services.matcher.lists.standing import StandingLists
from tests.unit.matcher.examples import SIC


def _items(space: MatchSpace) -> list[Item]:
    return [item for kind in STORED for item in space.population(kind).items]


def _lists(space: MatchSpace) -> object:
    lists = StandingLists(STANDING, Pairs(space))
    lists.recompute()
    return lists.all()


def test_a_restored_space_has_the_same_lists_and_offsets(
    tmp_path: Path, space: MatchSpace, codes: Codes
) -> None:
    write_snapshot(tmp_path, space, Covers({"persons": 42}, 7))
    restored, covers = read_snapshot(tmp_path, _items(space), codes)
    assert covers == Covers({"persons": 42}, 7)
    assert restored.encoder.version == space.encoder.version
    assert _lists(restored) == _lists(space)


def test_changed_new_and_missing_items_are_taken_from_the_items(
    tmp_path: Path, space: MatchSpace, codes: Codes
) -> None:
    write_snapshot(tmp_path, space, Covers({}))
    space.put(replace(SIC, version=2, texts=("海水制氢",)))
    space.put(replace(SIC, id="later"))
    space.remove(ItemKind.PERSON, "h2", 2)
    restored, _ = read_snapshot(tmp_path, _items(space), codes)
    assert _lists(restored) == _lists(space)


def test_a_snapshot_holds_no_text_and_nothing_of_removed_items(tmp_path: Path, space: MatchSpace) -> None:
    write_snapshot(tmp_path, space, Covers({}))
    space.remove(ItemKind.PERSON, "sic", 2)
    space.remove(ItemKind.PERSON, "refused", 2)
    row = space.encoder.encode([SIC.text]).dense[0].tobytes()
    assert any(row in path.read_bytes() for path in tmp_path.rglob("*.npy"))
    write_snapshot(tmp_path, space, Covers({}))
    assert not any(row in path.read_bytes() for path in tmp_path.rglob("*.npy"))
    assert not any("碳化硅".encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_a_damaged_snapshot_is_refused(tmp_path: Path, space: MatchSpace, codes: Codes) -> None:
    target = write_snapshot(tmp_path, space, Covers({})) / "person-dense.npy"
    target.write_bytes(target.read_bytes()[:-1] + b"x")
    with pytest.raises(SnapshotUnusable):
        read_snapshot(tmp_path, _items(space), codes)
