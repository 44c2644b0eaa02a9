"""Documents of a deal's register that a step may rest on: a step names each, whatever is on the register beside it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from bole.funding.v1 import (
    deal_action_pb2,
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
)
from services.console.backend import SECONDS
from services.console.pages.beside import beside
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument


def filed_of(visit: Visit, deal: str) -> Mapping[str, Sequence[deal_document_pb2.DealDocument]]:
    """What is on the register of a deal by its kind, the newest first, each content once; empty where the visitor may
    not see it.
    """
    found = defaultdict[str, list[deal_document_pb2.DealDocument]](list)
    for each in reversed(_register(visit, deal)):
        if not each.duplicate_of:
            found[each.kind].append(each)
    return found


def cited(visit: Visit, deal: str, kind: str, number: str) -> deal_action_pb2.DealEvidence:
    """The document of this number as a step names it. Raises InvalidArgument where the register has none such."""
    for each in _register(visit, deal):
        if str(each.number) == number and each.kind == kind:
            return deal_action_pb2.DealEvidence(
                kind=kind, title=each.title, sha256=each.sha256, receive_time=each.receive_time
            )
    raise InvalidArgument.field(
        "evidence",
        "NOT_ON_REGISTER",
        f"材料登记中没有这类的第 {number} 号，请刷新后再选",
        f"the register has no document {number} of this kind; load the page again and choose anew",
    )


def _register(visit: Visit, deal: str) -> Sequence[deal_document_pb2.DealDocument]:
    stub = visit.stub(deal_document_service_pb2_grpc.DealDocumentServiceStub)
    request = deal_document_service_pb2.ListDealDocumentsRequest(parent=deal)
    return beside(lambda: stub.ListDealDocuments(request, timeout=SECONDS).documents).answer or ()
