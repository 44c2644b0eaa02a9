"""The bundle of a dossier: a zip archive that an auditor verifies with Python alone."""

import hashlib
from collections.abc import Mapping
from importlib.resources import files as resources
from typing import Any

from sqlalchemy.orm import Session

from services.funding.domain.deal.trail import canonical
from services.funding.service.dossier import verifier
from services.funding.service.dossier.assembling import Dossier
from services.funding.store.deals import dossiers, reports, trails

_README = """尽职免责材料 duty dossier: {deal}

核验（无需访问本系统，只需 Python 3.9 以上） verify, with Python 3.9 or later and nothing else:

    python3 verify.py dossier.zip --seal {hint}

chain.jsonl      留痕链，每条含前一条的哈希 the trail, each entry chained to the one before
dossier.json     三要件逐项所见 what the record says on the three statutory tests
documents.json   材料清单与摘要 documents with their digests
compliance/      各次合规检查的全部输入与结果，可逐位重算 runs of the checks with all that they looked at:
                 python3 -m services.funding.service.dossier.recomputing dossier.zip （需安装本程序，不需访问系统
                 with the program at hand, without access to the system)
documents/       已存内容，文件名即 SHA-256；已删除的只余摘要
                 contents that are kept, named by their digests; of erased ones the digest is left
private.json     涉及个人的说明及其盐值；已删除或未获授权的不在其中
                 words about people with their salts, but erased ones and those the exporter may not see
manifest.json    各文件摘要与链头 digests of all files and the head of the trail
seal.txt         manifest.json 的 SHA-256 its SHA-256

本系统只汇集材料，不作认定；认定由主管部门作出。 The system assembles; the competent authority determines.
"""


def bundle(session: Session, dossier: Dossier, exporter: str, *, with_words: bool) -> tuple[bytes, str]:
    """The archive and its seal. `with_words`: whether the words about people go with it."""
    deal_id = dossier.facts.deal.id
    words = trails.private_texts(session, deal_id) if with_words else {}
    found: dict[str, bytes] = {
        verifier.CHAIN: b"".join(
            f"{canonical({'hash': link.hash.hex(), 'text': link.text})}\n".encode()
            for link in trails.links(session, deal_id)
        ),
        verifier.DOSSIER: canonical(_dossier(dossier)).encode(),
        verifier.DOCUMENTS: canonical(_documents(dossier)).encode(),
        verifier.PRIVATE: canonical({key: list(pair) for key, pair in words.items()}).encode(),
        "README.txt": _README.format(deal=f"deals/{deal_id}", hint="…").encode(),
        "verify.py": resources("services.funding.service.dossier").joinpath("verifier.py").read_bytes(),
    }
    for run in reversed(reports.of_deal(session, deal_id)):
        found[f"{verifier.RUNS}{run.number}.json"] = canonical(trails.plain(run)).encode()
    facts = dossier.facts
    for digest in sorted({each.sha256 for each in facts.documents if facts.is_kept(each)}):
        found[f"{verifier.CONTENT}{digest}"] = dossiers.content_of(session, digest) or b""
    manifest = canonical(_manifest(dossier, found, exporter)).encode()
    seal = hashlib.sha256(manifest).hexdigest()
    found = {verifier.MANIFEST: manifest, verifier.SEAL: f"{seal}\n".encode(), **found}
    return verifier.pack(found), seal


def _manifest(dossier: Dossier, found: Mapping[str, bytes], exporter: str) -> dict[str, Any]:
    return {
        "format": "bole-duty-dossier/1",
        "deal": f"deals/{dossier.facts.deal.id}",
        "exported_at": dossier.facts.as_of.isoformat(),
        "exporter": exporter,
        "trail_count": dossier.head.sequence,
        "trail_head": dossier.head.hash.hex(),
        "files": {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in found.items()
        },
    }


def _dossier(dossier: Dossier) -> dict[str, Any]:
    facts = dossier.facts
    return {
        "deal": f"deals/{facts.deal.id}",
        "as_of": facts.as_of.isoformat(),
        "origin": facts.deal.origin,
        "state": facts.deal.state,
        "items": [trails.plain(each) for each in dossier.items],
        "decisions": [trails.plain(each) for each in facts.decisions],
        "dissents": [
            {"vote": vote, "member": member, "text": text} for vote, member, text in dossier.dissents
        ],
        "determinations": [trails.plain(each) for each in dossier.determinations],
    }


def _documents(dossier: Dossier) -> list[dict[str, Any]]:
    """What is on the register, `stored` as it is now, and what was erased."""
    gone = {document.number: erasure for document, erasure in dossier.erased}
    return [
        {
            **trails.plain(each),
            "stored": dossier.facts.is_kept(each),
            "erasure": trails.plain(gone[each.number]) if each.number in gone else None,
        }
        for each in dossier.facts.documents
    ]
