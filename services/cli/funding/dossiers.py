"""`bole dossier …`, `bole deal documents|register|…-document`: what is on record, and the bundle of it."""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from bole.funding.v1 import (
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
    dossier_pb2,
    dossier_service_pb2,
    dossier_service_pb2_grpc,
)
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column, tick
from services.cli.session import Session
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text, counted
from services.wording import deals as said
from services.workbook.whole import whole_file

MOST_KEPT = 3_000_000
_ITEMS = (
    Column("test", Text("要件", "test")),
    Column("title", Text("事项", "item"), wraps=True),
    Column("standing", Text("所见", "record")),
    Column("text", Text("依据", "on what it rests"), wraps=True),
    Column("evidence_time", Text("材料时间", "evidence")),
    Column("decision_time", Text("决策时间", "decision")),
)
_DOCUMENTS = (
    Column("number", Text("序号", "no."), right=True),
    Column("kind", Text("类型", "kind")),
    Column("title", Text("标题", "title"), wraps=True),
    Column("received", Text("收到", "received")),
    Column("late", Text("迟到", "late"), show=tick),
    Column("verifier", Text("核验", "verified by")),
    Column("stored", Text("已存", "kept"), show=tick),
    Column("erased", Text("内容删除", "erased")),
    Column("duplicate", Text("同", "same as"), right=True),
    Column("sha256", Text("SHA-256", "SHA-256"), wraps=True),
)
_DETERMINATIONS = (
    Column("outcome", Text("认定", "determination")),
    Column("organ", Text("机关", "authority"), wraps=True),
    Column("document", Text("文号", "document"), wraps=True),
    Column("day", Text("日期", "date")),
    Column("text", Text("理由", "grounds"), wraps=True),
)


def documents(session: Session) -> deal_document_service_pb2_grpc.DealDocumentServiceStub:
    """The register."""
    return deal_document_service_pb2_grpc.DealDocumentServiceStub(session.channel("funding"))


def stub(session: Session) -> dossier_service_pb2_grpc.DossierServiceStub:
    """The dossiers."""
    return dossier_service_pb2_grpc.DossierServiceStub(session.channel("funding"))


def register_of(
    session: Session, deal: str, evidence: Sequence[str]
) -> Sequence[deal_document_pb2.DealDocument]:
    """The register of a deal, if any of the evidence of a step is on it (`kind=#3`)."""
    if not any("=#" in each for each in evidence):
        return ()
    request = deal_document_service_pb2.ListDealDocumentsRequest(parent=deal)
    return documents(session).ListDealDocuments(request).documents


def show_documents(session: Session, deal: str) -> None:
    """The documents of a deal."""
    request = deal_document_service_pb2.ListDealDocumentsRequest(parent=deal)
    rows = [
        {
            "number": each.number,
            "kind": each.kind,
            "title": each.title,
            "received": wording.minute(each.receive_time),
            "late": each.late,
            "verifier": each.verifier,
            "stored": each.stored,
            "erased": wording.minute(each.erase_time) if each.HasField("erase_time") else "",
            "duplicate": each.duplicate_of or None,
            "sha256": each.sha256,
        }
        for each in documents(session).ListDealDocuments(request).documents
    ]
    session.output.rows(Text(f"{deal} 材料登记", f"documents of {deal}"), _DOCUMENTS, rows)


def register(session: Session, deal: str, document: str, title: str, *, digest_only: bool) -> None:
    """Put a file on the register; a large one by its digest alone."""
    stated, kept = document_of(document, title, digest_only=digest_only)
    request = deal_document_service_pb2.RegisterDealDocumentRequest(
        parent=deal, document=stated, content=kept, request_id=str(uuid4())
    )
    made = documents(session).RegisterDealDocument(request)
    session.output.say(Text(f"已登记 {made.name}", f"registered {made.name}"))


