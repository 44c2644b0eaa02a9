"""The verifier of a bundle: whatever byte is touched, it says where; it runs without this system."""

import hashlib
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.funding.domain.deal.trail import ORIGIN, Entry, canonical, chained, commit
from services.funding.service.dossier import verifier
from services.funding.service.dossier.verifier import Broken, pack, verify

AT = datetime(2026, 7, 1, tzinfo=UTC)
PAPER = "材料内容".encode()
DIGEST = hashlib.sha256(PAPER).hexdigest()
SALT, WORDS = "01salt", "配偶任董事"
RUN = hashlib.sha256(b"{}\n[]\n").hexdigest()
ITEM = {"code": "COMPLIANCE", "text": {"zh": "", "en": f"made again (SHA-256 {RUN})"}}


def entries() -> list[tuple[str, dict[str, object]]]:
    ballots = [
        {"vote": "sittings/s/votes/d", "member": f"m{n}", "choice": choice, "text": "", "salt": f"{n}"}
        for n, choice in enumerate(("YES", "YES", "NO"))
    ]
    tally = {"yes": 2, "no": 1, "abstain": 0, "result": "CARRIED"}
    return [
        ("OPENED", {"round": "天使轮"}),
        ("TRANSITION", {"sequence": 1, "source": "LEAD", "target": "SUBMITTED"}),
        ("INTEREST", {"number": 1, "text_commitment": commit(SALT, WORDS)}),
        *(("BALLOT", dict[str, object](ballot)) for ballot in ballots),
        ("VOTE_CLOSED", {"vote": "sittings/s/votes/d", "tally": tally}),
        ("DOCUMENT", {"number": 1, "sha256": DIGEST}),
    ]


def bundle(
    change: Callable[[list[tuple[str, dict[str, object]]]], None] = lambda _found: None,
    words: dict[str, list[str]] | None = None,
    run: dict[str, str] | None = None,
    stated: dict[str, object] | None = None,
    *,
    with_content: bool = True,
) -> bytes:
    """A bundle whose hashes are right, of entries that may not be."""
    run = {"inputs": "{}", "results": "[]", "digest": RUN} if run is None else run
    found = entries()
    change(found)
    last, lines = ORIGIN, []
    for number, (kind, content) in enumerate(found, start=1):
        entry = Entry(deal_id="d", sequence=number, kind=kind, actor="x", at=AT, content=content)
        last = chained(last, entry.canonical())
        lines.append(canonical({"hash": last.hex(), "text": entry.canonical()}) + "\n")
    said = {commit(SALT, WORDS): [SALT, WORDS]} if words is None else words
    files = {
        verifier.CHAIN: "".join(lines).encode(),
        verifier.DOSSIER: canonical({"items": [ITEM]}).encode(),
        verifier.DOCUMENTS: canonical([{"number": 1, "sha256": DIGEST, **(stated or {})}]).encode(),
        verifier.PRIVATE: canonical(said).encode(),
        "verify.py": Path(verifier.__file__).read_bytes(),
        **({"compliance/1.json": canonical(run).encode()} if run else {}),
    }
    if with_content:
        files[f"documents/{DIGEST}"] = PAPER
    manifest = {
        "deal": "deals/d",
        "trail_count": len(found),
        "trail_head": last.hex(),
        "files": {name: {"sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()},
    }
    sealed = canonical(manifest).encode()
    seal = hashlib.sha256(sealed).hexdigest()
    return pack({verifier.MANIFEST: sealed, verifier.SEAL: f"{seal}\n".encode(), **files})


GOOD = bundle()


def test_an_intact_bundle_is_intact() -> None:
    assert verify(GOOD)["trail_count"] == len(entries())


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 255))
@settings(max_examples=400, deadline=None)
def test_whatever_byte_is_changed_the_verifier_says_where(at: int, by: int) -> None:
    changed = bytearray(GOOD)
    changed[at] ^= by
    with pytest.raises(Broken) as caught:
        verify(bytes(changed))
    assert str(caught.value)


@given(st.integers(0, len(GOOD) - 1))
@settings(max_examples=60, deadline=None)
def test_a_bundle_that_is_cut_or_grown_is_broken(at: int) -> None:
    for changed in (GOOD[:at], GOOD + GOOD[at:]):
        with pytest.raises(Broken):
            verify(changed)


