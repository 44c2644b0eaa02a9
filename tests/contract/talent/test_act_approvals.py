"""ActApprovalService: what nobody does alone is done once, by whom it was approved for."""

from typing import Any
from uuid import uuid4

import pytest

from bole.talent.v1 import act_approval_service_pb2 as wire
from bole.talent.v1 import (
    act_approval_service_pb2_grpc,
    export_service_pb2,
    export_service_pb2_grpc,
    library_service_pb2,
    library_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from tests.contract.installation import OFFICER, Installation, fields, refused
from tests.contract.talent.approving import approve
from tests.contract.talent.files import upload
from tests.contract.talent.people import create

EXPORT: dict[str, Any] = {
    "act": wire.PERSON_ACT_EXPORT,
    "sheet": "persons",
    "purpose": "contact",
    "max_people": 150,
}
MANY = 103
Stub = act_approval_service_pb2_grpc.ActApprovalServiceStub


def erase(channel: Any, name: str, request_id: str = "") -> Any:
    request = library_service_pb2.ErasePersonRequest(name=name, reason="重复建档", request_id=request_id)
    return library_service_pb2_grpc.LibraryServiceStub(channel).ErasePerson(request)


def test_an_erasure_waits_for_another_unless_another_took_the_withdrawal_down(talent: Installation) -> None:
    account = f"ann-{uuid4().hex[:6]}"
    with talent.channel("talent", OFFICER, purpose="talent-service", subject=account) as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        made, own = create(library), create(library)
        asked = library_service_pb2.ErasePersonRequest(name=made.name, reason="重复建档")
        failure = refused(library.ErasePerson, asked)
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "FOUR_EYES_NEEDED")
        assert failure.metadata["person"] == made.name
        request = wire.ApproveActRequest(
            account=account, act=wire.PERSON_ACT_ERASE, person=made.name, reason="自批"
        )
        failure = refused(Stub(channel).ApproveAct, request)
        assert (failure.code, failure.reason) == ("PERMISSION_DENIED", "FOUR_EYES")
        given = approve(
            talent, account=account, act=wire.PERSON_ACT_ERASE, person=made.name, reason="欧阳𬱖重复"
        )
        assert "欧阳" not in given.reason
        id_ = str(uuid4())
        erase(channel, made.name, id_)
        erase(channel, made.name, id_)
        (kept,) = Stub(channel).ListActApprovals(wire.ListActApprovalsRequest(person=made.name)).approvals
        assert (kept.name, kept.used_for, kept.approver) == (given.name, made.name, "second")
        withdrawal = library_service_pb2.WithdrawPersonRequest(
            name=own.name, etag=own.etag, reason="本人来函"
        )
        library.WithdrawPerson(withdrawal)
        assert refused(lambda _: erase(channel, own.name), None).reason == "FOUR_EYES_NEEDED"
        request.account, request.person = "somebody", own.name
        assert refused(Stub(channel).ApproveAct, request).reason == "NOT_NEEDED"
    with talent.channel("talent", OFFICER, purpose="talent-service", subject="somebody") as channel:
        erase(channel, own.name)


def test_a_file_that_tells_who_many_are_waits_for_another(files_library: Installation) -> None:
    account = f"ann-{uuid4().hex[:6]}"
    ours = f'city_code = zhenjiang AND source_ref = "{account}*"'
    rows = [
        f"{account}-{number},王演示,卓越工程师,镇江,随时,ga2o3,2026-06-01,演示数据" for number in range(MANY)
    ]
    head = "ref,name,category,city,availability,directions,observed,origin"

    def take(channel: Any, **given: Any) -> Any:
        asked = {"sheet": "persons", "format": 1, "reason": "年检", "filter": ours, **given}
        stub = export_service_pb2_grpc.TalentExportServiceStub(channel)
        return list(stub.ExportRecords(export_service_pb2.ExportRecordsRequest(**asked)))

    with files_library.channel("talent", OFFICER, subject=account) as masked:
        upload(masked, "\n".join([head, *rows]).encode())
        assert take(masked)[0].export.row_count == MANY
    with files_library.channel("talent", OFFICER, purpose="contact", subject=account) as channel:
        failure = refused(lambda _: take(channel), None)
        assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "FOUR_EYES_NEEDED")
        assert (failure.metadata["people"], failure.metadata["filter"]) == (str(MANY), ours)
        for other in ({"filter": ""}, {"purpose": "talent-service"}, {"max_people": MANY - 1}):
            approve(files_library, account=account, **{**EXPORT, "filter": ours, **other})
        assert refused(lambda _: take(channel), None).reason == "FOUR_EYES_NEEDED"
        by_words = refused(lambda _: take(channel, query="王演示"), None)
        assert by_words.reason == "TOO_MANY_FOR_WORDS"
        given = approve(files_library, account=account, **{**EXPORT, "filter": ours})
        entry = take(channel)[0].export
        assert refused(lambda _: take(channel), None).reason == "FOUR_EYES_NEEDED"
        used = {
            each.name: each.used_for
            for each in Stub(channel)
            .ListActApprovals(wire.ListActApprovalsRequest(account=account))
            .approvals
        }
        assert (used[given.name], sorted(used.values())) == (entry.name, ["", "", "", entry.name])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account": ""}, "account"),
        ({"act": 0}, "act"),
        ({"act": 99}, "act"),
        ({"batch": "imports/x"}, "batch"),
        ({"reason": ""}, "reason"),
        ({"sheet": "teams"}, "sheet"),
        ({"purpose": "curiosity"}, "purpose"),
        ({"purpose": ""}, "purpose"),
        ({"max_people": 100}, "max_people"),
        ({"person": "persons/x"}, "person"),
        ({"act": wire.PERSON_ACT_ERASE, "person": "persons/x"}, "sheet"),
        ({"act": wire.PERSON_ACT_ERASE, "sheet": "", "purpose": "", "max_people": 0}, "person"),
    ],
)
def test_what_cannot_be_meant_is_named(talent: Installation, wrong: dict[str, Any], field: str) -> None:
    request = wire.ApproveActRequest(**{"account": "ann", "reason": "年检", **EXPORT, **wrong})
    with talent.channel("talent", OFFICER) as channel:
        failure = refused(Stub(channel).ApproveAct, request)
        assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", [field])
        wrong_person = wire.ListActApprovalsRequest(person="x")
        assert refused(Stub(channel).ListActApprovals, wrong_person).code == "INVALID_ARGUMENT"


def test_a_city_approves_nothing_beyond_itself_and_reads_its_own(talent: Installation) -> None:
    approve(talent, account="ann", **EXPORT)
    with talent.channel("talent", Grant("talent_officer", city="wuxi"), subject="wuxi-one") as city:
        request = wire.ApproveActRequest(**{"account": "ann", "reason": "年检", **EXPORT})
        assert refused(Stub(city).ApproveAct, request).reason == "CITY_NOT_GRANTED"
        assert not Stub(city).ListActApprovals(wire.ListActApprovalsRequest()).approvals
    with talent.channel("talent", Grant("supervisor"), subject="sun") as supervisor:
        assert Stub(supervisor).ApproveAct(request).approver == "sun"