def document_of(
    document: str, title: str, *, digest_only: bool = False
) -> tuple[deal_document_pb2.DealDocument, bytes]:
    """What is stated of a file written `kind=path`, and what of it is sent. Raises InvalidArgument (NO_FILE)."""
    kind, equals, path = document.partition("=")
    file = Path(path)
    if not equals or not file.is_file():
        raise InvalidArgument.field(
            "DOCUMENT",
            "NO_FILE",
            f"找不到文件“{path}”，应写成 类型=文件",
            f"no file {path!r}; write kind=file",
        )
    content = file.read_bytes()
    stated = deal_document_pb2.DealDocument(
        kind=kind,
        title=title or file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        file_name=file.name,
    )
    return stated, b"" if digest_only or len(content) > MOST_KEPT else content


def take_document(session: Session, name: str, path: Path) -> None:
    """Write the content of a document to a file. Raises FailedPrecondition (DIGEST_DIFFERS) where it is not the one on
    the register, and writes nothing then.
    """
    request = deal_document_service_pb2.GetDealDocumentContentRequest(name=name)
    found = documents(session).GetDealDocumentContent(request)
    if hashlib.sha256(found.content).hexdigest() != found.document.sha256:
        raise FailedPrecondition(
            Text(
                f"{name} 的内容与登记的摘要 {found.document.sha256} 不符，未写入；请报告管理员",
                f"the content of {name} is not that of its digest {found.document.sha256}: nothing is written; "
                "tell the administrator",
            ),
            reason="DIGEST_DIFFERS",
        )
    with whole_file(path) as file:
        file.write(found.content)
    size = len(found.content)
    session.output.say(
        Text(
            f"已写入 {path}（{size:,} 字节），与登记的摘要一致",
            f"wrote {path} ({counted(size, 'byte')}), as its digest on the register says",
        )
    )


def verify_document(session: Session, name: str) -> None:
    """Confirm that a document was checked."""
    request = deal_document_service_pb2.VerifyDealDocumentRequest(name=name, request_id=str(uuid4()))
    made = documents(session).VerifyDealDocument(request)
    session.output.say(Text(f"{made.name} 已核验", f"{made.name} is verified"))


def ask_erasure(session: Session, name: str, reason: str) -> None:
    """Ask that the content of a document be erased."""
    request = deal_document_service_pb2.RequestDealDocumentErasureRequest(
        name=name, reason=reason, request_id=str(uuid4())
    )
    made = documents(session).RequestDealDocumentErasure(request)
    session.output.say(
        Text(
            f"已申请删除 {made.name} 的内容，须由另一人执行：bole deal erase-document {made.name}",
            f"asked; another person carries it out: bole deal erase-document {made.name}",
        )
    )


def erase_document(session: Session, name: str) -> None:
    """Erase the content of a document that somebody else asked to have erased."""
    request = deal_document_service_pb2.EraseDealDocumentContentRequest(name=name, request_id=str(uuid4()))
    made = documents(session).EraseDealDocumentContent(request)
    session.output.say(
        Text(
            f"{made.name} 内容已删除，保留摘要 {made.sha256}",
            f"erased {made.name}; kept is its digest {made.sha256}",
        )
    )


