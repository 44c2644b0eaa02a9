"""Events between versions of the contract: what the released one wrote, byte for byte, and what the next one may."""

import json
from pathlib import Path

from google.protobuf.json_format import MessageToDict

from tests.promises.generations import kind, messages, violations

GOLDEN = json.loads((Path(__file__).parent / "written_before.json").read_text("utf-8"))


def test_what_the_version_before_wrote_is_read() -> None:
    """Bytes as they stand in logs, and what they said then."""
    assert set(GOLDEN) == {each for each in messages("before") if each.startswith("bole.events.")}
    for name, (written, said) in GOLDEN.items():
        read = kind("now", name).FromString(bytes.fromhex(written))
        assert MessageToDict(read) == said, name
        assert read.SerializeToString(deterministic=True).hex() == written, name


def test_what_the_next_version_says_more_is_kept_and_read_past() -> None:
    assert [said for seed in range(5) for said in violations(seed, "bole.events.")] == []
