"""Notes and reminders on deals over the wire: written once, due on their day, settled, and their words erased."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bole.funding.v1 import (
    deal_document_pb2,
    deal_document_service_pb2,
    deal_document_service_pb2_grpc,
    deal_note_pb2,
    deal_note_service_pb2_grpc,
    deal_pb2,
    deal_service_pb2,
    dossier_service_pb2,
    dossier_service_pb2_grpc,
)
from bole.funding.v1 import deal_note_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.funding.service.dossier import verifier
from services.kernel.clock import civil_date
from tests.contract.funding.board import SECRETARY, Board, seated
from tests.contract.installation import Installation, refused

NOBODY = "deals/01j00000000000000000000000"
TODAY = civil_date(datetime.now(UTC))


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


@pytest.fixture
def deal(board: Board) -> deal_pb2.Deal:
    request = deal_service_pb2.ListDealsRequest(filter="state = DUE_DILIGENCE", page_size=1)
    found: deal_pb2.Deal = board.deals("manager").ListDeals(request).deals[0]
    return found


def stub(board: Board, who: str = "manager") -> Any:
    return deal_note_service_pb2_grpc.DealNoteServiceStub(board.channels[who])


def write(deal: deal_pb2.Deal, text: str = "约创始人周五再谈", **stated: Any) -> wire.CreateDealNoteRequest:
    note = deal_note_pb2.DealNote(text=text, **stated)
    return wire.CreateDealNoteRequest(parent=deal.name, note=note, request_id=str(uuid4()))


def day(days: int) -> Any:
    return date_to_wire(TODAY + timedelta(days=days))


def test_a_note_is_kept_with_who_and_when_and_what_it_is_about(board: Board, deal: deal_pb2.Deal) -> None:
    registered = deal_document_service_pb2.RegisterDealDocumentRequest(
        parent=deal.name,
        document=deal_document_pb2.DealDocument(kind="other", title="访谈提纲", file_name="提纲.txt"),
        content="问题一".encode(),
    )
    documents = deal_document_service_pb2_grpc.DealDocumentServiceStub(board.channels["manager"])
    document = documents.RegisterDealDocument(registered)
    assert document.kind_title.zh == "其他附件"
    request = write(deal, documents=[document.name])
    made = stub(board).CreateDealNote(request)
    assert (made.actor, made.text, list(made.documents)) == (
        "board-manager",
        request.note.text,
        [document.name],
    )
    assert not made.HasField("remind_date")
    assert stub(board).CreateDealNote(request).name == made.name
    second = stub(board, SECRETARY).CreateDealNote(write(deal, "材料已齐"))
    listed = stub(board, "auditor").ListDealNotes(wire.ListDealNotesRequest(parent=deal.name, page_size=1))
    assert [each.name for each in listed.notes] == [second.name]
    rest = stub(board, "auditor").ListDealNotes(
        wire.ListDealNotesRequest(parent=deal.name, page_size=500, page_token=listed.next_page_token)
    )
    assert [each.number for each in rest.notes] == list(range(second.number - 1, 0, -1))
    assert rest.next_page_token == ""


def on_register(board: Board, deal: deal_pb2.Deal) -> list[deal_document_pb2.DealDocument]:
    documents = deal_document_service_pb2_grpc.DealDocumentServiceStub(board.channels["manager"])
    request = deal_document_service_pb2.ListDealDocumentsRequest(parent=deal.name)
    return list(documents.ListDealDocuments(request).documents)


def file(name: str = "提纲.txt", content: str = "问题一") -> deal_note_pb2.DealNoteFile:
    return deal_note_pb2.DealNoteFile(file_name=name, content=content.encode())


def test_a_file_comes_with_its_note_and_is_registered_once(board: Board, deal: deal_pb2.Deal) -> None:
    before = on_register(board, deal)
    request = write(deal, file=file(content=f"问题二 {uuid4()}"))
    made = stub(board).CreateDealNote(request)
    assert not made.HasField("file")
    assert stub(board).CreateDealNote(request) == made
    [registered] = on_register(board, deal)[len(before) :]
    assert list(made.documents) == [registered.name]
    assert (registered.title, registered.file_name, registered.kind) == ("提纲.txt", "提纲.txt", "OTHER")
    assert (registered.stored, registered.actor) == (True, "board-manager")
    another = stub(board).CreateDealNote(write(deal, documents=[registered.name], file=file()))
    assert another.documents[0] == registered.name
    assert len(another.documents) == 2


@pytest.mark.parametrize(
    ("stated", "field", "reason"),
    [
        ({"text": " ", "file": file()}, "note.text", "REQUIRED"),
        ({"remind_date": day(-1), "file": file()}, "note.remind_date", "DATE_IN_PAST"),
        ({"documents": [f"{NOBODY}/documents/1"], "file": file()}, "note.documents[0]", "ANOTHER_DEAL"),
        ({"file": file("提纲.exe")}, "note.file.file_name", "TYPE_NOT_ADMITTED"),
        ({"file": file("")}, "note.file.file_name", "REQUIRED"),
        ({"file": file(content="")}, "note.file.content", "REQUIRED"),
    ],
)
def test_a_note_and_its_file_are_refused_together(
    board: Board, deal: deal_pb2.Deal, stated: dict[str, Any], field: str, reason: str
) -> None:
    files, notes = on_register(board, deal), newest(board, deal)
    failure = refused(stub(board).CreateDealNote, write(deal, **stated))
    assert failure.code == "INVALID_ARGUMENT"
    assert (field, reason) in [(each.field, each.reason) for each in failure.violations]
    asked = write(deal, file=file())
    asked.validate_only = True
    stub(board).CreateDealNote(asked)
    assert (on_register(board, deal), newest(board, deal)) == (files, notes)


def newest(board: Board, deal: deal_pb2.Deal) -> list[deal_note_pb2.DealNote]:
    listing = wire.ListDealNotesRequest(parent=deal.name, page_size=1)
    return list(stub(board).ListDealNotes(listing).notes)


def test_a_reminder_comes_up_on_its_day_for_its_account_until_it_is_settled(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    who = f"reminded-{uuid4().hex[:8]}"
    with whole.channel("funding", Grant("fund_analyst"), subject=who) as channel:
        board.channels[who] = channel
        now = stub(board).CreateDealNote(write(deal, "今天", remind_date=day(0), remind_account=who))
        later = stub(board).CreateDealNote(write(deal, "十天后", remind_date=day(10), remind_account=who))
        sooner = stub(board).CreateDealNote(write(deal, "三天后", remind_date=day(3), remind_account=who))
        due = stub(board, who).ListDealReminders
        assert [each.name for each in due(wire.ListDealRemindersRequest()).notes] == [now.name]
        asked = wire.ListDealRemindersRequest(until_date=day(30), page_size=2)
        first = due(asked)
        assert [each.name for each in first.notes] == [now.name, sooner.name]
        asked.page_token = first.next_page_token
        assert [each.name for each in due(asked).notes] == [later.name]
        others = stub(board, "manager").ListDealReminders(wire.ListDealRemindersRequest(until_date=day(30)))
        assert now.name not in {each.name for each in others.notes}
        settled = stub(board, who).SettleDealReminder(wire.SettleDealReminderRequest(name=now.name))
        assert (settled.settler, settled.HasField("settle_time")) == (who, True)
        failure = refused(
            stub(board, "manager").SettleDealReminder, wire.SettleDealReminderRequest(name=now.name)
        )
        assert (failure.code, failure.reason) == ("ALREADY_EXISTS", "SETTLED")
        assert list(due(wire.ListDealRemindersRequest()).notes) == []
    own = stub(board).CreateDealNote(write(deal, "自己", remind_date=day(0)))
    assert own.remind_account == "board-manager"


def test_a_manager_sees_the_reminders_of_everybody_on_the_funds_managed(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    gone = f"gone-{uuid4().hex[:8]}"
    left = stub(board).CreateDealNote(write(deal, remind_date=day(0), remind_account=gone))
    everybody = wire.ListDealRemindersRequest(everybody=True, page_size=500)
    own = wire.ListDealRemindersRequest(page_size=500)

    def seen(who: str, request: wire.ListDealRemindersRequest) -> set[str]:
        return {each.name for each in stub(board, who).ListDealReminders(request).notes}

    assert left.name in seen("manager", everybody)
    assert left.name not in seen("manager", own)
    assert refused(stub(board, SECRETARY).ListDealReminders, everybody).code == "PERMISSION_DENIED"
    for who, fund in (("this-fund", deal.fund.partition("/")[2]), ("no-fund", "no-such-fund")):
        with whole.channel("funding", Grant("fund_manager", fund=fund), subject=who) as channel:
            board.channels[who] = channel
            assert (left.name in seen(who, everybody)) is (who == "this-fund")
    page = stub(board).ListDealReminders(wire.ListDealRemindersRequest(everybody=True, page_size=1))
    if page.next_page_token:
        own.page_token = page.next_page_token
        assert refused(stub(board).ListDealReminders, own).reason == "PAGE_TOKEN_MISMATCH"


def test_who_has_nothing_to_do_with_a_reminder_does_not_settle_it(board: Board, deal: deal_pb2.Deal) -> None:
    made = stub(board).CreateDealNote(write(deal, remind_date=day(1)))
    settle = wire.SettleDealReminderRequest(name=made.name)
    assert refused(stub(board, SECRETARY).SettleDealReminder, settle).code == "PERMISSION_DENIED"
    plain = stub(board).CreateDealNote(write(deal))
    settle.name = plain.name
    failure = refused(stub(board).SettleDealReminder, settle)
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "NO_REMINDER")
    settle.name = f"{deal.name}/notes/999999"
    assert refused(stub(board).SettleDealReminder, settle).code == "NOT_FOUND"
    settle.name = f"{deal.name}/documents/1"
    assert refused(stub(board).SettleDealReminder, settle).reason == "INVALID_NAME"


@pytest.mark.parametrize(
    ("stated", "reason", "field"),
    [
        ({"text": "  "}, "REQUIRED", "note.text"),
        ({"text": "字" * 2001}, "TOO_LONG", "note.text"),
        ({"remind_date": day(-1)}, "DATE_IN_PAST", "note.remind_date"),
        ({"remind_date": day(4000)}, "DATE_TOO_FAR", "note.remind_date"),
        ({"remind_account": "li"}, "ACCOUNT_WITHOUT_DAY", "note.remind_account"),
        ({"documents": [f"{NOBODY}/documents/1"]}, "ANOTHER_DEAL", "note.documents[0]"),
        ({"documents": ["x"]}, "INVALID_NAME", "note.documents[0]"),
    ],
)
def test_notes_that_are_refused(
    board: Board, deal: deal_pb2.Deal, stated: dict[str, Any], reason: str, field: str
) -> None:
    failure = refused(stub(board).CreateDealNote, write(deal, **stated))
    assert failure.code == "INVALID_ARGUMENT"
    assert [(each.field, each.reason) for each in failure.violations] == [(field, reason)]
    assert refused(stub(board).CreateDealNote, write(deal_pb2.Deal(name=NOBODY))).code == "NOT_FOUND"


def test_notes_of_no_deal_and_pages_of_another_list_are_refused(board: Board, deal: deal_pb2.Deal) -> None:
    listing = wire.ListDealNotesRequest(parent=NOBODY)
    assert refused(stub(board).ListDealNotes, listing).code == "NOT_FOUND"
    for wrong in ("deals", "firms/a", "deals/a/notes"):
        failure = refused(stub(board).ListDealNotes, wire.ListDealNotesRequest(parent=wrong))
        assert failure.code == "INVALID_ARGUMENT", wrong
    forged = wire.ListDealNotesRequest(parent=deal.name, page_token="forged")
    assert refused(stub(board).ListDealNotes, forged).reason == "PAGE_TOKEN_INVALID"


def test_who_may_not_read_the_file_reads_no_notes(
    whole: Installation, board: Board, deal: deal_pb2.Deal
) -> None:
    who = f"member-{uuid4().hex[:8]}"
    made = stub(board).CreateDealNote(write(deal, remind_date=day(0), remind_account=who))
    listing = wire.ListDealNotesRequest(parent=deal.name)
    with whole.channel("funding", Grant("committee_member"), subject=who) as channel:
        board.channels[who] = channel
        assert refused(stub(board, who).ListDealNotes, listing).reason == "COI_UNDECLARED"
        reminders = wire.ListDealRemindersRequest()
        assert list(stub(board, who).ListDealReminders(reminders).notes) == []
        board.declare(who, deal)
        assert [each.name for each in stub(board, who).ListDealReminders(reminders).notes] == [made.name]
        reminders.page_token = "x"  # noqa: S105 - no token of ours
        assert refused(stub(board, who).ListDealReminders, reminders).reason == "PAGE_TOKEN_INVALID"
        assert refused(stub(board, who).CreateDealNote, write(deal)).code == "PERMISSION_DENIED"
    elsewhere = Grant("fund_manager", fund="no-such-fund")
    with whole.channel("funding", elsewhere, subject="elsewhere") as channel:
        board.channels["elsewhere"] = channel
        assert refused(stub(board, "elsewhere").ListDealNotes, listing).code == "PERMISSION_DENIED"


def test_the_words_of_a_note_are_erased_and_the_trail_stays_whole(board: Board, deal: deal_pb2.Deal) -> None:
    made = stub(board).CreateDealNote(write(deal, f"张某的家事 {uuid4()}"))
    dossiers = dossier_service_pb2_grpc.DossierServiceStub(board.channels[SECRETARY])
    erase = dossier_service_pb2.EraseDealWordsRequest(name=made.name, reason="误写个人信息")
    assert len(dossiers.EraseDealWords(erase).commitment) == 64
    assert refused(dossiers.EraseDealWords, erase).code == "NOT_FOUND"
    [left] = stub(board).ListDealNotes(wire.ListDealNotesRequest(parent=deal.name, page_size=1)).notes
    assert (left.name, left.text, left.erased, left.actor) == (made.name, "", True, "board-manager")
    pieces = dossiers.ExportDutyDossier(
        dossier_service_pb2.ExportDutyDossierRequest(name=deal.name.replace("deals/", "dutyDossiers/"))
    )
    packed = b"".join(each.data for each in pieces)
    assert verifier.verify(packed)
    assert made.text.encode() not in packed
