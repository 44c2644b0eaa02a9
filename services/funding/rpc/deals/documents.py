"""DealDocumentService: the register of a deal's documents."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.funding.v1 import deal_document_pb2, deal_document_service_pb2_grpc
from bole.funding.v1 import deal_document_service_pb2 as wire
from services.chassis.house import House
from services.chassis.rpc.call import current_call
from services.chassis.rpc.wire import date_from_wire, date_to_wire, instant_to_wire, text_to_wire
from services.funding.domain.deal.deal import Deal
from services.funding.domain.deal.document import Document, Stated
from services.funding.domain.deal.erasure import Erasure
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.rpc.changing import changed
from services.funding.rpc.deals.acting import open_to_act
from services.funding.rpc.seeing import Sight
from services.funding.rpc.wire import id_of, number_of
from services.funding.service.deals.documents import Documents, document_of, is_late
from services.funding.service.erasing import Erasing
from services.funding.store import erasures
from services.funding.store.deals import dossiers
from services.funding.store.deals.dossiers import Check
from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.text import Text


@dataclass(frozen=True)
class DocumentRoom(deal_document_service_pb2_grpc.DealDocumentServiceServicer):
    """The servicer."""

    house: House
    documents: Documents
    erasing: Erasing

    def RegisterDealDocument(
        self, request: wire.RegisterDealDocumentRequest, context: Any
    ) -> deal_document_pb2.DealDocument:
        """Put a document on the register."""
        call = current_call()

        def act(session: Session) -> deal_document_pb2.DealDocument:
            deal = open_to_act(session, call, id_of(request.parent, "deals", field="parent"))
            made = self.documents.register(
                session, deal, stated_of(request.document, request.content), call.principal.subject
            )
            return _to_wire(deal, made, None, None)

        return changed(self.house, "register-document", request, deal_document_pb2.DealDocument, act)

    def ListDealDocuments(
        self, request: wire.ListDealDocumentsRequest, context: Any
    ) -> wire.ListDealDocumentsResponse:
        """The documents of a deal."""
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, id_of(request.parent, "deals", field="parent"))
            checks, gone = dossiers.checks(session, deal.id), erasures.of_deal(session, deal.id)
            found = [
                _to_wire(deal, each, checks.get(each.number), gone.get(each.number))
                for each in dossiers.documents(session, deal.id)
            ]
        return wire.ListDealDocumentsResponse(documents=found)

    def GetDealDocumentContent(
        self, request: wire.GetDealDocumentContentRequest, context: Any
    ) -> wire.GetDealDocumentContentResponse:
        """The content of a document."""
        deal_id, number = number_of(request.name, "documents")
        with self.house.database.read() as session:
            deal = Sight.of(current_call()).open(session, deal_id)
            found = document_of(session, deal, number)
            shown = _now(session, deal, found)
            content = dossiers.content_of(session, found.sha256) if shown.stored else None
        if shown.HasField("erase_time"):
            raise _erased(request.name, found)
        if content is None:
            raise NotFound.resource(f"{request.name}#content")
        return wire.GetDealDocumentContentResponse(document=shown, content=content)

    def VerifyDealDocument(
        self, request: wire.VerifyDealDocumentRequest, context: Any
    ) -> deal_document_pb2.DealDocument:
        """Confirm that a document was checked against its original."""
        call = current_call()

        def act(session: Session) -> deal_document_pb2.DealDocument:
            deal_id, number = number_of(request.name, "documents")
            deal = open_to_act(session, call, deal_id)
            found = self.documents.verify(session, deal, number, call.principal.subject)
            return _now(session, deal, found)

        return changed(self.house, "verify-document", request, deal_document_pb2.DealDocument, act)

    def RequestDealDocumentErasure(
        self, request: wire.RequestDealDocumentErasureRequest, context: Any
    ) -> deal_document_pb2.DealDocument:
        """Ask that the content of a document be erased."""
        call = current_call()

        def act(session: Session) -> deal_document_pb2.DealDocument:
            deal_id, number = number_of(request.name, "documents")
            deal = open_to_act(session, call, deal_id)
            found = self.erasing.ask(session, deal, number, request.reason, call.principal.subject)
            return _now(session, deal, found)

        return changed(self.house, "ask-erasure", request, deal_document_pb2.DealDocument, act)

    def EraseDealDocumentContent(
        self, request: wire.EraseDealDocumentContentRequest, context: Any
    ) -> deal_document_pb2.DealDocument:
        """Erase the content of a document that somebody else asked for."""
        call = current_call()

        def act(session: Session) -> deal_document_pb2.DealDocument:
            deal_id, number = number_of(request.name, "documents")
            deal = open_to_act(session, call, deal_id)
            found = self.erasing.carry_out(session, deal, number, call.principal.subject)
            return _now(session, deal, found)

        return changed(self.house, "erase-content", request, deal_document_pb2.DealDocument, act)


def stated_of(given: deal_document_pb2.DealDocument, content: bytes) -> Stated:
    """What a request states of a document. Raises InvalidArgument (UNKNOWN_EVIDENCE)."""
    kind = given.kind.upper().replace("-", "_")
    if kind not in EvidenceKind.__members__:
        known = ", ".join(EvidenceKind.__members__)
        raise InvalidArgument.field(
            "document.kind",
            "UNKNOWN_EVIDENCE",
            f"没有材料类型 {given.kind[:40]}，可用：{known}",
            f"there is no kind of evidence {given.kind[:40]!r}; use {known}",
        )
    return Stated(
        kind=EvidenceKind[kind],
        title=given.title,
        sha256=given.sha256,
        size=given.size_bytes,
        file_name=given.file_name,
        issued=date_from_wire(given.issue_date) if given.HasField("issue_date") else None,
        content=content,
    )


def document_name(document: Document) -> str:
    """Its resource name."""
    return f"deals/{document.deal_id}/documents/{document.number}"


def _now(session: Session, deal: Deal, document: Document) -> deal_document_pb2.DealDocument:
    number = document.number
    checks, gone = dossiers.checks(session, deal.id), erasures.of_deal(session, deal.id)
    return _to_wire(deal, document, checks.get(number), gone.get(number))


def _erased(name: str, document: Document) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"该材料内容已依申请删除，仅保留摘要 {document.sha256}",
            f"the content was erased; what is kept is its digest {document.sha256}",
        ),
        reason="CONTENT_ERASED",
        metadata={"resource": name},
    )


def _to_wire(
    deal: Deal, document: Document, check: Check | None, erasure: Erasure | None
) -> deal_document_pb2.DealDocument:
    erased_at = erasure.erased_at if erasure else None
    return deal_document_pb2.DealDocument(
        name=document_name(document),
        number=document.number,
        kind=document.kind.name,
        kind_title=text_to_wire(document.kind.label),
        title=document.title,
        sha256=document.sha256,
        size_bytes=document.size,
        media_type=document.media_type,
        file_name=document.file_name,
        issue_date=date_to_wire(document.issued) if document.issued else None,
        receive_time=instant_to_wire(document.received_at),
        stored=document.stored and erased_at is None,
        duplicate_of=document.duplicate_of,
        actor=document.actor,
        verifier=check.verifier if check else "",
        verify_time=instant_to_wire(check.at) if check else None,
        late=is_late(deal, document),
        erasure_reason=erasure.reason if erasure else "",
        erasure_requester=erasure.requester if erasure else "",
        erasure_request_time=instant_to_wire(erasure.requested_at) if erasure else None,
        eraser=erasure.eraser if erasure else "",
        erase_time=instant_to_wire(erased_at) if erased_at else None,
    )