def forged(kind: str, **content: object) -> Callable[[list[tuple[str, dict[str, object]]]], None]:
    def change(found: list[tuple[str, dict[str, object]]]) -> None:
        for name, facts in found:
            if name == kind:
                facts |= content

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (forged("TRANSITION", sequence=2), "entry 2"),
        (forged("TRANSITION", source="SCREENING"), "entry 2"),
        (forged("BALLOT", choice="YES"), "entry 7"),
        (forged("DOCUMENT", sha256="0" * 64), "document 1"),
        (forged("INTEREST", text_commitment=""), "private.json"),
        (lambda found: found.pop(3), "entry 6"),
    ],
)
def test_a_forgery_with_new_hashes_still_contradicts_itself(
    change: Callable[[list[tuple[str, dict[str, object]]]], None], where: str
) -> None:
    with pytest.raises(Broken, match=where):
        verify(bundle(change))


def test_a_forgery_that_agrees_with_itself_is_not_the_seal_or_head_that_was_told() -> None:
    def rewrite(found: list[tuple[str, dict[str, object]]]) -> None:
        found[0][1]["round"] = "A轮"

    other = bundle(rewrite)
    verify(other)
    seal = hashlib.sha256(verifier.pack_manifest(GOOD)).hexdigest()
    with pytest.raises(Broken, match=r"seal\.txt"):
        verify(other, seal=seal)
    with pytest.raises(Broken, match=r"chain\.jsonl"):
        verify(other, head=verify(GOOD)["trail_head"])
    verify(GOOD, seal, verify(GOOD)["trail_head"])


def test_erased_words_leave_the_chain_whole_and_other_words_do_not_fit() -> None:
    verify(bundle(words={}))
    with pytest.raises(Broken, match="private"):
        verify(bundle(words={commit(SALT, WORDS): [SALT, "无"]}))


def test_it_runs_alone_with_one_command(tmp_path: Path) -> None:
    script, good, bad = tmp_path / "verify.py", tmp_path / "dossier.zip", tmp_path / "bad.zip"
    script.write_bytes(Path(verifier.__file__).read_bytes())
    good.write_bytes(GOOD)
    bad.write_bytes(GOOD.replace("天使轮".encode(), "天使伦".encode()))

    def run(*arguments: str) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", str(script), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
        return done.returncode, done.stdout

    status, said = run("dossier.zip")
    assert (status, said.startswith("✓ 完整 intact: deals/d")) == (0, True)
    status, said = run("bad.zip")
    assert (status, "chain.jsonl" in said) == (1, True)
    assert run("missing.zip")[0] == 2
    assert run()[0] == 2
    seal = hashlib.sha256(verifier.pack_manifest(GOOD)).hexdigest()
    assert run("dossier.zip", "--seal", seal)[0] == 0
    assert run("dossier.zip", "--seal", "0" * 64)[0] == 1
    assert run("dossier.zip", "--seal")[0] == 2  # never "intact" without what was asked for
    assert run("dossier.zip", "--seals", seal)[0] == 2


def test_a_run_of_the_checks_is_that_of_its_digest_and_of_the_item_that_cites_it() -> None:
    for run, said in (
        ({"inputs": "{}", "results": "[1]", "digest": RUN}, "compliance/1.json"),
        ({}, "dossier.json"),
    ):
        with pytest.raises(Broken) as broken:
            verify(bundle(run=run))
        assert str(broken.value).startswith(said)


def _erased(found: list[tuple[str, dict[str, object]]]) -> None:
    found.append(("DOCUMENT_CONTENT_ERASED", {"numbers": [1], "sha256": DIGEST}))


def test_a_content_that_was_erased_may_be_missing_and_no_other() -> None:
    gone: dict[str, object] = {"stored": False, "erasure": {"reason": "本人要求"}}
    kept: dict[str, object] = {"stored": True}
    silent: dict[str, object] = {"stored": False}
    assert verify(bundle(_erased, stated=gone, with_content=False))["trail_count"] == len(entries()) + 1
    for change, said, words in (
        (lambda _found: None, kept, "missing"),
        (lambda _found: None, gone, "differ on its erasure"),
        (_erased, silent, "differ on its erasure"),
    ):
        with pytest.raises(Broken, match=words):
            verify(bundle(change, stated=said, with_content=False))
