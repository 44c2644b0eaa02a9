"""Rules that every contract of the house keeps, checked on the compiled descriptors."""

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import Descriptor, FieldDescriptor, FileDescriptor, MethodDescriptor

import bole
from services.chassis.contract import access_of, inner_type, is_own, level_of
from services.chassis.identity.identity import ROLES
from services.chassis.policy import ANYONE

_GEN = Path(bole.__path__[0])
_FOREIGN = {
    "google.protobuf.Timestamp",
    "google.protobuf.Duration",
    "google.protobuf.Empty",
    "google.protobuf.FieldMask",
    "google.type.Date",
    "google.type.Money",
}
# Paths in a FileDescriptorProto, by field number: messages 4, enums 5, services 6.
_MESSAGE, _ENUM, _SERVICE = 4, 5, 6


@cache
def files() -> tuple[descriptor_pb2.FileDescriptorProto, ...]:
    """The contracts, with their comments."""
    compiled = descriptor_pb2.FileDescriptorSet.FromString((_GEN / "contract.binpb").read_bytes())
    return tuple(file for file in compiled.file if file.package.startswith("bole."))


def described(file: descriptor_pb2.FileDescriptorProto) -> FileDescriptor:
    importlib.import_module(file.name.removesuffix(".proto").replace("/", ".") + "_pb2")
    return descriptor_pool.Default().FindFileByName(file.name)


def messages() -> Iterator[Descriptor]:
    for file in files():
        yield from _within(described(file).message_types_by_name.values())


def _within(types: object) -> Iterator[Descriptor]:
    for each in types:  # type: ignore[attr-defined]
        if not each.GetOptions().map_entry:
            yield each
            yield from _within(each.nested_types)


def fields() -> Iterator[FieldDescriptor]:
    for message in messages():
        yield from message.fields


def methods() -> Iterator[MethodDescriptor]:
    for file in files():
        for service in described(file).services_by_name.values():
            yield from service.methods


def test_there_is_a_contract() -> None:
    assert {"bole.common.v1"} <= {file.package for file in files()}


def test_every_field_has_a_level() -> None:
    assert [field.full_name for field in fields() if level_of(field) == 0] == []


def test_every_method_says_who_may_call_it() -> None:
    known = ROLES | {ANYONE}
    wrong = [m.full_name for m in methods() if not access_of(m).roles or not set(access_of(m).roles) <= known]
    assert wrong == []


def test_every_change_that_is_answered_once_can_be_validated_only() -> None:
    """Whatever is answered once per request id changes something; a file is tried by its mode."""
    asking = (message for message in messages() if "request_id" in message.fields_by_name)
    asking = (message for message in asking if message.full_name != "bole.common.v1.ImportHeader")
    assert [each.full_name for each in asking if "validate_only" not in each.fields_by_name] == []


def test_methods_that_only_read_do_not_mutate_and_the_others_do() -> None:
    reading = ("Get", "List", "Search", "Watch", "Explain", "Screen", "Export")
    changing = ("Create", "Update", "Delete", "Erase", "Withdraw", "Import")
    for method in methods():
        if method.name.startswith(reading):
            assert not access_of(method).mutates, method.full_name
        elif method.name.startswith(changing):
            assert access_of(method).mutates, method.full_name


def test_only_foreign_types_that_validation_and_redaction_know() -> None:
    types = ((field, inner_type(field)) for field in fields())
    wrong = [f.full_name for f, t in types if t is not None and not is_own(t) and t.full_name not in _FOREIGN]
    assert wrong == []


def test_streams_go_one_way() -> None:
    assert [m.full_name for m in methods() if m.client_streaming and m.server_streaming] == []


def test_enums_begin_with_unspecified() -> None:
    for file in files():
        for path, enum in _enums(file):
            assert enum.value[0].number == 0, path
            assert enum.value[0].name.endswith("_UNSPECIFIED"), enum.name


def _enums(
    file: descriptor_pb2.FileDescriptorProto,
) -> Iterator[tuple[tuple[int, ...], descriptor_pb2.EnumDescriptorProto]]:
    for number, enum in enumerate(file.enum_type):
        yield (_ENUM, number), enum
    for path, message in _messages(file):
        for number, enum in enumerate(message.enum_type):
            yield (*path, 4, number), enum


def _messages(
    file: descriptor_pb2.FileDescriptorProto,
) -> Iterator[tuple[tuple[int, ...], descriptor_pb2.DescriptorProto]]:
    waiting: list[tuple[tuple[int, ...], descriptor_pb2.DescriptorProto]]
    waiting = [((_MESSAGE, number), message) for number, message in enumerate(file.message_type)]
    while waiting:
        path, message = waiting.pop()
        if not message.options.map_entry:
            yield path, message
            waiting += [((*path, 3, number), inner) for number, inner in enumerate(message.nested_type)]


def _elements(file: descriptor_pb2.FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    """Path and name of whatever has to be documented."""
    for path, message in _messages(file):
        yield path, message.name
        yield from (((*path, 2, n), f"{message.name}.{each.name}") for n, each in enumerate(message.field))
    for path, enum in _enums(file):
        yield path, enum.name
        yield from (((*path, 2, n), each.name) for n, each in enumerate(enum.value))
    for number, service in enumerate(file.service):
        yield (_SERVICE, number), service.name
        yield from (
            ((_SERVICE, number, 2, n), f"{service.name}.{each.name}") for n, each in enumerate(service.method)
        )


@pytest.mark.parametrize("file", files(), ids=lambda file: file.name)
def test_everything_is_documented(file: descriptor_pb2.FileDescriptorProto) -> None:
    comments = {
        tuple(place.path): place.leading_comments.strip()
        for place in file.source_code_info.location
        if place.leading_comments.strip()
    }
    assert [name for path, name in _elements(file) if path not in comments] == []
