"""Good and bad calls through a real server on loopback."""

import asyncio
import random
import re
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial

import grpc
import pytest

from services.chassis.identity.identity import Grant
from services.chassis.rpc.channel import open_aio_channel
from services.chassis.rpc.exchange import DEFAULT_SECONDS, LONGEST_SECONDS
from services.chassis.rpc.failures import Failure, read_failure
from tests.contract.chassis.conftest import House, code_of
from tests.contract.chassis.trial import NAME, contract, record

Code = grpc.StatusCode
# gRPC lays deadlines on the wall clock and keeps them on its own: the two may have drifted apart.
_PASSED = -60.0


def request(name: str = "records/1", **more: object) -> object:
    return contract()[0].GetRecordRequest(name=name, **more)


def failure(house: House, name: str) -> Failure:
    with house.stub(house.officer()) as stub, pytest.raises(grpc.RpcError) as caught:
        stub.GetRecord(request(name))
    return read_failure(caught.value)


def test_a_handler_sees_who_calls_and_for_what(house: House) -> None:
    with house.stub(house.officer("contact"), purpose="contact") as stub:
        shown = stub.GetRecord(request())
    call = house.trial.calls[-1]
    assert (call.principal.subject, call.purpose, call.method) == ("li.si", "contact", f"{NAME}.GetRecord")
    assert 0 < call.remaining() < 300
    assert (shown.display_name, shown.phone, shown.unlevelled) == ("张三丰", "13800000000", "")


def test_without_a_purpose_names_are_masked_and_contacts_are_gone(house: House) -> None:
    with house.stub(house.officer("contact")) as stub:
        shown = stub.GetRecord(request())
    assert (shown.display_name, shown.phone, shown.shares[0].code) == ("张**", "", "seawater-h2")
    assert house.revealed == []


def test_what_is_revealed_is_reported_before_it_leaves(house: House) -> None:
    with house.stub(house.officer("talent-service", city="nantong"), purpose="talent-service") as stub:
        assert stub.GetRecord(request()).display_name == "张三丰"
    ((call, fields, resources),) = house.revealed
    assert (fields, resources) == (frozenset({"display_name"}), frozenset({"records/1"}))
    assert call.principal.subject == "li.si"


def test_a_grant_for_another_city_reveals_nothing(house: House) -> None:
    with house.stub(house.officer("contact", city="suzhou"), purpose="contact") as stub:
        assert stub.GetRecord(request()).display_name == "张**"


def test_a_partner_sees_public_fields_only(house: House) -> None:
    with house.stub(partner_key=lambda: house.partner_key) as stub:
        shown = stub.GetRecord(request())
    assert {field.name for field, _ in shown.ListFields()} == {"name", "display_name", "city_code"}
    assert shown.display_name == "张**"


def test_every_missing_field_is_named_at_once(house: House) -> None:
    with house.stub(house.officer()) as stub, pytest.raises(grpc.RpcError) as caught:
        stub.SaveRecord(contract()[0].SaveRecordRequest(record={"shares": [{"weight": 1}]}))
    told = read_failure(caught.value)
    assert told.code == "INVALID_ARGUMENT"
    assert {violation.field for violation in told.violations} == {
        "colour",
        "record.display_name",
        "record.shares[0].code",
    }
    assert all(
        "必填" in violation.text.zh and "required" in violation.text.en for violation in told.violations
    )
    assert house.trial.calls == []


