"""Files sealed in pieces: they come back as they were, and nothing else opens."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.files.sealed_files import PIECE_BYTES, open_file, seal_file
from services.chassis.sealing import SealBroken

KEY, HEAD, TAG = bytes(range(32)), 49, 16
SIZES = (0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES, 2 * PIECE_BYTES + 5)


def sealed(directory: Path, content: bytes) -> Path:
    (directory / "plain").write_bytes(content)
    seal_file(directory / "plain", directory / "sealed", KEY, name="a.db")
    return directory / "sealed"


def content_of(size: int) -> bytes:
    return bytes(number % 251 for number in range(1000)) * (size // 1000 + 1)


@pytest.mark.parametrize("size", SIZES)
def test_it_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    content = content_of(size)[:size]
    open_file(sealed(tmp_path, content), tmp_path / "opened", KEY, name="a.db")
    assert (tmp_path / "opened").read_bytes() == content
    pieces = max(1, -(-size // PIECE_BYTES))
    assert (tmp_path / "sealed").stat().st_size == HEAD + size + pieces * TAG


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("key", "another key"),
        ("name", "piece 1"),
        ("version", "version is 2"),
        ("magic", "no sealed file"),
        ("cut in the head", "no sealed file"),
        ("cut within a piece", "piece 2"),
        ("cut between pieces", "piece 1"),
        ("pieces swapped", "piece 1"),
        ("more at the end", "piece 2"),
    ],
)
def test_what_is_wrong_is_said_and_leaves_no_file(tmp_path: Path, wrong: str, said: str) -> None:
    path = sealed(tmp_path, content_of(PIECE_BYTES + 5)[: PIECE_BYTES + 5])
    whole, step = path.read_bytes(), HEAD + PIECE_BYTES + TAG
    changed = {
        "version": whole[:8] + b"\x02" + whole[9:],
        "magic": b"SQLite f" + whole[8:],
        "cut in the head": whole[:20],
        "cut within a piece": whole[:-1],
        "cut between pieces": whole[:step],
        "pieces swapped": whole[:HEAD] + whole[step:] + whole[HEAD:step],
        "more at the end": whole + b"x",
    }
    path.write_bytes(changed.get(wrong, whole))
    key, name = (bytes(32) if wrong == "key" else KEY), ("b.db" if wrong == "name" else "a.db")
    with pytest.raises(SealBroken, match=said) as caught:
        open_file(path, tmp_path / "opened", key, name=name)
    assert caught.value.text.zh != caught.value.text.en
    assert not (tmp_path / "opened").exists()


@given(at=st.integers(0, HEAD + 40 + TAG - 1), bit=st.integers(0, 7))
def test_no_changed_bit_opens(tmp_path_factory: pytest.TempPathFactory, at: int, bit: int) -> None:
    directory = tmp_path_factory.mktemp("sealed")
    path = sealed(directory, bytes(40))
    content = bytearray(path.read_bytes())
    content[at] ^= 1 << bit
    path.write_bytes(content)
    with pytest.raises(SealBroken):
        open_file(path, directory / "opened", KEY, name="a.db")


def test_no_two_files_are_sealed_alike(tmp_path: Path) -> None:
    sealed(tmp_path, bytes(40))
    seal_file(tmp_path / "plain", tmp_path / "again", KEY, name="a.db")
    assert (tmp_path / "again").read_bytes()[HEAD:] != (tmp_path / "sealed").read_bytes()[HEAD:]
