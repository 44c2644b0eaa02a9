"""P11: whatever byte of a stored index is changed, lost or exchanged, it is not used, or it says the same."""

import random
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np

from services.catalogue import load
from services.matcher.corpus.snapshot import Covers, write_snapshot
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings
from services.matcher.index.directory import SnapshotUnusable, read_directory
from tests.unit.matcher.examples import FIRMS, FUND, ORDINARY, PERSONS, POSITIONS, TEAMS

Files = Mapping[str, bytes]


def violations(seed: int) -> list[str]:
    """What does not hold after one damage, drawn by the seed."""
    rng, whole = random.Random(seed), _whole()
    name = rng.choice(sorted(whole))
    files = dict(whole)
    said = _damage(rng, files, name)
    if files == whole:  # two files that say the same were exchanged
        return []
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        _put(files, root)
        try:
            arrays, facts = read_directory(root)
        except SnapshotUnusable:
            return []
        except Exception as error:  # noqa: BLE001 - the promise is that nothing else is ever raised
            return [f"{said}: {type(error).__name__}: {error}"]
    return [] if _same(arrays, facts, whole) else [f"{said}: used, and says something else"]


def _damage(rng: random.Random, files: dict[str, bytes], name: str) -> str:
    content = files[name]
    kind = rng.choice(("flip", "flip", "flip", "cut", "append", "exchange", "lose"))
    if kind == "flip":
        at = rng.randrange(len(content))
        changed = content[at] ^ (1 << rng.randrange(8))
        files[name] = content[:at] + bytes([changed]) + content[at + 1 :]
    elif kind == "cut":
        files[name] = content[: rng.randrange(len(content))]
    elif kind == "append":
        files[name] = content + rng.randbytes(rng.randrange(1, 64))
    elif kind == "exchange":
        other = rng.choice(sorted(files))
        files[name], files[other] = files[other], files[name]
    else:
        del files[name]
    return f"{kind} {name}"


def _same(arrays: Mapping[str, np.ndarray], facts: object, whole: Files) -> bool:
    with tempfile.TemporaryDirectory() as directory:
        _put(whole, Path(directory))
        expected, as_written = read_directory(Path(directory))
    equal = arrays.keys() == expected.keys() and facts == as_written
    return equal and all(np.array_equal(arrays[name], expected[name]) for name in expected)


def _put(files: Files, root: Path) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(content)


@cache
def _whole() -> Files:
    """The files of an index of a few people, positions and firms."""
    catalogue = load()
    directions = direction_items(catalogue)
    texts = [*(item.text for item in directions), *ORDINARY * 20]
    encoder = LexicalEncoder.fitted(texts, LexicalSettings(dimensions=32))
    items = (*directions, *PERSONS, *POSITIONS, *FIRMS, *TEAMS, FUND)
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        write_snapshot(root, MatchSpace(codes_of(catalogue), encoder, items), Covers({"persons": 42}, 7))
        return {
            str(file.relative_to(root)): file.read_bytes()
            for file in sorted(root.rglob("*"))
            if file.is_file()
        }