def show(session: Session, deal: str) -> None:
    """The dossier, test by test."""
    found = stub(session).GetDutyDossier(dossier_service_pb2.GetDutyDossierRequest(name=_dossier(deal)))
    language = session.language
    rows = [
        {
            "test": said.DUTY_TESTS[dossier_pb2.DossierItem.Test.Name(each.test)].to(language),
            "title": wording.say(each.title, language),
            "standing": said.DUTY_STANDINGS[dossier_pb2.DossierItem.Standing.Name(each.standing)].to(
                language
            ),
            "text": wording.say(each.text, language),
            "evidence_time": wording.minute(each.evidence_time) if each.HasField("evidence_time") else "",
            "decision_time": wording.minute(each.decision_time) if each.HasField("decision_time") else "",
        }
        for each in found.items
    ]
    session.output.rows(Text(f"{deal} 尽职免责材料", f"duty dossier of {deal}"), _ITEMS, rows)
    if not session.output.for_people:
        return
    for gone in found.erasures:
        session.output.note(
            Text(
                f"{gone.document} 内容已删除（{gone.reason}；{gone.requester} 申请，{gone.eraser} 执行），"
                f"摘要 {gone.sha256}",
                f"{gone.document}: content erased ({gone.reason}; asked by {gone.requester}, carried out by "
                f"{gone.eraser}), digest {gone.sha256}",
            ).to(language)
        )
    for each in found.dissents:
        session.output.note(f"{each.vote} {each.member}: {each.text}")
    if found.determinations:
        _show_determinations(session, found.determinations)
    whole = Text("完整", "intact") if found.trail_intact else Text("已损坏", "BROKEN")
    session.output.note(
        Text(
            f"留痕 {found.trail_count} 条，{whole.zh}，链头 {found.trail_head}；是否免责由主管部门认定",
            f"trail of {found.trail_count}, {whole.en}, head {found.trail_head}; the authority determines",
        ).to(language)
    )


def export(session: Session, deal: str, path: Path) -> None:
    """The bundle as a file."""
    request = dossier_service_pb2.ExportDutyDossierRequest(name=_dossier(deal))
    data = b"".join(piece.data for piece in stub(session).ExportDutyDossier(request))
    with whole_file(path) as file:
        file.write(data)
    with zipfile.ZipFile(io.BytesIO(data)) as bundle:
        seal = bundle.read("seal.txt").decode("ascii").strip()
    told = f"python3 verify.py {path.name} --seal {seal}"
    session.output.say(
        Text(
            f"已写入 {path}（{len(data):,} 字节）；解压出 verify.py 后运行：{told}\n封印请与材料包分开交给核验人",
            f"wrote {path} ({len(data):,} bytes); unpack verify.py and run: {told}\n"
            "hand the seal to whoever verifies it by another way than the bundle",
        )
    )


def determine(
    session: Session, deal: str, outcome: str, organ: str, number: str, day: date, text: str
) -> None:
    """Enter what the competent authority determined."""
    chosen = f"OUTCOME_{outcome.upper().replace('-', '_')}"
    if chosen not in said.DETERMINATIONS:
        raise InvalidArgument.field(
            "OUTCOME",
            "UNKNOWN_OUTCOME",
            "应为 exempt、mitigated 或 not-exempt",
            "write exempt, mitigated or not-exempt",
        )
    made = dossier_pb2.Determination(
        outcome=chosen, organ=organ, document_number=number, document_date=date_to_wire(day), text=text
    )
    request = dossier_service_pb2.CreateDeterminationRequest(
        parent=_dossier(deal), determination=made, request_id=str(uuid4())
    )
    _show_determinations(session, [stub(session).CreateDetermination(request)])


def erase(session: Session, name: str, reason: str) -> None:
    """Erase the words of a declaration."""
    request = dossier_service_pb2.EraseDealWordsRequest(name=name, reason=reason, request_id=str(uuid4()))
    gone = stub(session).EraseDealWords(request)
    session.output.say(
        Text(f"已删除；留痕保留承诺 {gone.commitment}", f"erased; the trail keeps {gone.commitment}")
    )


def _show_determinations(session: Session, found: Any) -> None:
    rows = [
        {
            "outcome": said.DETERMINATIONS[dossier_pb2.Determination.Outcome.Name(each.outcome)].to(
                session.language
            ),
            "organ": each.organ,
            "document": each.document_number,
            "day": date_from_wire(each.document_date).isoformat(),
            "text": each.text,
        }
        for each in found
    ]
    session.output.rows(Text("主管部门认定", "determinations"), _DETERMINATIONS, rows)


def _dossier(deal: str) -> str:
    return deal.replace("deals/", "dutyDossiers/", 1)
