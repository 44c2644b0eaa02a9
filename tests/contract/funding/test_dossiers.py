"""Documents, duty dossiers and reopening over the wire; stale versions say what has changed."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from google.type.date_pb2 import Date

from bole.funding.v1 import (
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    dossier_pb2,
    dossier_service_pb2,
    dossier_service_pb2_grpc,
    interest_pb2,
)
from services.chassis.identity.identity import Grant
from services.funding.service.dossier import verifier
from tests.contract.funding.board import MEMBERS, SECRETARY, Board, seated
from tests.contract.funding.papers import papers_for
from tests.contract.installation import Installation, refused

register = deal_document_service_pb2
wire = dossier_service_pb2
NOBODY = "01j00000000000000000000000"
PDF = b"%PDF-1.7\nlegal due diligence"


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


@pytest.fixture
def deal(board: Board) -> deal_pb2.Deal:
    """A deal that is approved."""
    request = deal_service_pb2.ListDealsRequest(filter="state = SIGNED", page_size=1)
    found: deal_pb2.Deal = board.deals("manager").ListDeals(request).deals[0]
    return found


def documents(board: Board, who: str = "manager") -> Any:
    return deal_document_service_pb2_grpc.DealDocumentServiceStub(board.channels[who])


def dossiers(board: Board, who: str = "auditor") -> Any:
    return dossier_service_pb2_grpc.DossierServiceStub(board.channels[who])


def document(
    deal: deal_pb2.Deal, content: bytes = PDF, **stated: Any
) -> register.RegisterDealDocumentRequest:
    facts = {"kind": "dd-legal", "title": "法律尽调报告", "file_name": "报告.pdf", **stated}
    return register.RegisterDealDocumentRequest(
        parent=deal.name, document=deal_document_pb2.DealDocument(**facts), content=content
    )


def test_a_document_is_registered_with_its_digest_and_checked_by_another(
    board: Board, deal: deal_pb2.Deal
) -> None:
    stub = documents(board)
    made = stub.RegisterDealDocument(document(deal))
    assert made.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (made.kind, made.media_type, made.stored) == ("DD_LEGAL", "application/pdf", True)
    again = stub.RegisterDealDocument(document(deal, title="同一份"))
    assert again.duplicate_of in (made.number, made.duplicate_of)
    verify = register.VerifyDealDocumentRequest(name=made.name)
    failure = refused(stub.VerifyDealDocument, verify)
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")
    assert documents(board, "auditor").VerifyDealDocument(verify).verifier == "board-auditor"
    assert refused(documents(board, "auditor").VerifyDealDocument, verify).code == "ALREADY_EXISTS"
    listed = stub.ListDealDocuments(register.ListDealDocumentsRequest(parent=deal.name)).documents
    assert {made.number, again.number} <= {each.number for each in listed}
    got = stub.GetDealDocumentContent(register.GetDealDocumentContentRequest(name=made.name))
    assert got.content == PDF


@pytest.mark.parametrize(
    ("content", "stated", "reason", "field"),
    [
        (b"", {"size_bytes": 5}, "REQUIRED", "document.sha256"),
        (b"", {"sha256": "a" * 64}, "EMPTY", "document.size_bytes"),
        (b"", {"sha256": "a" * 64, "size_bytes": 200 << 20}, "TOO_LARGE", "document.size_bytes"),
        (b"", {"sha256": "xyz", "size_bytes": 5}, "INVALID_DIGEST", "document.sha256"),
        (PDF, {"sha256": "a" * 64}, "DIGEST_MISMATCH", "document.sha256"),
        (PDF, {"size_bytes": 1}, "SIZE_MISMATCH", "document.size_bytes"),
        (b"MZ\x90\x00 program", {"file_name": "a.pdf"}, "TYPE_NOT_ADMITTED", "document.file_name"),
        (b"\x7fELF", {"file_name": ""}, "TYPE_NOT_ADMITTED", "document.file_name"),
        (b"#!/bin/sh", {"file_name": "a.txt"}, "TYPE_NOT_ADMITTED", "document.file_name"),
        (PDF, {"file_name": "a.exe"}, "TYPE_NOT_ADMITTED", "document.file_name"),
        (PDF, {"kind": "selfie"}, "UNKNOWN_EVIDENCE", "document.kind"),
        (PDF, {"issue_date": Date(year=2199, month=1, day=1)}, "DATE_IN_FUTURE", "document.issue_date"),
        (PDF, {"title": "a\u202eb"}, "CHARACTER_NOT_ALLOWED", "document.title"),
    ],
)
def test_documents_that_are_refused(
    board: Board, deal: deal_pb2.Deal, content: bytes, stated: dict[str, Any], reason: str, field: str
) -> None:
    failure = refused(documents(board).RegisterDealDocument, document(deal, content, **stated))
    assert failure.code == "INVALID_ARGUMENT"
    assert [(each.field, each.reason) for each in failure.violations] == [(field, reason)]


def test_documents_that_are_not_there(board: Board, deal: deal_pb2.Deal) -> None:
    stub = documents(board)
    for call, request in (
        (stub.ListDealDocuments, register.ListDealDocumentsRequest(parent=f"deals/{NOBODY}")),
        (stub.VerifyDealDocument, register.VerifyDealDocumentRequest(name=f"{deal.name}/documents/99999")),
        (
            stub.GetDealDocumentContent,
            register.GetDealDocumentContentRequest(name=f"{deal.name}/documents/99999"),
        ),
    ):
        assert refused(call, request).code == "NOT_FOUND"
    digest = document(deal, b"", sha256="b" * 64, size_bytes=5_000_000)
    known = stub.RegisterDealDocument(digest)
    assert not known.stored
    content = register.GetDealDocumentContentRequest(name=known.name)
    assert refused(stub.GetDealDocumentContent, content).code == "NOT_FOUND"


def test_the_dossier_is_exported_and_verified_without_the_system(board: Board, deal: deal_pb2.Deal) -> None:
    documents(board).RegisterDealDocument(document(deal))
    name = deal.name.replace("deals/", "dutyDossiers/")
    shown = dossiers(board).GetDutyDossier(wire.GetDutyDossierRequest(name=name))
    standings = {each.code: each.standing for each in shown.items}
    assert {each.test for each in shown.items} == {1, 2, 3}
    assert standings["LEGAL_PATH"] == dossier_pb2.DossierItem.STANDING_MISSING  # imported
    assert standings["DD_LEGAL"] == dossier_pb2.DossierItem.STANDING_SATISFIED
    assert shown.trail_intact
    assert all(each.title.zh and each.title.en and each.text.zh and each.text.en for each in shown.items)
    pieces = dossiers(board).ExportDutyDossier(wire.ExportDutyDossierRequest(name=name))
    packed = b"".join(each.data for each in pieces)
    manifest = verifier.verify(packed, head=shown.trail_head)
    assert (manifest["deal"], manifest["exporter"]) == (deal.name, "board-auditor")
    nobody = f"dutyDossiers/{NOBODY}"
    assert (
        refused(dossiers(board).GetDutyDossier, wire.GetDutyDossierRequest(name=nobody)).code == "NOT_FOUND"
    )
    assert (
        refused(
            lambda request: list(dossiers(board).ExportDutyDossier(request)),
            wire.ExportDutyDossierRequest(name=nobody),
        ).code
        == "NOT_FOUND"
    )


def test_a_content_is_erased_by_two_and_its_digest_stays(board: Board, deal: deal_pb2.Deal) -> None:
    stub, auditor = documents(board), documents(board, "auditor")
    made = stub.RegisterDealDocument(document(deal, PDF + b" of somebody"))
    ask = register.RequestDealDocumentErasureRequest(name=made.name, reason="含无关人员身份证复印件")
    erase = register.EraseDealDocumentContentRequest(name=made.name)
    assert refused(auditor.EraseDealDocumentContent, erase).reason == "ERASURE_NOT_REQUESTED"
    assert refused(stub.EraseDealDocumentContent, erase).code == "PERMISSION_DENIED"
    silent = register.RequestDealDocumentErasureRequest(name=made.name)
    assert refused(auditor.RequestDealDocumentErasure, silent).code == "INVALID_ARGUMENT"
    asked = auditor.RequestDealDocumentErasure(ask)
    assert (asked.stored, asked.erasure_requester) == (True, "board-auditor")
    assert refused(stub.RequestDealDocumentErasure, ask).reason == "ERASURE_KNOWN"
    assert refused(auditor.EraseDealDocumentContent, erase).reason == "FOUR_EYES"
    secretary = documents(board, SECRETARY)
    erased = secretary.EraseDealDocumentContent(erase)
    assert (erased.stored, erased.eraser, erased.sha256) == (False, SECRETARY, made.sha256)
    assert refused(secretary.EraseDealDocumentContent, erase).reason == "ERASURE_KNOWN"
    content = register.GetDealDocumentContentRequest(name=made.name)
    failure = refused(stub.GetDealDocumentContent, content)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "CONTENT_ERASED")
    name = deal.name.replace("deals/", "dutyDossiers/")
    shown = dossiers(board).GetDutyDossier(wire.GetDutyDossierRequest(name=name))
    assert made.name in {each.document for each in shown.erasures}
    assert shown.trail_intact
    pieces = dossiers(board).ExportDutyDossier(wire.ExportDutyDossierRequest(name=name))
    packed = b"".join(each.data for each in pieces)
    assert made.sha256 not in {each.rpartition("/")[2] for each in verifier.verify(packed)["files"]}


def test_the_authority_determines_and_nobody_else(board: Board, deal: deal_pb2.Deal) -> None:
    parent = deal.name.replace("deals/", "dutyDossiers/")
    made = dossier_pb2.Determination(
        outcome=dossier_pb2.Determination.OUTCOME_EXEMPT,
        organ="审计机关",
        document_number="审〔2026〕3号",
        document_date=Date(year=2026, month=1, day=5),
    )
    request = wire.CreateDeterminationRequest(parent=parent, determination=made)
    assert refused(dossiers(board, "manager").CreateDetermination, request).code == "PERMISSION_DENIED"
    entered = dossiers(board).CreateDetermination(request)
    assert entered.name == f"{parent}/determinations/{entered.number}"
    for changes in ({"organ": ""}, {"outcome": 0}, {"document_date": Date(year=2199, month=1, day=1)}):
        wrong = wire.CreateDeterminationRequest(parent=parent, determination=made)
        for name, value in changes.items():
            if name == "document_date":
                wrong.determination.document_date.CopyFrom(value)
            else:
                setattr(wrong.determination, name, value)
        assert refused(dossiers(board).CreateDetermination, wrong).code == "INVALID_ARGUMENT"


def test_words_about_people_are_erased(board: Board, deal: deal_pb2.Deal) -> None:
    said = board.declare(MEMBERS[0], deal, interest_pb2.INTEREST_KIND_KINSHIP, text="表弟为股东")
    request = wire.EraseDealWordsRequest(name=said.name, reason="本人要求")
    gone = dossiers(board, SECRETARY).EraseDealWords(request)
    assert len(gone.commitment) == 64
    assert refused(dossiers(board, SECRETARY).EraseDealWords, request).code == "NOT_FOUND"
    request.reason = ""
    assert refused(dossiers(board, SECRETARY).EraseDealWords, request).code == "INVALID_ARGUMENT"


def test_a_declined_deal_is_taken_up_again(whole: Installation, board: Board) -> None:
    stub = board.deals("manager")
    ended = stub.ListDeals(deal_service_pb2.ListDealsRequest(filter="state = WITHDRAWN", page_size=100)).deals
    taken_up = {
        each.reopened_from for each in stub.ListDeals(deal_service_pb2.ListDealsRequest(page_size=1000)).deals
    }
    old = next(each for each in ended if each.name not in taken_up)
    request = deal_service_pb2.ReopenDealRequest(name=old.name, etag=old.etag, reason="新一轮条件")
    new = stub.ReopenDeal(request)
    assert (new.state, new.reopened_from, new.ticket) == (deal_pb2.Deal.STATE_LEAD, old.name, old.ticket)
    assert stub.GetDeal(deal_service_pb2.GetDealRequest(name=old.name)) == old
    assert refused(stub.ReopenDeal, request).code == "ALREADY_EXISTS"
    wrong = deal_service_pb2.ReopenDealRequest(name=new.name, etag=new.etag, reason="理由")
    assert refused(stub.ReopenDeal, wrong).reason == "NOT_ENDED"
    submit = deal_service_pb2.SubmitDealRequest(name=new.name)
    submit.command.etag = new.etag
    submit.command.evidence.extend(papers_for("business-licence", "business-plan"))
    moved = stub.SubmitDeal(submit)
    stale = deal_service_pb2.WithdrawDealRequest(name=new.name)
    stale.command.etag, stale.command.reason = new.etag, "不再融资"
    failure = refused(stub.WithdrawDeal, stale)
    assert (failure.code, failure.reason) == ("ABORTED", "STALE_ETAG")
    assert failure.metadata["currentEtag"] == moved.etag
    assert failure.metadata["changedFields"] == "state"
    assert failure.metadata["actionsSince"] == "SUBMIT"
    with whole.channel("funding", Grant("fund_analyst"), subject="looker") as channel:
        board.channels["looker"] = channel
        views = (
            board.deals("looker")
            .ListDealActions(deal_service_pb2.ListDealActionsRequest(name=new.name))
            .actions
        )
    screening = next(each for each in views if each.action == "START_SCREENING")
    assert screening.target_state == "STATE_SCREENING"
    assert [each.kind for each in screening.missing_templates] == ["ASSIGNMENT"]
    assert screening.missing_templates[0].outline.zh
    assert screening.reason_codes == ["MISSING_EVIDENCE"]
    assert all(each.zh and each.en for each in screening.role_titles)


def test_without_a_team_the_dossier_says_that_nobody_is_known_who_has_to_declare(board: Board) -> None:
    request = deal_service_pb2.ListDealsRequest(filter="state = SUBMITTED", page_size=1)
    [deal] = board.deals("manager").ListDeals(request).deals

    def said() -> dossier_pb2.DossierItem:
        shown = dossiers(board).GetDutyDossier(
            wire.GetDutyDossierRequest(name=deal.name.replace("deals/", "dutyDossiers/"))
        )
        [item] = [each for each in shown.items if each.code == "INTERESTS_DECLARED"]
        return item

    assert said().text.zh.endswith("还不知道谁须声明")
    board.declare("manager", deal)
    assert said().text.zh.endswith("还不知道谁须声明；已有1人声明")
    assert said().standing == dossier_pb2.DossierItem.STANDING_MISSING
