"""Which method of the contract answers which HTTP request, read from the `google.api.http` options."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from google.api import annotations_pb2
from google.protobuf.descriptor import Descriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from services.console.gateway.templates import Template, parse

SERVICES: Final = ("talent", "funding", "matcher")
WHOLE: Final = "*"
_VERBS: Final = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Binding:
    """One HTTP form of a method. `body`: the field that the body is, `*` for the whole request, empty for none."""

    verb: str
    template: Template
    body: str
    method: MethodDescriptor

    @property
    def service(self) -> str:
        """`talent`, `funding` or `matcher`."""
        return str(self.method.full_name.split(".")[1])

    @cached_property
    def rpc(self) -> str:
        """The path of the method in gRPC."""
        service, _, name = self.method.full_name.rpartition(".")
        return f"/{service}/{name}"

    @property
    def request(self) -> Descriptor:
        """The type of its request."""
        described: Descriptor = self.method.input_type
        return described

    @cached_property
    def request_class(self) -> type[Message]:
        """The class of its request."""
        return GetMessageClass(self.method.input_type)

    @cached_property
    def response_class(self) -> type[Message]:
        """The class of its response."""
        return GetMessageClass(self.method.output_type)


def methods_of(service: str) -> Iterator[MethodDescriptor]:
    """All methods of `talent`, `funding` or `matcher`, in the order of their files; loads their modules."""
    package = import_module(f"bole.{service}.v1")
    for name in sorted(each.name for each in iter_modules(package.__path__)):
        if name.endswith("_service_pb2"):
            described = import_module(f"bole.{service}.v1.{name}").DESCRIPTOR
            for each in described.services_by_name.values():
                yield from each.methods


def bindings() -> list[Binding]:
    """All HTTP forms of all methods. Raises ValueError for a template that cannot be read."""
    return [each for service in SERVICES for method in methods_of(service) for each in bindings_of(method)]


def bindings_of(method: MethodDescriptor) -> Iterator[Binding]:
    """The HTTP forms of one method, the first one first; none if the contract names none."""
    options: Any = method.GetOptions()
    if options.HasExtension(annotations_pb2.http):
        rule = options.Extensions[annotations_pb2.http]
        for each in (rule, *rule.additional_bindings):
            verb = each.WhichOneof("pattern")
            if verb in _VERBS:
                yield Binding(verb.upper(), parse(getattr(each, verb)), each.body, method)