@pytest.mark.parametrize(
    "body",
    [b"\x0a\x50abc", b"\x0a\x02\xff\xfe", b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"],
    ids=["truncated", "not-utf8", "noise"],
)
def test_an_unreadable_body_is_the_callers_error(house: House, body: bytes) -> None:
    with house.raw("GetRecord", house.officer()) as send, pytest.raises(grpc.RpcError) as caught:
        send(body)
    assert read_failure(caught.value).reason == "BODY_UNREADABLE"
    assert read_failure(caught.value).code == "INVALID_ARGUMENT"


def test_nesting_is_refused_at_every_depth(house: House) -> None:
    for depth in (20, 150):
        body = b""
        for _ in range(depth):
            body = b"\x5a" + _varint(len(body)) + body
        body = b"\x0a" + _varint(len(body)) + body
        with house.raw("SaveRecord", house.officer()) as send:
            assert code_of(partial(send, body)) is Code.INVALID_ARGUMENT


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def test_an_oversize_message_is_refused(house: House) -> None:
    messages, _ = contract()
    with house.stub(house.officer()) as stub:
        big = messages.GetRecordRequest(name="x" * 5_000_000)
        assert code_of(lambda: stub.GetRecord(big)) is Code.RESOURCE_EXHAUSTED
        gzip = grpc.Compression.Gzip
        assert code_of(lambda: stub.GetRecord(big, compression=gzip)) is Code.RESOURCE_EXHAUSTED


def test_credentials(house: House) -> None:
    officer = house.officer()
    header, _, rest = officer.partition(".")
    now = datetime.now(UTC)
    bad = {
        "garbage": "abc",
        "tampered": f"{header}.{rest[:-4]}AAAA",
        "unsigned": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
        "expired": house.token(
            Grant("talent_officer"), ttl=timedelta(seconds=1), now=now - timedelta(hours=1)
        ),
        "future": house.token(Grant("talent_officer"), now=now + timedelta(hours=1)),
    }
    for token in bad.values():
        with house.stub(token) as stub:
            assert code_of(partial(stub.GetRecord, request())) is Code.UNAUTHENTICATED
    with house.stub() as stub:
        assert code_of(lambda: stub.GetRecord(request())) is Code.UNAUTHENTICATED
        twice = [("authorization", f"Bearer {officer}")] * 2
        assert code_of(lambda: stub.GetRecord(request(), metadata=twice)) is Code.UNAUTHENTICATED
        assert stub.GetRecord(request(), metadata=twice[:1]).name == "records/1"
    for key in ("blk_key1_" + "x" * 43, "blk_none_" + "x" * 43, "nonsense"):
        with house.stub(partner_key=lambda key=key: key) as stub:
            assert code_of(partial(stub.GetRecord, request())) is Code.UNAUTHENTICATED
    assert house.trial.calls[1:] == []


def test_roles_and_purposes(house: House) -> None:
    cases = [
        (house.token(Grant("talent_viewer")), "GetRecord", None),
        (house.token(Grant("auditor")), "SaveRecord", None),
        (house.token(Grant("emperor")), "GetRecord", None),
        (house.token(Grant("talent_officer", not_after=datetime(2020, 1, 1, tzinfo=UTC))), "GetRecord", None),
        (house.officer(), "Forgotten", None),
        (house.officer(), "GetRecord", "contact"),
    ]
    for token, method, purpose in cases:
        with house.stub(token, purpose=purpose) as stub:
            # An empty request: permission is judged before content.
            empty = contract()[0].SaveRecordRequest() if method == "SaveRecord" else request()
            call = getattr(stub, method)
            assert code_of(partial(call, empty)) is Code.PERMISSION_DENIED
    assert house.refused == ["ROLE_MISSING"] * 5 + ["PURPOSE_NOT_GRANTED"]
    with house.stub(house.officer("contact"), purpose="curiosity") as stub:
        assert code_of(lambda: stub.GetRecord(request())) is Code.INVALID_ARGUMENT
    assert house.trial.calls == []


@pytest.mark.parametrize("name", ["records/bug", "records/wrong"])
def test_an_unexpected_error_tells_nothing_but_a_request_id(house: House, name: str) -> None:
    told = failure(house, name)
    assert told.code == "INTERNAL"
    assert told.request_id in told.text.en
    assert told.request_id in told.text.zh
    assert "secret" not in repr(told)
    assert "张三" not in repr(told)


def test_errors_of_the_domain_keep_reason_texts_and_details(house: House) -> None:
    none, state, many = (failure(house, f"records/{name}") for name in ("none", "state", "many"))
    assert (none.code, none.metadata["resource"]) == ("NOT_FOUND", "records/none")
    assert (state.code, state.text.zh) == ("FAILED_PRECONDITION", "缺少材料")
    assert [(v.field, v.reason, v.text.zh, v.text.en) for v in state.violations] == [
        ("plan", "MISSING", "缺计划书", "no plan")
    ]
    assert (many.code, many.retry_seconds) == ("RESOURCE_EXHAUSTED", 2.0)


def test_an_unknown_method_is_unimplemented(house: House) -> None:
    for method in ("Nothing", "Unwritten"):
        with house.raw(method, house.officer()) as send:
            assert code_of(partial(send, b"")) is Code.UNIMPLEMENTED


def test_a_deadline_that_has_passed_runs_nothing(house: House) -> None:
    with house.stub(house.officer()) as stub:
        assert code_of(lambda: stub.GetRecord(request(), timeout=_PASSED)) is Code.DEADLINE_EXCEEDED
    assert house.trial.calls == []


def test_a_deadline_is_ten_seconds_unless_stated_and_an_hour_at_most(house: House) -> None:
    year = timedelta(days=365).total_seconds()
    bearer = [("authorization", f"Bearer {house.officer()}")]
    with grpc.insecure_channel(house.address) as channel:  # the shipped one states a deadline by itself
        for timeout in (None, year):
            contract()[1].TrialServiceStub(channel).GetRecord(request(), timeout=timeout, metadata=bearer)
    unstated, long = (call.deadline - time.monotonic() for call in house.trial.calls)
    assert unstated <= DEFAULT_SECONDS
    assert DEFAULT_SECONDS < long <= LONGEST_SECONDS


def test_streams_redact_a_shared_message_for_each_reader(house: House) -> None:
    with house.stub(house.officer("contact")) as stub:
        masked = list(stub.WatchRecords(request("records/two")))
        clear = list(stub.WatchRecords(request("records/two"), metadata=[("x-bole-purpose", "contact")]))
    assert [each.display_name for each in masked + clear] == ["张**", "张**", "张三丰", "张三丰"]


def test_a_cancelled_stream_ends_in_the_handler_too(house: House) -> None:
    with house.stub(house.officer()) as stub:
        stream = stub.WatchRecords(request())
        assert next(stream).name == "records/1"
        stream.cancel()
        assert house.trial.stream_ended.wait(60)


def test_a_stream_that_fails_tells_nothing(house: House) -> None:
    with house.stub(house.officer()) as stub, pytest.raises(grpc.RpcError) as caught:
        list(stub.WatchRecords(request("records/bug")))
    assert read_failure(caught.value).code == "INTERNAL"
    assert "secret" not in str(caught.value)
    with house.stub(house.officer()) as stub:
        assert code_of(lambda: list(stub.WatchRecords(request("")))) is Code.INVALID_ARGUMENT


def test_an_upload_arrives_whole_or_not_at_all(house: House) -> None:
    chunk = contract()[0].Chunk
    with house.stub(house.officer()) as stub:
        assert stub.ImportRecords(iter([chunk(data=b"ab"), chunk(data=b"cd")])).name == "records/1"
        large = (chunk(data=bytes(3_000_000)) for _ in range(12))
        assert code_of(lambda: stub.ImportRecords(large)) is Code.RESOURCE_EXHAUSTED

    async def cancel_halfway() -> None:
        async with open_aio_channel(house.address, token=house.officer) as channel:
            call = contract()[1].TrialServiceStub(channel).ImportRecords()
            await call.write(chunk(data=b"ab"))
            call.cancel()

    asyncio.run(cancel_halfway())
    with house.stub(house.officer()) as stub:
        stub.GetRecord(request())
    assert house.trial.uploads == [4]


def test_the_asyncio_channel_speaks_the_same(house: House) -> None:
    async def talk() -> tuple[str, list[str]]:
        async with open_aio_channel(house.address, services=[NAME], token=house.officer) as channel:
            stub = contract()[1].TrialServiceStub(channel)
            one = await stub.GetRecord(request())
            return one.name, [each.name async for each in stub.WatchRecords(request("records/two"))]

    assert asyncio.run(talk()) == ("records/1", ["records/1", "records/1"])


@pytest.mark.usefixtures("behind_a_proxy")
def test_services_are_asked_past_the_proxy_of_the_environment(house: House) -> None:
    async def ask() -> str:
        async with open_aio_channel(house.address, token=house.officer) as channel:
            stub = contract()[1].TrialServiceStub(channel)
            answer = await stub.GetRecord(request())
            return str(answer.name)

    assert asyncio.run(ask()) == "records/1"
    with house.stub(house.officer()) as stub:
        assert stub.GetRecord(request()).name == "records/1"


def test_a_trace_goes_through(house: House) -> None:
    with house.stub(house.officer()) as stub:
        parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        stub.GetRecord(request(), metadata=[("traceparent", parent), ("x-request-id", "request-0001")])
    call = house.trial.calls[-1]
    assert (call.trace.trace_id, call.request_id) == ("0af7651916cd43dd8448eb211c80319c", "request-0001")
    assert call.trace.span_id != "b7ad6b7169203331"


def test_who_gives_no_request_id_gets_one_of_his_own(house: House) -> None:
    with house.stub(house.officer()) as stub:
        for given in ((), (), (("x-request-id", "short"),)):
            stub.GetRecord(request(), metadata=given)
    ids = [call.request_id for call in house.trial.calls[-3:]]
    assert len(set(ids)) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)


