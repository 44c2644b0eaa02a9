"""Verifies a bundle of a duty dossier (尽职免责材料). Needs Python 3.9 or later and nothing else.

    python3 verify.py dossier.zip [--seal HEX] [--head HEX]

`--seal` and `--head` are what was told apart from the bundle: the seal is shown and audited at the export, the
head of the trail goes out with every event of the deal. Exit status: 0 intact, 1 not, 2 no such file.
"""

import hashlib
import io
import json
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ORIGIN = bytes(32)
CHAIN, DOSSIER, DOCUMENTS, PRIVATE = "chain.jsonl", "dossier.json", "documents.json", "private.json"
MANIFEST, SEAL = "manifest.json", "seal.txt"
CONTENT = "documents/"
RUNS = "compliance/"
_NO_TIME = 0x0021 << 16  # 1980-01-01 00:00
_COMMITMENT = re.compile(r'"[a-z_]*commitment":"([0-9a-f]{64})"')


class Broken(Exception):
    """Something is not as it was exported; says where."""


def pack(files: Mapping[str, bytes]) -> bytes:
    """A zip archive of these files in order, the same bytes on every machine: stored, without times."""
    out, central = io.BytesIO(), io.BytesIO()
    for name, data in files.items():
        encoded, crc = name.encode("ascii"), zlib.crc32(data)
        facts = struct.pack("<HHHIIIIHH", 20, 0, 0, _NO_TIME, crc, len(data), len(data), len(encoded), 0)
        central.write(b"PK\x01\x02" + struct.pack("<H", 20) + facts)
        central.write(struct.pack("<HHHII", 0, 0, 0, 0, out.tell()) + encoded)
        out.write(b"PK\x03\x04" + facts + encoded + data)
    start, directory = out.tell(), central.getvalue()
    out.write(directory + b"PK\x05\x06")
    out.write(struct.pack("<HHHHIIH", 0, 0, len(files), len(files), len(directory), start, 0))
    return out.getvalue()


def verify(raw: bytes, seal: str = "", head: str = "") -> dict[str, Any]:
    """The manifest of an intact bundle. Raises Broken, which says where it is not."""
    files = _unpack(raw)
    manifest = _manifest(files, seal)
    entries = _chain(files[CHAIN])
    _heads(manifest, entries, head)
    _steps(entries)
    _votes(entries)
    _contents(files, entries)
    _words(files)
    _runs(files)
    _archive(raw, files)
    return manifest


