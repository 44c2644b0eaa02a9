"""EvidenceService: entered by one, confirmed by another, counted by printed rules; erased people leave a count."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask

from bole.talent.v1 import evidence_pb2, evidence_service_pb2_grpc, library_service_pb2_grpc
from bole.talent.v1 import evidence_service_pb2 as wire
from bole.talent.v1 import library_service_pb2 as library_wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import date_to_wire
from services.kernel.clock import civil_date
from tests.contract.installation import Installation, fields, refused
from tests.contract.talent.approving import let_erase

Kind = evidence_pb2.EvidenceKind
State = evidence_pb2.EvidenceRecord.State
Light = evidence_pb2.TargetProgress.Light
TODAY = civil_date(datetime.now(UTC))


@contextmanager
def signed_in(whole: Installation, subject: str, *grants: Grant) -> Iterator[Any]:
    with whole.channel("talent", *grants, subject=subject) as channel:
        yield evidence_service_pb2_grpc.EvidenceServiceStub(channel)


@pytest.fixture
def staff(whole: Installation) -> Iterator[dict[str, Any]]:
    people = {
        "ann": Grant("talent_officer"),
        "bo": Grant("talent_officer"),
        "wu": Grant("talent_officer", city="wuxi"),
        "view": Grant("talent_viewer"),
        "eve": Grant("partner_scout"),
    }
    with ExitStack() as stack:
        yield {name: stack.enter_context(signed_in(whole, name, grant)) for name, grant in people.items()}


def record(**changes: Any) -> evidence_pb2.EvidenceRecord:
    given = {
        "source_ref": f"E-{uuid4()}",
        "kind": Kind.EVIDENCE_KIND_SCENARIO,
        "title": "港口氢能集卡示范",
        "city_code": "南通",
        "industry_code": "氢能",
        "approved_date": date_to_wire(TODAY - timedelta(days=90)),
        "opened_date": date_to_wire(TODAY - timedelta(days=30)),
        "document": "苏工信〔2026〕12号",
        "department_code": "gongxinting",
        **changes,
    }
    return evidence_pb2.EvidenceRecord(**{name: value for name, value in given.items() if value is not None})


def create(stub: Any, **changes: Any) -> Any:
    return stub.CreateEvidenceRecord(wire.CreateEvidenceRecordRequest(evidence_record=record(**changes)))


def confirm(stub: Any, made: Any) -> Any:
    return stub.ConfirmEvidenceRecord(wire.ConfirmEvidenceRecordRequest(name=made.name, etag=made.etag))


def goal(stub: Any, id_: str, day: date | None = None) -> Any:
    request = wire.ListTargetProgressRequest(target=id_)
    if day is not None:
        request.as_of_date.CopyFrom(date_to_wire(day))
    (found,) = stub.ListTargetProgress(request).targets
    return found


def test_a_record_counts_once_a_second_person_confirms_it(staff: dict[str, Any]) -> None:
    before = goal(staff["view"], "T2030-scenarios")
    made = create(staff["ann"])
    assert (made.state, made.city_code, made.industry_code) == (State.STATE_ENTERED, "nantong", "hydrogen")
    waiting = goal(staff["view"], "T2030-scenarios")
    assert waiting.actual == before.actual
    assert {each.record: each.reason.en for each in waiting.uncounted}[made.name] == "not confirmed"
    own = wire.ConfirmEvidenceRecordRequest(name=made.name, etag=made.etag)
    assert refused(staff["ann"].ConfirmEvidenceRecord, own).reason == "SAME_HAND"
    done = confirm(staff["bo"], made)
    assert (done.state, done.confirmed_by) == (State.STATE_CONFIRMED, "bo")
    after = goal(staff["view"], "T2030-scenarios")
    assert after.actual == before.actual + 1
    assert made.name in after.counted
    assert 0 <= after.probability <= 1
    assert after.light in (Light.LIGHT_GREEN, Light.LIGHT_YELLOW, Light.LIGHT_RED)
    assert goal(staff["view"], "T2030-scenarios", TODAY - timedelta(days=40)).actual == before.actual


def test_a_change_asks_for_a_new_confirmation_and_a_voided_record_stays(staff: dict[str, Any]) -> None:
    made = confirm(staff["bo"], create(staff["ann"]))
    change = wire.UpdateEvidenceRecordRequest(
        evidence_record=evidence_pb2.EvidenceRecord(name=made.name, etag=made.etag, title="改名"),
        update_mask=FieldMask(paths=["title"]),
    )
    changed = staff["bo"].UpdateEvidenceRecord(change)
    assert (changed.state, changed.title, changed.entered_by) == (State.STATE_ENTERED, "改名", "bo")
    assert changed.document == made.document
    assert refused(staff["bo"].UpdateEvidenceRecord, change).code == "ABORTED"
    void = wire.VoidEvidenceRecordRequest(name=made.name, etag=changed.etag, reason="重复登记")
    gone = staff["ann"].VoidEvidenceRecord(void)
    assert (gone.state, gone.void_reason) == (State.STATE_VOIDED, "重复登记")
    delete = wire.DeleteEvidenceRecordRequest(name=gone.name, etag=gone.etag)
    assert refused(staff["ann"].DeleteEvidenceRecord, delete).reason == "EVIDENCE_STATE"


def test_a_record_never_confirmed_can_be_deleted(staff: dict[str, Any]) -> None:
    request = wire.CreateEvidenceRecordRequest(evidence_record=record(), request_id=str(uuid4()))
    made = staff["ann"].CreateEvidenceRecord(request)
    assert staff["ann"].CreateEvidenceRecord(request) == made
    staff["ann"].DeleteEvidenceRecord(wire.DeleteEvidenceRecordRequest(name=made.name, etag=made.etag))
    assert (
        refused(staff["ann"].GetEvidenceRecord, wire.GetEvidenceRecordRequest(name=made.name)).code
        == "NOT_FOUND"
    )


def test_records_are_listed_by_filter(staff: dict[str, Any]) -> None:
    made = create(staff["ann"], title="可过滤的场景", city_code="泰州")
    asked = 'kind = SCENARIO AND city_code = 泰州 AND title = "可过滤的场景" AND state = ENTERED'
    found = staff["view"].ListEvidenceRecords(
        wire.ListEvidenceRecordsRequest(filter=asked, order_by="opened_date desc")
    )
    assert [each.name for each in found.records] == [made.name]
    assert found.total_size == 1


def test_a_talent_is_named_in_the_library_alone_and_erasure_leaves_the_record(
    whole: Installation, staff: dict[str, Any]
) -> None:
    with whole.channel("talent", Grant("talent_officer")) as channel:
        library = library_service_pb2_grpc.LibraryServiceStub(channel)
        person = library.ListPersons(
            library_wire.ListPersonsRequest(filter='city_code = "wuxi" AND state = ACTIVE', page_size=1)
        ).persons[0]
        talent = {
            "kind": Kind.EVIDENCE_KIND_INNOVATIVE_TALENT,
            "title": "",
            "approved_date": None,
            "subject": person.name,
            "city_code": "无锡",
        }
        made = confirm(staff["bo"], create(staff["ann"], **talent))
        assert made.name in goal(staff["view"], "T2030-innovative-talent").counted
        let_erase(whole, person.name)
        library.ErasePerson(library_wire.ErasePersonRequest(name=person.name, reason="档案重复"))
    left = staff["view"].GetEvidenceRecord(wire.GetEvidenceRecordRequest(name=made.name))
    assert (left.subject, left.state) == ("", State.STATE_CONFIRMED)
    after = goal(staff["view"], "T2030-innovative-talent")
    assert made.name not in after.counted
    named = refused(
        staff["ann"].CreateEvidenceRecord,
        wire.CreateEvidenceRecordRequest(evidence_record=record(**{**talent, "title": "王小明"})),
    )
    assert "evidence_record.title" in fields(named)
    unknown = refused(
        staff["ann"].CreateEvidenceRecord,
        wire.CreateEvidenceRecordRequest(evidence_record=record(**{**talent, "subject": "persons/nobody"})),
    )
    assert "evidence_record.subject" in fields(unknown)


def test_all_goals_are_reported_with_their_rules(staff: dict[str, Any]) -> None:
    found = staff["view"].ListTargetProgress(wire.ListTargetProgressRequest())
    numbered = [each for each in found.targets if each.HasField("value")]
    milestones = [each for each in found.targets if not each.HasField("value")]
    assert (len(numbered), len(milestones)) == (8, 8)
    for each in numbered:
        assert each.rule.zh
        assert each.rule.en
        assert each.actual + each.shortfall >= each.value
    for each in milestones:
        assert not each.HasField("actual")
        assert not each.HasField("probability")
        assert each.light == Light.LIGHT_UNSPECIFIED
    assert found.method_note.zh
    overdue = {each.target: each.light for each in numbered}["T2025-carriers"]
    assert overdue == Light.LIGHT_GREY


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"source_ref": ""}, "evidence_record.source_ref"),
        ({"kind": 0}, "evidence_record.kind"),
        ({"kind": 99}, "evidence_record.kind"),
        ({"city_code": "atlantis"}, "evidence_record.city_code"),
        ({"industry_code": "alchemy"}, "evidence_record.industry_code"),
        ({"department_code": "nobody"}, "evidence_record.department_code"),
        ({"kind": Kind.EVIDENCE_KIND_PLATFORM, "type_code": "palace"}, "evidence_record.type_code"),
        ({"opened_date": date_to_wire(TODAY + timedelta(days=2))}, "evidence_record.opened_date"),
        ({"closed_date": date_to_wire(TODAY - timedelta(days=200))}, "evidence_record.closed_date"),
        ({"quantity": 7}, "evidence_record.quantity"),
        ({"quantity": -7}, "evidence_record.quantity"),
        ({"title": "x" * 201}, "evidence_record.title"),
        ({"subject": "persons/1"}, "evidence_record.subject"),
    ],
)
def test_a_wrong_record_is_refused_by_field(
    staff: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    request = wire.CreateEvidenceRecordRequest(evidence_record=record(**changes))
    failure = refused(staff["ann"].CreateEvidenceRecord, request)
    assert failure.code == "INVALID_ARGUMENT"
    assert field in fields(failure), failure


def test_other_wrong_requests_are_refused(staff: dict[str, Any]) -> None:
    made = create(staff["ann"])
    again = wire.CreateEvidenceRecordRequest(evidence_record=record(source_ref=made.source_ref))
    assert refused(staff["ann"].CreateEvidenceRecord, again).reason == "SOURCE_REF_TAKEN"
    assert refused(staff["wu"].CreateEvidenceRecord, again).reason == "CITY_NOT_GRANTED"
    mine = wire.ConfirmEvidenceRecordRequest(name=made.name, etag=made.etag)
    assert refused(staff["wu"].ConfirmEvidenceRecord, mine).reason == "CITY_NOT_GRANTED"
    assert refused(staff["view"].ConfirmEvidenceRecord, mine).code == "PERMISSION_DENIED"
    for stub, call, request, field in (
        ("view", "GetEvidenceRecord", wire.GetEvidenceRecordRequest(name="evidence/1"), "name"),
        ("view", "ListEvidenceRecords", wire.ListEvidenceRecordsRequest(filter="colour = red"), "filter"),
        ("view", "ListTargetProgress", wire.ListTargetProgressRequest(target="T2030-scenario"), "target"),
        (
            "view",
            "ListTargetProgress",
            wire.ListTargetProgressRequest(as_of_date=date_to_wire(TODAY + timedelta(days=2))),
            "as_of_date",
        ),
        (
            "ann",
            "VoidEvidenceRecord",
            wire.VoidEvidenceRecordRequest(name=made.name, etag=made.etag),
            "reason",
        ),
        (
            "ann",
            "UpdateEvidenceRecord",
            wire.UpdateEvidenceRecordRequest(
                evidence_record=evidence_pb2.EvidenceRecord(name=made.name, title="x")
            ),
            "evidence_record.etag",
        ),
    ):
        failure = refused(getattr(staff[stub], call), request)
        assert failure.code == "INVALID_ARGUMENT", failure
        assert field in fields(failure), failure
    everything = wire.ListEvidenceRecordsRequest()
    assert refused(staff["eve"].ListEvidenceRecords, everything).code == "PERMISSION_DENIED"


def test_what_is_not_registered_cannot_be_confirmed(staff: dict[str, Any]) -> None:
    unknown = wire.ConfirmEvidenceRecordRequest(
        name="evidenceRecords/01j00000000000000000000000", etag='"v1"'
    )
    assert refused(staff["bo"].ConfirmEvidenceRecord, unknown).code == "NOT_FOUND"
    assert refused(staff["bo"].ConfirmEvidenceRecord, type(unknown)()).code == "INVALID_ARGUMENT"