def test_fields_only_the_service_sets_never_reach_a_handler(house: House) -> None:
    messages, _ = contract()
    with house.stub(house.officer()) as stub:
        stub.SaveRecord(messages.SaveRecordRequest(record=record(state="approved"), colour=1))
    assert house.trial.calls[-1].record.state == ""


def test_every_call_is_counted(house: House) -> None:
    failure(house, "records/none")
    failure(house, "records/bug")
    sample = house.metrics.registry.get_sample_value
    method = f"{NAME}.GetRecord"
    assert sample("bole_rpc_started_total", {"method": method}) == 2
    assert sample("bole_rpc_handled_total", {"method": method, "code": "NOT_FOUND"}) == 1
    assert sample("bole_rpc_handled_total", {"method": method, "code": "INTERNAL"}) == 1


def test_mutated_requests_never_cause_an_internal_error(house: House) -> None:
    chance = random.Random(7)
    good = contract()[0].SaveRecordRequest(record=record(count=3), colour=1).SerializeToString()
    codes = Counter[str]()
    with house.raw("SaveRecord", house.officer()) as send:
        for _ in range(400):
            body = bytearray(good)
            for _ in range(chance.randint(1, 4)):
                body[chance.randrange(len(body))] = chance.randrange(256)
            try:
                send(bytes(body))
                codes["OK"] += 1
            except grpc.RpcError as error:
                codes[read_failure(error).code] += 1
    assert set(codes) <= {"OK", "INVALID_ARGUMENT"}
    assert codes["OK"] > 0
