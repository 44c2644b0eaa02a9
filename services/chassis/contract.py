"""What the contract's options say about a field or a method, read from descriptors."""

from typing import Any, NewType, cast

from google.api import field_behavior_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor

from bole.common.v1 import policy_pb2

Behavior = NewType("Behavior", int)
REQUIRED = Behavior(field_behavior_pb2.REQUIRED)
OUTPUT_ONLY = Behavior(field_behavior_pb2.OUTPUT_ONLY)
IMMUTABLE = Behavior(field_behavior_pb2.IMMUTABLE)
IDENTIFIER = Behavior(field_behavior_pb2.IDENTIFIER)

_OWN_PACKAGE = "bole."


def access_of(method: MethodDescriptor) -> policy_pb2.Access:
    """Who may call a method; empty, and so denied to everybody, if the contract does not say."""
    return cast(policy_pb2.Access, _option(method, policy_pb2.access))


def level_of(field: FieldDescriptor) -> int:
    """The `bole.common.v1.Level` of a field; 0 if it has none."""
    return cast(int, _option(field, policy_pb2.level))


def is_name_masked(field: FieldDescriptor) -> bool:
    """Whether readers without clearance see the masked name instead of nothing."""
    return bool(_option(field, policy_pb2.mask) == policy_pb2.MASK_NAME)


def limits_of(field: FieldDescriptor) -> policy_pb2.Limits:
    """The limits of a field on requests; zeros stand for the defaults."""
    return cast(policy_pb2.Limits, _option(field, policy_pb2.limits))


def behaviors_of(field: FieldDescriptor) -> frozenset[Behavior]:
    """The AIP-203 behaviours of a field."""
    return frozenset(Behavior(each) for each in _option(field, field_behavior_pb2.field_behavior))


def inner_type(field: FieldDescriptor) -> Descriptor | None:
    """The message type that the values of a field have; for a map, that of its values; None for scalars."""
    inner = field.message_type
    if inner is not None and is_map(field):
        return inner.fields_by_name["value"].message_type
    return inner


def is_map(field: FieldDescriptor) -> bool:
    """Whether the field is a map."""
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)


def is_own(descriptor: Descriptor | None) -> bool:
    """Whether a message type is one of this contract's, not of a foreign package."""
    return descriptor is not None and descriptor.full_name.startswith(_OWN_PACKAGE)


def _option(described: FieldDescriptor | MethodDescriptor, extension: Any) -> Any:
    return described.GetOptions().Extensions[extension]
