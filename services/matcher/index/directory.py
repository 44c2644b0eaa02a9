"""Arrays and facts in a directory that is either whole or refused.

A write goes to a directory of its own, is synced, and becomes current by the atomic replacement of the file
`CURRENT`; older generations are then deleted. A read verifies every checksum.
"""

import hashlib
import json
import math
import os
import shutil
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from services.chassis.fail_points import reach
from services.chassis.files.whole_files import settle
from services.kernel.errors import FailedPrecondition
from services.kernel.side_by_side import side_by_side
from services.kernel.text import Text

_CURRENT = "CURRENT"
_MANIFEST = "manifest.json"
_PARSING = threading.Lock()
"""Heads of files are literals of Python. CPython 3.11 counts the depth of what it parses for all threads together, and
now and then a head that two read at once is a SystemError.
"""
Arrays = Mapping[str, NDArray[np.generic]]


class SnapshotUnusable(FailedPrecondition):
    """There is no snapshot, or it is damaged or of another format; rebuild from the source."""

    default_reason = "SNAPSHOT_UNUSABLE"

    @classmethod
    def because(cls, zh: str, en: str) -> "SnapshotUnusable":
        """With what is wrong."""
        text = Text(f"快照不可用（{zh}），请从数据源重建", f"the snapshot is unusable ({en}); rebuild it")
        return cls(text)


def write_directory(root: Path, arrays: Arrays, facts: Mapping[str, Any]) -> Path:
    """Store `arrays` (no objects) and JSON `facts` as the new generation of `root`; returns its path."""
    root.mkdir(parents=True, exist_ok=True)
    name = f"generation-{_last_generation(root) + 1:08d}"
    target = root / name
    target.mkdir()
    files = {f"{key}.npy": _write_array(target / f"{key}.npy", array) for key, array in arrays.items()}
    manifest = json.dumps({"facts": facts, "files": files}, sort_keys=True, ensure_ascii=False)
    body = {"manifest": manifest, "sha256": hashlib.sha256(manifest.encode()).hexdigest()}
    _write(target / _MANIFEST, json.dumps(body, ensure_ascii=False).encode())
    settle(target)
    reach("index.after_files_before_aside")
    _write(root / f"{_CURRENT}.new", name.encode())
    reach("index.after_aside_before_current")
    (root / f"{_CURRENT}.new").replace(root / _CURRENT)
    settle(root)
    reach("index.after_current_before_cleaning")
    for old in root.glob("generation-*"):
        if old.name != name:
            shutil.rmtree(old)
    return target


def read_directory(root: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, Any]]:
    """The arrays and facts of the current generation. Raises SnapshotUnusable when anything is amiss."""
    try:
        source = root / (root / _CURRENT).read_text("utf-8")
        body = json.loads((source / _MANIFEST).read_bytes())
        text = str(body["manifest"])
        if hashlib.sha256(text.encode()).hexdigest() != body["sha256"]:
            raise SnapshotUnusable.because("清单校验和不符", "the manifest's checksum does not match")
        manifest = json.loads(text)
        sums = list(manifest["files"].items())
        read = side_by_side(lambda each: _read(source / each[0], each[1]), sums)
        arrays = {name.removesuffix(".npy"): array for (name, _), array in zip(sums, read, strict=True)}
        return arrays, manifest["facts"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SnapshotUnusable.because("文件缺失或无法读取", f"missing or unreadable: {error}") from error


def _last_generation(root: Path) -> int:
    return max((int(path.name.rpartition("-")[2]) for path in root.glob("generation-*")), default=0)


def _read(path: Path, sha256: str) -> NDArray[np.generic]:
    if _digest(path) != sha256:
        raise SnapshotUnusable.because(f"{path.name} 校验和不符", f"{path.name}: checksum does not match")
    with path.open("rb") as file:
        with _PARSING:
            version = npy.read_magic(file)
            read_head = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
            shape, by_column, dtype = read_head(file)
        array: NDArray[np.generic] = np.fromfile(file, dtype, math.prod(shape))
    return array.reshape(shape, order="F" if by_column else "C")


def _write_array(path: Path, array: NDArray[np.generic]) -> str:
    with path.open("wb") as file:
        np.save(file, array, allow_pickle=False)
        file.flush()
        os.fsync(file.fileno())
    return _digest(path)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
