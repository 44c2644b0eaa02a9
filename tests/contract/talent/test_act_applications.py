"""ActApplicationService: asked by one, answered by another, and done by who asked."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bole.talent.v1 import act_application_service_pb2 as wire
from bole.talent.v1 import (
    act_application_service_pb2_grpc,
    act_approval_service_pb2,
    act_approval_service_pb2_grpc,
    import_service_pb2,
    import_service_pb2_grpc,
    library_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.talent.domain.privacy.four_eyes import FRESH, HOLDS
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.approving import approve
from tests.contract.talent.files import upload
from tests.contract.talent.people import create
from tests.contract.talent.test_act_approvals import EXPORT, erase

ERASE, UNDO = act_approval_service_pb2.PERSON_ACT_ERASE, act_approval_service_pb2.PERSON_ACT_UNDO
APPROVE, REFUSE = wire.ACT_VERDICT_APPROVE, wire.ACT_VERDICT_REFUSE
State = wire.ActApplication.State
Approval = act_approval_service_pb2.ActApproval
Stub = act_application_service_pb2_grpc.ActApplicationServiceStub


@pytest.fixture
def ann(talent: Installation) -> Iterator[Any]:
    """An account of its own, which asks."""
    with talent.channel(
        "talent", OFFICER, subject=f"ann-{uuid4().hex[:6]}", purpose="talent-service"
    ) as channel:
        yield channel


@pytest.fixture
def second(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", Grant("supervisor"), subject="sun") as channel:
        yield Stub(channel)


def ask(channel: Any, **given: Any) -> wire.ActApplication:
    made: wire.ActApplication = Stub(channel).CreateActApplication(
        wire.CreateActApplicationRequest(**{"reason": "重复建档", **given})
    )
    return made


def an(name: str, verdict: Any = APPROVE, reason: str = "已核对") -> wire.AnswerActApplicationRequest:
    """An answer."""
    return wire.AnswerActApplicationRequest(name=name, verdict=verdict, reason=reason)


def test_what_is_asked_is_done_once_another_has_approved_it(ann: Any, second: Any) -> None:
    person = create(library_service_pb2_grpc.LibraryServiceStub(ann))
    asked = ask(ann, act=ERASE, person=person.name, reason=f"{person.display_name}重复")
    assert (asked.state, asked.reason) == (State.STATE_OPEN, "＊重复")
    why = {each.verdict: each.reason.en for each in asked.options}
    assert "somebody else approves it" in why[APPROVE]
    assert not why[REFUSE]
    failure = refused(Stub(ann).AnswerActApplication, an(asked.name))
    assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")
    failure = refused(lambda _: ask(ann, act=ERASE, person=person.name), None)
    assert (failure.code, failure.reason, failure.metadata["resource"]) == (
        "ALREADY_EXISTS",
        "ASKED_ALREADY",
        asked.name,
    )
    (waiting,) = second.ListActApplications(
        wire.ListActApplicationsRequest(open=True, person=person.name)
    ).applications
    assert (waiting.name, [each.HasField("reason") for each in waiting.options]) == (asked.name, [False] * 2)
    told = second.AnswerActApplication(an(asked.name))
    assert (told.state, told.answerer, told.answer_reason) == (State.STATE_APPROVED, "sun", "已核对")
    failure = refused(second.AnswerActApplication, an(asked.name, REFUSE))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "NOT_OPEN")
    assert told.approval_expire_time.ToDatetime() - told.answer_time.ToDatetime() == HOLDS
    assert (told.approval_state, told.HasField("over_reason")) == (Approval.STATE_STANDING, False)
    erase(ann, person.name)
    of_person = wire.ListActApplicationsRequest(person=person.name)
    (done,) = second.ListActApplications(of_person).applications
    assert (done.state, done.approval_state) == (State.STATE_APPROVED, Approval.STATE_USED)
    assert not done.HasField("over_reason")


def test_an_application_ends_by_itself_when_the_person_is_gone(ann: Any, talent: Installation) -> None:
    person = create(library_service_pb2_grpc.LibraryServiceStub(ann))
    asked = ask(ann, act=ERASE, person=person.name)
    approve(talent, account="bo", act=ERASE, person=person.name)
    with talent.channel("talent", OFFICER, subject="bo", purpose="talent-service") as bo:
        erase(bo, person.name)
    of_person = wire.ListActApplicationsRequest(person=person.name)
    (ended,) = Stub(ann).ListActApplications(of_person).applications
    assert (ended.name, ended.state) == (asked.name, State.STATE_LAPSED)
    assert ended.over_reason.en == "the record of the person is not there any more"


def test_a_refusal_says_why_and_approves_nothing(ann: Any, second: Any) -> None:
    person = create(library_service_pb2_grpc.LibraryServiceStub(ann))
    asked = ask(ann, act=ERASE, person=person.name)
    told = second.AnswerActApplication(an(asked.name, REFUSE, "来函未核实"))
    assert (told.state, told.answer_reason, told.approval) == (State.STATE_REFUSED, "来函未核实", "")
    assert refused(lambda _: erase(ann, person.name), None).reason == "FOUR_EYES_NEEDED"
    again = ask(ann, act=ERASE, person=person.name)
    assert Stub(ann).AnswerActApplication(an(again.name, REFUSE, "不再需要")).state == State.STATE_REFUSED


def test_a_city_sees_and_answers_what_is_about_its_people(talent: Installation, ann: Any) -> None:
    person = create(library_service_pb2_grpc.LibraryServiceStub(ann))
    asked, export = ask(ann, act=ERASE, person=person.name), ask(ann, **EXPORT)
    elsewhere = "nantong" if person.city_code != "nantong" else "wuxi"
    for city, sees in ((person.city_code, True), (elsewhere, False)):
        grant = Grant("talent_officer", city=city)
        with talent.channel("talent", grant, subject=f"of-{city}") as channel:
            stub = Stub(channel)
            listed = stub.ListActApplications(wire.ListActApplicationsRequest()).applications
            assert (asked.name in {each.name for each in listed}) is sees
            assert export.name not in {each.name for each in listed}
            assert refused(stub.AnswerActApplication, an(export.name)).reason == "CITY_NOT_GRANTED"
            if not sees:
                assert refused(stub.AnswerActApplication, an(asked.name)).reason == "CITY_NOT_GRANTED"
            else:
                assert stub.AnswerActApplication(an(asked.name)).state == State.STATE_APPROVED


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"act": 0}, "act"),
        ({"reason": ""}, "reason"),
        ({"max_people": 100}, "max_people"),
        ({"person": "persons/x"}, "person"),
        ({"act": UNDO}, "sheet"),
        ({"act": UNDO, "sheet": "", "purpose": "", "max_people": 0}, "batch"),
    ],
)
def test_what_cannot_be_asked_is_named(ann: Any, second: Any, wrong: dict[str, Any], field: str) -> None:
    request = wire.CreateActApplicationRequest(**{"reason": "年检", **EXPORT, **wrong})
    failure = refused(Stub(ann).CreateActApplication, request)
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
    assert fields(refused(second.AnswerActApplication, an("x"))) == ["name"]
    assert fields(refused(second.AnswerActApplication, an("actApplications/x", 0))) == ["verdict"]
    assert refused(second.AnswerActApplication, an("actApplications/x")).code == "NOT_FOUND"
    wrong_person = wire.ListActApplicationsRequest(person="x")
    assert fields(refused(second.ListActApplications, wrong_person)) == ["person"]


def test_an_import_of_people_is_undone_by_who_made_it_or_with_an_approval(
    talent: Installation, ann: Any, second: Any
) -> None:
    head = "ref,name,category,city,availability,directions,observed,origin"
    account = f"bo-{uuid4().hex[:6]}"

    def load() -> str:
        row = f"{uuid4()},王演示,卓越工程师,镇江,随时,ga2o3,2026-06-01,演示数据"
        return str(upload(ann, f"{head}\n{row}".encode()).import_name)

    def undo(channel: Any, name: str) -> Any:
        request = import_service_pb2.UndoImportRequest(name=name)
        return import_service_pb2_grpc.TalentImportServiceStub(channel).UndoImport(request)

    mine, other = load(), load()
    imports = import_service_pb2_grpc.TalentImportServiceStub(ann)
    found = imports.GetImport(import_service_pb2.GetImportRequest(name=mine))
    assert found.alone_expire_time.ToDatetime() - found.end_time.ToDatetime() == FRESH
    assert refused(lambda _: ask(ann, act=UNDO, batch=mine), None).reason == "NOT_NEEDED"
    assert undo(ann, mine).removed_count == 1
    found = imports.GetImport(import_service_pb2.GetImportRequest(name=mine))
    assert not found.HasField("alone_expire_time"), "nothing of it is written any more"
    with talent.channel("talent", OFFICER, subject=account) as bo:
        failure = refused(lambda _: undo(bo, other), None)
        assert (failure.code, failure.reason, failure.metadata["batch"]) == (
            "FAILED_PRECONDITION",
            "FOUR_EYES_NEEDED",
            other,
        )
        approve(talent, account="somebody-else", act=UNDO, batch=other)
        assert refused(lambda _: undo(bo, other), None).reason == "FOUR_EYES_NEEDED"
        second.AnswerActApplication(an(ask(bo, act=UNDO, batch=other).name))
        assert undo(bo, other).removed_count == 1


def test_an_undo_that_nobody_needs_any_more_ends_by_itself_and_says_who_did_it(
    talent: Installation, ann: Any, second: Any
) -> None:
    head = "ref,name,category,city,availability,directions,observed,origin"
    row = f"{uuid4()},王演示,卓越工程师,镇江,随时,ga2o3,2026-06-01,演示数据"
    batch = str(upload(ann, f"{head}\n{row}".encode()).import_name)
    with talent.channel("talent", OFFICER, subject=f"bo-{uuid4().hex[:6]}") as bo:
        asked = ask(bo, act=UNDO, batch=batch)
    given = approve(talent, account=f"cai-{uuid4().hex[:6]}", act=UNDO, batch=batch)
    assert given.state == Approval.STATE_STANDING
    undo = import_service_pb2.UndoImportRequest(name=batch)
    import_service_pb2_grpc.TalentImportServiceStub(ann).UndoImport(undo)
    maker = import_service_pb2_grpc.TalentImportServiceStub(ann)
    by = maker.GetImport(import_service_pb2.GetImportRequest(name=batch)).undoer
    waiting = second.ListActApplications(wire.ListActApplicationsRequest(open=True)).applications
    assert asked.name not in {each.name for each in waiting}
    found = second.ListActApplications(wire.ListActApplicationsRequest()).applications
    ended = next(each for each in found if each.name == asked.name)
    assert ended.state == State.STATE_LAPSED
    assert ended.over_reason.en.startswith(f"{by} undid the import on 20")
    failure = refused(second.AnswerActApplication, an(asked.name))
    assert (failure.reason, failure.metadata["state"]) == ("NOT_OPEN", "LAPSED")
    assert f"{by} undid the import" in failure.text.en
    with talent.channel("talent", Grant("supervisor"), subject="sun") as channel:
        listed = act_approval_service_pb2_grpc.ActApprovalServiceStub(channel).ListActApprovals(
            act_approval_service_pb2.ListActApprovalsRequest(account=given.account)
        )
    (moot,) = listed.approvals
    assert (moot.state, moot.used_for) == (Approval.STATE_MOOT, "")
    assert moot.over_reason == ended.over_reason