def _unpack(raw: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            for info in archive.infolist():
                try:
                    files[info.filename] = archive.read(info)
                except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
                    raise Broken(f"{info.filename}: 内容已损坏 damaged ({error})") from None
    except (
        zipfile.BadZipFile,
        ValueError,
        struct.error,
        NotImplementedError,
        OSError,
        UnicodeDecodeError,
    ) as error:
        raise Broken(f"压缩包结构已损坏 the archive itself is damaged ({error})") from None
    for name in (MANIFEST, SEAL, CHAIN, DOSSIER, DOCUMENTS, PRIVATE):
        if name not in files:
            raise Broken(f"{name}: 缺失 missing")
    return files


def _manifest(files: Mapping[str, bytes], seal: str) -> dict[str, Any]:
    sealed = files[SEAL].decode("ascii", "replace").strip()
    digest = hashlib.sha256(files[MANIFEST]).hexdigest()
    if sealed != digest:
        raise Broken(f"{MANIFEST} 与 {SEAL} 不符 do not agree")
    if files[SEAL] != (digest + "\n").encode():
        raise Broken(f"{SEAL}: 多出字节 holds more than the seal")
    if seal and seal.lower() != digest:
        raise Broken(f"{SEAL}: 与另行告知的封印不符 not the seal that was told: {digest}")
    manifest: dict[str, Any] = json.loads(files[MANIFEST])
    listed = manifest["files"]
    for name, facts in listed.items():
        if name not in files:
            raise Broken(f"{name}: 缺失 missing")
        if hashlib.sha256(files[name]).hexdigest() != facts["sha256"]:
            raise Broken(f"{name}: 内容与清单不符 not what the manifest says")
    for name in files:
        if name not in listed and name not in (MANIFEST, SEAL):
            raise Broken(f"{name}: 不在清单中 not in the manifest")
    return manifest


def _chain(data: bytes) -> list[dict[str, Any]]:
    """The entries, if every hash follows from the one before."""
    last, entries = ORIGIN, []
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            stored = json.loads(line)
            text, entry = stored["text"], json.loads(stored["text"])
        except (ValueError, KeyError, TypeError):
            raise Broken(f"{CHAIN} 第{number}条 entry {number}: 无法读取 cannot be read") from None
        last = hashlib.sha256(last + text.encode()).digest()
        if last.hex() != stored["hash"]:
            raise Broken(f"{CHAIN} 第{number}条 entry {number}: 哈希不符 its hash does not follow")
        if entry["sequence"] != number:
            raise Broken(f"{CHAIN} 第{number}条 entry {number}: 编号为 is numbered {entry['sequence']}")
        entries.append({**entry, "hash": stored["hash"]})
    return entries


def _heads(manifest: Mapping[str, Any], entries: list[dict[str, Any]], head: str) -> None:
    last = entries[-1]["hash"] if entries else ORIGIN.hex()
    if (manifest["trail_count"], manifest["trail_head"]) != (len(entries), last):
        raise Broken(f"{CHAIN}: 与清单所记链头不符 does not end where the manifest says")
    if head and head.lower() not in {each["hash"] for each in entries}:
        raise Broken(f"{CHAIN}: 不经过另行告知的链头 does not go through the head that was told")


def _steps(entries: list[dict[str, Any]]) -> None:
    """Steps are numbered without gaps, each from where the one before led."""
    state, number = "LEAD", 0
    for entry in entries:
        content = entry["content"]
        steps = content["transitions"] if entry["kind"] == "HISTORY" else [content]
        for step in steps if entry["kind"] in ("HISTORY", "TRANSITION") else ():
            number += 1
            if (step["sequence"], step["source"]) != (number, state):
                raise Broken(
                    f"{CHAIN} 第{entry['sequence']}条 entry {entry['sequence']}: 流转不连续 the steps have a gap"
                )
            state = step["target"]


def _votes(entries: list[dict[str, Any]]) -> None:
    """Every count is what its ballots add up to."""
    ballots: dict[str, list[dict[str, Any]]] = {}
    for entry in entries:
        content, at = entry["content"], entry["sequence"]
        if entry["kind"] == "BALLOT":
            ballots.setdefault(content["vote"], []).append(content)
        if entry["kind"] == "VOTE_CLOSED":
            cast = [each["choice"] for each in ballots.get(content["vote"], ())]
            told = content["tally"]
            for word, choice in (("yes", "YES"), ("no", "NO"), ("abstain", "ABSTAIN")):
                if told[word] != cast.count(choice):
                    raise Broken(
                        f"{CHAIN} 第{at}条 entry {at}: 计票与表决票不符 the count is not that of the ballots"
                    )


def _contents(files: Mapping[str, bytes], entries: list[dict[str, Any]]) -> None:
    """Documents are those that the trail knows, with the digests of their names; what is gone was erased by it."""
    known, erased = set(), set()
    for entry in entries:
        content = entry["content"]
        if entry["kind"] == "DOCUMENT":
            known.add((content["number"], content["sha256"]))
        if entry["kind"] == "DOCUMENT_CONTENT_ERASED":
            erased |= {(number, content["sha256"]) for number in content["numbers"]}
    for document in json.loads(files[DOCUMENTS]):
        key = document["number"], document["sha256"]
        if document["number"] and key not in known:
            raise Broken(
                f"{DOCUMENTS}: 第{document['number']}份 document {document['number']} 不在链中 is not in the trail"
            )
        _kept(document, key in erased, files)
    for name, data in files.items():
        if name.startswith(CONTENT) and hashlib.sha256(data).hexdigest() != name[len(CONTENT) :]:
            raise Broken(f"{name}: 内容与摘要不符 not the content of its digest")


def _kept(document: Mapping[str, Any], erased: bool, files: Mapping[str, bytes]) -> None:
    """A content that is said to be kept is there; one that is said to be erased was erased by the trail."""
    number, missing = document["number"], f"{CONTENT}{document['sha256']}" not in files
    if document.get("stored") and missing:
        raise Broken(f"{DOCUMENTS}: 第{number}份内容缺失 the content of document {number} is missing")
    if bool(document.get("erasure")) != erased:
        raise Broken(
            f"{DOCUMENTS}: 第{number}份的删除与留痕不符 document {number} and the trail differ on its erasure"
        )


def _words(files: Mapping[str, bytes]) -> None:
    """Words about people are those that the trail commits to; erased ones are not there."""
    committed = set(_commitments(files[CHAIN]))
    for commitment, (salt, text) in json.loads(files[PRIVATE]).items():
        if hashlib.sha256(f"{salt}\x00{text}".encode()).hexdigest() != commitment:
            raise Broken(f"{PRIVATE}: {commitment} 与承诺不符 not what was committed to")
        if commitment not in committed:
            raise Broken(f"{PRIVATE}: {commitment} 不在链中 is not in the trail")


def _runs(files: Mapping[str, bytes]) -> None:
    """Runs of the checks have the digests that they bear, and those that the items of the dossier rest on are here."""
    digests = set()
    for name, data in files.items():
        if not name.startswith(RUNS):
            continue
        run = json.loads(data)
        found = hashlib.sha256(f"{run['inputs']}\n{run['results']}\n".encode()).hexdigest()
        if found != run["digest"]:
            raise Broken(f"{name}: 内容与摘要不符 not the run of its digest")
        digests.add(found)
    for item in json.loads(files[DOSSIER]).get("items", []):
        cited = (
            re.findall(r"SHA-256 ([0-9a-f]{64})", item["text"]["en"]) if item["code"] == "COMPLIANCE" else []
        )
        for digest in cited:
            if digest not in digests:
                raise Broken(f"{DOSSIER}: 所依据的合规检查不在包内 the run {digest} is not in the bundle")


def _commitments(chain: bytes) -> Iterator[str]:
    for line in chain.splitlines():
        yield from _COMMITMENT.findall(json.loads(line)["text"])


def _archive(raw: bytes, files: Mapping[str, bytes]) -> None:
    """The archive is byte for byte what was packed."""
    packed = pack(files)
    if packed != raw:
        at = next((n for n, (a, b) in enumerate(zip(packed, raw)) if a != b), min(len(packed), len(raw)))  # noqa: B905
        raise Broken(f"压缩包第{at}字节 byte {at} of the archive: 结构被改动 its structure was changed")


def main(arguments: list[str]) -> int:
    """The exit status."""
    options = dict(zip(arguments[1::2], arguments[2::2]))  # noqa: B905
    if len(arguments) % 2 == 0 or not set(options) <= {"--seal", "--head"}:  # a flag without its value, too
        sys.stderr.write(f"{__doc__}\n")
        return 2
    try:
        raw = Path(arguments[0]).read_bytes()
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    try:
        manifest = verify(raw, options.get("--seal", ""), options.get("--head", ""))
    except Broken as broken:
        sys.stdout.write(f"✗ {broken}\n")
        return 1
    sys.stdout.write(
        f"✓ 完整 intact: {manifest['deal']}, {manifest['trail_count']} 条留痕 entries, "
        f"head {manifest['trail_head']}, seal {hashlib.sha256(pack_manifest(raw)).hexdigest()}\n"
    )
    return 0


def pack_manifest(raw: bytes) -> bytes:
    """The bytes of the manifest of a bundle."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return archive.read(MANIFEST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
