"""Every RPC of the three services that takes one message, with each field wrong in turn, those of what it carries too:
the right status, field and rule, in both languages, and nothing written.

What is checked before a handler runs (`services/chassis/rpc`) must hold for every method alike, so the requests are
made from the contract; the noise of `tests/contract/test_noise.py` goes deeper, into handlers.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple

import grpc
import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from sqlalchemy import Engine, MetaData, func, literal, select, union_all

from services.chassis.contract import (
    OUTPUT_ONLY,
    REQUIRED,
    access_of,
    behaviors_of,
    inner_type,
    is_map,
    is_own,
)
from services.chassis.identity.identity import ROLES, Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import Failure, read_failure
from services.chassis.storage.db import open_engine
from services.console.gateway.bindings import SERVICES, methods_of
from tests.contract.installation import OFFICER, Installation, staff_token
from tests.contract.noise import message_of

EVERYTHING = (OFFICER, *(Grant(each) for each in sorted(ROLES - {"talent_officer"})))
SPOILT = ("a\x00b", "王\u202e五", "\ufeff张三", "张\u200b三")
TEXT = FieldDescriptor.TYPE_STRING
DEEPEST = 4
WRITTEN = {
    "talent": (
        "person",
        "team",
        "position",
        "consent_entry",
        "statement",
        "evidence",
        "nomination",
        "report_step",
    ),
    "funding": (
        "firm_version",
        "fund",
        "trail",
        "journal",
        "committee",
        "interest",
        "saved_search",
        "deal_note",
    ),
    "matcher": ("partner", "partner_key", "webhook", "proposal_step", "feedback", "weighing", "match_run"),
}
"""Tables in which what callers change stands; no loop writes to them."""


class Method(NamedTuple):
    path: str
    kind: type[Message]


METHODS = {
    service: [
        Method(
            f"/{each.containing_service.full_name}/{each.name}",
            message_of(each.input_type.full_name),
        )
        for each in methods_of(service)
        if not each.client_streaming and set(access_of(each).roles) & ROLES
    ]
    for service in SERVICES
}
Asked = Iterator[tuple[Message, str, str]]
"""A request, and the field and the reason that its refusal must name."""


@dataclass(frozen=True)
class Desk:
    methods: list[Method]
    channel: grpc.Channel
    engine: Engine
    tables: tuple[str, ...]

    def refused(self, path: str, body: bytes, metadata: Any = ()) -> Failure:
        # To a client, one message that does not come is a stream of none.
        with pytest.raises(grpc.RpcError) as caught:
            list(self.channel.unary_stream(path, bytes, bytes)(body, timeout=60, metadata=metadata))
        return read_failure(caught.value)

    def refuses(self, asked: Callable[[type[Message]], Asked]) -> int:
        """Every request is refused for its field; how many there were. Nothing was written."""
        before, count = self.rows(), 0
        for path, kind in self.methods:
            for request, field, reason in asked(kind):
                failure = self.refused(path, request.SerializeToString())
                found = {(each.field, each.reason): each.text for each in failure.violations}
                assert failure.code == "INVALID_ARGUMENT", (path, field, failure)
                assert (field, reason) in found, (path, field, failure)
                text = found[field, reason]
                assert text.zh.startswith(field)
                assert text.en.startswith(field)
                count += 1
        assert self.rows() == before
        return count

    def rows(self) -> dict[str, int]:
        """How many there are in each of the tables."""
        metadata = MetaData()
        metadata.reflect(self.engine, only=self.tables)
        counts = (
            select(literal(name), func.count()).select_from(metadata.tables[name]) for name in self.tables
        )
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(union_all(*counts))}


@pytest.fixture(scope="module", params=SERVICES)
def desk(whole: Installation, request: pytest.FixtureRequest) -> Iterator[Desk]:
    service = request.param
    engine = open_engine(whole.settings.database_url(service))
    token = staff_token(whole, *EVERYTHING)
    with ExitStack() as opened:
        address = getattr(whole.settings, f"{service}_address")
        channel = opened.enter_context(open_channel(address, token=lambda: token, purpose="talent-service"))
        yield Desk(METHODS[service], channel, engine, WRITTEN[service])
    engine.dispose()


def fields_of(kind: type[Message], *types: int) -> Iterator[FieldDescriptor]:
    """Fields of a request that a caller may set, of these types or of any."""
    described: Any = kind.DESCRIPTOR
    yield from _settable(described, types)


def _settable(described: Descriptor, types: tuple[int, ...]) -> Iterator[FieldDescriptor]:
    for each in described.fields:
        if (not types or each.type in types) and OUTPUT_ONLY not in behaviors_of(each) and not is_map(each):
            yield each


class Leaf(NamedTuple):
    """A field somewhere in a request: the way to it, from the outermost."""

    way: tuple[FieldDescriptor, ...]

    @property
    def path(self) -> str:
        """As violations name it, of the first of each list."""
        return ".".join(f"{each.name}[0]" if each.is_repeated else each.name for each in self.way)

    def request(self, kind: type[Message], value: Any) -> Message:
        """A request in which nothing but this field has a value."""
        made = holder = kind()
        for each in self.way[:-1]:
            inner = getattr(holder, each.name)
            holder = inner.add() if each.is_repeated else inner
        if self.way[-1].is_repeated:
            getattr(holder, self.way[-1].name).append(value)
        else:
            setattr(holder, self.way[-1].name, value)
        return made


def leaves(kind: type[Message], *types: int) -> Iterator[Leaf]:
    """All fields of these types in a request and in what it carries."""
    described: Any = kind.DESCRIPTOR
    yield from _leaves(described, (), types)


def _leaves(
    described: Descriptor, way: tuple[FieldDescriptor, ...], types: tuple[int, ...]
) -> Iterator[Leaf]:
    for each in _settable(described, ()):
        inner = inner_type(each)
        if each.type in types:
            yield Leaf((*way, each))
        elif inner is not None and is_own(inner) and len(way) < DEEPEST:
            yield from _leaves(inner, (*way, each), types)


def test_an_empty_request_names_all_that_is_missing_at_once(desk: Desk) -> None:
    asked = 0
    for path, kind in desk.methods:
        needed = (each for each in fields_of(kind) if REQUIRED in behaviors_of(each))
        # A plain truth that is not there says no, and a number nought.
        wanted = {each.name for each in needed if each.is_repeated or each.has_presence or each.type == TEXT}
        if wanted:
            failure = desk.refused(path, b"")
            assert failure.code == "INVALID_ARGUMENT", path
            assert {each.field for each in failure.violations} >= wanted, path
            asked += 1
    assert asked > 20


def test_a_field_of_another_wire_type_is_missing(desk: Desk) -> None:
    asked = 0
    for path, kind in desk.methods:
        for each in fields_of(kind, TEXT, FieldDescriptor.TYPE_MESSAGE):
            if REQUIRED in behaviors_of(each) and not each.is_repeated and each.number < 16:
                failure = desk.refused(path, bytes([each.number << 3, 1]))
                assert (each.name, "REQUIRED") in {(v.field, v.reason) for v in failure.violations}, path
                asked += 1
    assert asked > 20


def test_characters_that_nobody_sees_are_refused_in_every_text(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for number, each in enumerate(leaves(kind, TEXT)):
            yield each.request(kind, SPOILT[number % len(SPOILT)]), each.path, "CHARACTER_NOT_ALLOWED"

    assert desk.refuses(asked) > 100


def test_values_that_no_enum_has_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in leaves(kind, FieldDescriptor.TYPE_ENUM):
            yield each.request(kind, 999), each.path, "UNKNOWN_VALUE"

    assert desk.refuses(asked) > 10


def test_numbers_that_are_none_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in leaves(kind, FieldDescriptor.TYPE_DOUBLE):
            for value in (float("nan"), float("inf"), -float("inf")):
                yield each.request(kind, value), each.path, "NOT_A_NUMBER"

    assert desk.refuses(asked) > 2


def test_lists_without_end_are_refused_before_they_are_looked_at(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in fields_of(kind):
            made: Any = kind()
            if each.is_repeated and each.type == FieldDescriptor.TYPE_ENUM:
                getattr(made, each.name).extend([1] * 1_000_001)
            elif each.is_repeated and (inner := inner_type(each)) is not None:
                getattr(made, each.name).extend([message_of(inner.full_name)()] * 1_000_001)
            elif each.is_repeated and each.type == TEXT:
                getattr(made, each.name).extend(["x"] * 1_000_001)
            else:
                continue
            yield made, each.name, "TOO_MANY_ITEMS"

    assert desk.refuses(asked) > 2


def test_request_ids_that_are_none_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for each in leaves(kind, TEXT):
            if each.way[-1].name == "request_id":
                yield each.request(kind, "7"), each.path, "REQUEST_ID_INVALID"
                yield each.request(kind, "7" * 256), each.path, "TOO_LONG"

    assert desk.refuses(asked) > 20


def test_pages_of_no_size_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        if "page_size" in kind.DESCRIPTOR.fields_by_name:
            yield kind(page_size=-1), "page_size", "PAGE_SIZE_NEGATIVE"

    assert desk.refuses(asked) > 3


def test_page_tokens_that_nobody_gave_out_are_refused(desk: Desk) -> None:
    asked = 0
    for path, kind in desk.methods:
        if "page_token" in kind.DESCRIPTOR.fields_by_name:
            needed = [each.name for each in fields_of(kind) if REQUIRED in behaviors_of(each)]
            for token in ("bm90", "' OR 1=1 --", "A" * 200):
                failure = desk.refused(path, kind(page_token=token).SerializeToString())
                assert failure.code == "INVALID_ARGUMENT", (path, failure)
                if not needed:
                    assert [each.field for each in failure.violations] == ["page_token"], (path, failure)
                    asked += 1
    assert asked > 2


def test_filters_and_orders_of_a_megabyte_are_refused(desk: Desk) -> None:
    def asked(kind: type[Message]) -> Asked:
        for name in {"filter", "order_by"} & set(kind.DESCRIPTOR.fields_by_name):
            yield kind(**{name: "x" * 1_000_000}), name, "TOO_LONG"

    assert desk.refuses(asked) > 2


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
                ("name", "FIELD_NOT_CHANGEABLE"),
                ("", "MASK_PATH_EMPTY"),
            ):
                given = {resource: {"name": "x/y"}, "update_mask": {"paths": [path]}}
                yield kind(**given), "update_mask", reason

    assert desk.refuses(asked) >= 3


def test_bodies_that_cannot_be_read_are_the_callers_error(desk: Desk) -> None:
    for path, kind in desk.methods:
        texts = [each for each in fields_of(kind, TEXT) if each.number == 1 and not each.is_repeated]
        for body in (b"\x0a\x50abc", b"\xff" * 11, *(b"\x0a\x02\xff\xfe" for _ in texts)):
            failure = desk.refused(path, body)
            assert (failure.code, failure.reason) == ("INVALID_ARGUMENT", "BODY_UNREADABLE"), path


def test_what_is_too_large_or_unknown_has_its_own_status(desk: Desk) -> None:
    path = desk.methods[0].path
    assert desk.refused(path, bytes(5_000_000)).code == "RESOURCE_EXHAUSTED"
    assert desk.refused(path, b"", [("x-note", "x" * 20_000)]).code == "RESOURCE_EXHAUSTED"
    assert desk.refused(f"{path.rpartition('/')[0]}/Nothing", b"").code == "UNIMPLEMENTED"
