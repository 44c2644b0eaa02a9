"""P9: whoever has one version of the contract reads what another wrote, loses nothing of it, and may change it.

The versions are the released one (`protos/baseline.binpb`), this one, and one that says more: a field more in every
message, a value more in every enum. A seed fills every message of every version in another way.
"""

import random
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.descriptor import FieldDescriptor as Field

ROOT: Final = Path(__file__).parents[2]
GENERATIONS: Final = ("before", "now", "next")
_DEEPEST: Final = 3
_TEXTS: Final = ("", "a", "氢能", "𠮷野·阿不都", "x" * 40)
_NUMBERS: Final = (0, 1, -1, 127, 128, 2**31 - 1)


def violations(seed: int, within: str = "bole.") -> list[str]:
    """What does not hold of the messages whose name begins so, in nine pairs of a writer and a reader."""
    rng = random.Random(seed)
    return [
        f"{name}, written by {writer}, read by {reader}: {what}"
        for writer, reader in product(GENERATIONS, repeat=2)
        for name in sorted(messages(writer) & messages(reader))
        if name.startswith(within)
        for what in _broken(rng, kind(writer, name), kind(reader, name))
    ]


def _broken(rng: random.Random, writer: type[Any], reader: type[Any]) -> Iterator[str]:
    written = filled(writer(), rng)
    read = reader.FromString(written.SerializeToString())
    if writer.FromString(read.SerializeToString()) != written:
        yield "what is read and written again is another"
    changed = _changed(read, written)
    if writer.FromString(read.SerializeToString()) != changed:
        yield "a change of one field changes others"
    read.DiscardUnknownFields()
    if writer.FromString(read.SerializeToString()) != _known(changed, reader.DESCRIPTOR):
        yield "what both know is read otherwise"


def _changed(read: Any, written: Any) -> Any:
    """Change the first text that both know, in what was read and in what was written."""
    for field in written.DESCRIPTOR.fields:
        if (
            field.type == Field.TYPE_STRING
            and not field.is_repeated
            and field.name in read.DESCRIPTOR.fields_by_name
        ):
            for each in (read, written):
                setattr(each, field.name, "changed")
            break
    return written


def _known(message: Any, reader: Any) -> Any:
    """The same without what the reader's version does not say."""
    for field, value in message.ListFields():
        known = reader.fields_by_name.get(field.name)
        if known is None:
            message.ClearField(field.name)
        elif _is_map(field) or field.cpp_type != Field.CPPTYPE_MESSAGE:
            continue
        else:
            for each in value if field.is_repeated else (value,):
                _known(each, known.message_type)
    return message


def filled(message: Any, rng: random.Random, depth: int = 0) -> Any:
    """The message with about two thirds of its fields set, whatever their rules."""
    for field in message.DESCRIPTOR.fields:
        if _is_map(field) or rng.random() < 1 / 3 or _taken(message, field):
            continue
        if field.cpp_type != Field.CPPTYPE_MESSAGE:
            _put(message, field, rng)
        elif depth < _DEEPEST:
            held = getattr(message, field.name)
            for each in [held.add() for _ in range(rng.randint(1, 2))] if field.is_repeated else [held]:
                each.SetInParent()
                filled(each, rng, depth + 1)
    return message


def _taken(message: Any, field: Any) -> bool:
    group = field.containing_oneof
    return group is not None and message.WhichOneof(group.name) is not None


def _put(message: Any, field: Any, rng: random.Random) -> None:
    if field.is_repeated:
        getattr(message, field.name).extend(_value(field, rng) for _ in range(rng.randint(1, 3)))
    else:
        setattr(message, field.name, _value(field, rng))


def _value(field: Any, rng: random.Random) -> Any:
    if field.type == Field.TYPE_STRING:
        return rng.choice(_TEXTS)
    if field.type == Field.TYPE_BYTES:
        return rng.randbytes(rng.randint(0, 8))
    if field.cpp_type == Field.CPPTYPE_ENUM:
        return rng.choice(field.enum_type.values).number
    if field.cpp_type == Field.CPPTYPE_BOOL:
        return rng.random() < 0.5
    if field.cpp_type in (Field.CPPTYPE_DOUBLE, Field.CPPTYPE_FLOAT):
        return rng.choice((0.0, 0.5, -2.0, 1e6))
    number = rng.choice(_NUMBERS)
    return abs(number) if field.cpp_type in (Field.CPPTYPE_UINT32, Field.CPPTYPE_UINT64) else number


def _is_map(field: Any) -> bool:
    return bool(field.message_type and field.message_type.GetOptions().map_entry)


@cache
def messages(generation: str) -> frozenset[str]:
    """Every message of our own contracts in this version."""
    return frozenset(
        f"{file.package}.{each.name}"
        for file in _files(generation)
        if file.package.startswith("bole.")
        for each in file.message_type
    )


@cache
def kind(generation: str, name: str) -> type[Any]:
    """The class of a message in this version."""
    return message_factory.GetMessageClass(_pool(generation).FindMessageTypeByName(name))


@cache
def _pool(generation: str) -> Any:
    pool: Any = descriptor_pool.DescriptorPool()
    for file in _files(generation):
        pool.Add(file)
    return pool


@cache
def _files(generation: str) -> tuple[descriptor_pb2.FileDescriptorProto, ...]:
    file = ROOT / ("protos/baseline.binpb" if generation == "before" else "gen/bole/contract.binpb")
    read = descriptor_pb2.FileDescriptorSet.FromString(file.read_bytes())
    for each in read.file if generation == "next" else ():
        if each.package.startswith("bole."):
            _say_more(each)
    return tuple(read.file)


def _say_more(file: Any) -> None:
    """One field more in every message, one value more in every enum."""
    waiting, enums = list(file.message_type), list(file.enum_type)
    while waiting:
        message = waiting.pop()
        waiting += [each for each in message.nested_type if not each.options.map_entry]
        enums += message.enum_type
        used = [each.number for each in message.field] + [each.end for each in message.reserved_range]
        message.field.add(
            name="said_more",
            json_name="saidMore",
            number=max(used, default=0) + 1,
            type=Field.TYPE_STRING,
            label=Field.LABEL_OPTIONAL,
        )
    for enum in enums:
        prefix = enum.value[0].name.removesuffix("UNSPECIFIED")
        enum.value.add(name=f"{prefix}SAID_MORE", number=max(each.number for each in enum.value) + 1)
