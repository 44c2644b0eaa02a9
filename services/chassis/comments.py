"""What the contract says in words of each service, method, message, field, enumeration and value."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Any, Final

from google.protobuf.descriptor_pb2 import FileDescriptorSet

_OWN: Final = "bole."
# Numbers of the fields of descriptor messages, of which the places of comments are made.
_MESSAGES, _ENUMS, _SERVICES = 4, 5, 6
_FIELDS, _NESTED, _INNER_ENUMS = 2, 3, 4
_VALUES, _METHODS = 2, 2


class Comments:
    """Leading comments by full name; what has none is empty."""

    def __init__(self, said: dict[str, str]) -> None:
        self._said = said

    def of(self, full_name: str) -> str:
        """The comment, without the line breaks of its source."""
        return self._said.get(full_name, "")


def load_comments() -> Comments:
    """Read them from the compiled contract that is installed beside the generated code."""
    compiled = FileDescriptorSet.FromString(files("bole").joinpath("contract.binpb").read_bytes())
    said: dict[str, str] = {}
    for file in compiled.file:
        if file.package.startswith(_OWN):
            places = {tuple(each.path): each.leading_comments for each in file.source_code_info.location}
            for path, name in _elements(file):
                said[name] = " ".join(places.get(path, "").split())
    return Comments(said)


def _elements(file: Any) -> Iterator[tuple[tuple[int, ...], str]]:
    for at, message in enumerate(file.message_type):
        yield from _message(message, (_MESSAGES, at), file.package)
    for at, enum in enumerate(file.enum_type):
        yield from _enum(enum, (_ENUMS, at), file.package)
    for at, service in enumerate(file.service):
        path, name = (_SERVICES, at), f"{file.package}.{service.name}"
        yield path, name
        yield from (((*path, _METHODS, n), f"{name}.{each.name}") for n, each in enumerate(service.method))


def _message(message: Any, path: tuple[int, ...], within: str) -> Iterator[tuple[tuple[int, ...], str]]:
    name = f"{within}.{message.name}"
    yield path, name
    yield from (((*path, _FIELDS, n), f"{name}.{each.name}") for n, each in enumerate(message.field))
    for at, inner in enumerate(message.nested_type):
        yield from _message(inner, (*path, _NESTED, at), name)
    for at, enum in enumerate(message.enum_type):
        yield from _enum(enum, (*path, _INNER_ENUMS, at), name)


def _enum(enum: Any, path: tuple[int, ...], within: str) -> Iterator[tuple[tuple[int, ...], str]]:
    name = f"{within}.{enum.name}"
    yield path, name
    yield from (((*path, _VALUES, n), f"{name}.{each.name}") for n, each in enumerate(enum.value))
