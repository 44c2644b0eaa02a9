"""A file that was asked for is there as a whole, or what stood there before."""

import errno
from pathlib import Path

import pytest

from services.workbook.whole import whole_file


def test_what_stood_there_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    (path := tmp_path / "a.csv").write_text("before")
    (link := tmp_path / "link.csv").symlink_to(path)
    with pytest.raises(OSError, match="No space"):
        write_half(link)
    assert path.read_text() == "before"
    with whole_file(link) as file:
        file.write(b"after")
    assert path.read_text() == "after"
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [path, link]


def write_half(path: Path) -> None:
    """What comes of writing to a disk that is full in the midst of it."""
    with whole_file(path) as file:
        file.write(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_device_is_written_as_it_is() -> None:
    with whole_file(Path("/dev/null")) as file:
        file.write(b"anything")
    with pytest.raises(OSError, match="No space"), whole_file(Path("/dev/full")) as file:
        file.write(b"anything")
