"""Every unary RPC of the talent service with each of its fields wrong in turn: the right status, field and rule, in
both languages, and nothing written.

What is checked before a handler runs (`services/chassis/rpc`) must hold for every method alike, so the requests are
made from the contract; the noise of `tests/contract/test_noise.py` goes deeper, into handlers.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from sqlalchemy import Engine

from services.chassis.contract import OUTPUT_ONLY, REQUIRED, behaviors_of, inner_type, is_own
from services.chassis.db import open_engine
from services.chassis.identity import ROLES, Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import Failure, read_failure
from tests.contract.coverage import contract_files
from tests.contract.installation import OFFICER, Installation, staff_token
from tests.contract.noise import message_of
from tests.contract.talent.rehearsal import rows

EVERYTHING = (OFFICER, *(Grant(each) for each in sorted(ROLES - {"talent_officer"})))
SPOILT = ("a\x00b", "王\u202e五", "\ufeff张三", "张\u200b三")
METHODS = [
    (f"/{file.package}.{service.name}/{method.name}", message_of(method.input_type))
    for file in contract_files()
    if file.package == "bole.talent.v1"
    for service in file.service
    for method in service.method
    if not method.client_streaming and not method.server_streaming
]
Asked = Iterator[tuple[Message, str, str]]
"""A request, and the field and the reason that its refusal must name."""


@dataclass(frozen=True)
class Desk:
    channel: grpc.Channel
    engine: Engine

    def refused(self, path: str, body: bytes, metadata: Any = ()) -> Failure:
        with pytest.raises(grpc.RpcError) as caught:
            self.channel.unary_unary(path, bytes, bytes)(body, timeout=60, metadata=metadata)
        return read_failure(caught.value)

    def refuses(self, asked: Callable[[type[Message]], Asked]) -> int:
        """Every request is refused for its field; how many there were. Nothing was written."""
        before, count = rows(self.engine), 0
        for path, kind in METHODS:
            for request, field, reason in asked(kind):
                failure = self.refused(path, request.SerializeToString())
                found = {(each.field, each.reason): each.text for each in failure.violations}
                assert failure.code == "INVALID_ARGUMENT", (path, field, failure)
                assert (field, reason) in found, (path, field, failure)
                text = found[field, reason]
                assert text.zh.startswith(field)
                assert text.en.startswith(field)
                count += 1
        assert rows(self.engine) == before
        return count


@pytest.fixture(scope="module")
def desk(talent: Installation) -> Iterator[Desk]:
    engine = open_engine(talent.settings.database_url("talent"))
    token = staff_token(talent, *EVERYTHING)
    with ExitStack() as opened:
        address = talent.settings.talent_address
        channel = opened.enter_context(open_channel(address, token=lambda: token, purpose="talent-service"))
        yield Desk(channel, engine)
    engine.dispose()


def fields_of(kind: type[Message], *types: int) -> Iterator[FieldDescriptor]:
    """Fields of a request that a caller may set, of these types or of any."""
    described: Any = kind.DESCRIPTOR
    for each in described.fields:
        if (not types or each.type in types) and OUTPUT_ONLY not in behaviors_of(each):
            yield each


def test_an_empty_request_names_all_that_is_missing_at_once(desk: Desk) -> None:
    asked = 0
    for path, kind in METHODS:
        needed = (each for each in fields_of(kind) if REQUIRED in behaviors_of(each))
        # A plain truth that is not there says no.
        wanted = {each.name for each in needed if each.type != FieldDescriptor.TYPE_BOOL or each.has_presence}
        if wanted:
            failure = desk.refused(path, b"")
            assert failure.code == "INVALID_ARGUMENT", path
            assert {each.field for each in failure.violations} == wanted, path
            asked += 1
    assert asked > 40


def test_a_field_of_another_wire_type_is_missing(desk: Desk) -> None:
    for path, kind in METHODS:
        for each in fields_of(kind, FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_MESSAGE):
            if REQUIRED in behaviors_of(each) and not each.is_repeated and each.number < 16:
                failure = desk.refused(path, bytes([each.number << 3, 1]))
                assert (each.name, "REQUIRED") in {(v.field, v.reason) for v in failure.violations}, path


def test_characters_that_nobody_sees_are_refused_in_every_text(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for number, each in enumerate(fields_of(kind, FieldDescriptor.TYPE_STRING)):
            spoilt, name = SPOILT[number % len(SPOILT)], each.name
            value = [spoilt] if each.is_repeated else spoilt
            yield kind(**{name: value}), f"{name}[0]" if each.is_repeated else name, "CHARACTER_NOT_ALLOWED"

    assert desk.refuses(asked) > 100


def test_values_that_no_enum_has_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in fields_of(kind, FieldDescriptor.TYPE_ENUM):
            value = [999] if each.is_repeated else 999
            name = f"{each.name}[0]" if each.is_repeated else each.name
            yield kind(**{each.name: value}), name, "UNKNOWN_VALUE"

    assert desk.refuses(asked) > 10


def test_numbers_that_are_none_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in fields_of(kind, FieldDescriptor.TYPE_DOUBLE):
            for value in (float("nan"), float("inf"), -float("inf")):
                yield kind(**{each.name: value}), each.name, "NOT_A_NUMBER"

    desk.refuses(asked)


def test_lists_without_end_are_refused_before_they_are_looked_at(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in fields_of(kind, FieldDescriptor.TYPE_STRING):
            if each.is_repeated:
                yield kind(**{each.name: ["x"] * 20_000}), each.name, "TOO_MANY_ITEMS"

    assert desk.refuses(asked) > 3


def test_request_ids_that_are_none_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        if "request_id" in kind.DESCRIPTOR.fields_by_name:
            yield kind(request_id="7"), "request_id", "REQUEST_ID_INVALID"
            yield kind(request_id="7" * 256), "request_id", "TOO_LONG"

    assert desk.refuses(asked) > 60


def test_pages_of_no_size_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        if "page_size" in kind.DESCRIPTOR.fields_by_name:
            yield kind(page_size=-1), "page_size", "PAGE_SIZE_NEGATIVE"

    assert desk.refuses(asked) > 10


def test_a_mask_names_what_there_is_and_may_be_changed(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        if "update_mask" in kind.DESCRIPTOR.fields_by_name:
            (resource,) = (
                each.name
                for each in fields_of(kind, FieldDescriptor.TYPE_MESSAGE)
                if REQUIRED in behaviors_of(each) and (inner := inner_type(each)) and is_own(inner)
            )
            for path, reason in (
                ("owner_org", "UNKNOWN_FIELD"),
                ("update_time", "FIELD_NOT_CHANGEABLE"),
                ("", "MASK_PATH_EMPTY"),
            ):
                given = {resource: {"name": "x/y"}, "update_mask": {"paths": [path]}}
                yield kind(**given), "update_mask", reason

    assert desk.refuses(asked) > 6


def test_bodies_that_cannot_be_read_are_the_callers_error(desk: Desk) -> None:
    for path, kind in METHODS[::10]:
        texts = [each for each in fields_of(kind, FieldDescriptor.TYPE_STRING) if each.number == 1]
        for body in (b"\x0a\x50abc", b"\xff" * 11, *(b"\x0a\x02\xff\xfe" for _ in texts)):
            failure = desk.refused(path, body)
            assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "BODY_UNREADABLE"), path


def test_what_is_too_large_or_unknown_has_its_own_status(desk: Desk) -> None:
    path = METHODS[0][0]
    assert desk.refused(path, bytes(5_000_000)).code == "RESOURCE_EXHAUSTED"
    assert desk.refused(path, b"", [("x-note", "x" * 20_000)]).code == "RESOURCE_EXHAUSTED"
    assert desk.refused("/bole.talent.v1.LibraryService/Nothing", b"").code == "UNIMPLEMENTED"
