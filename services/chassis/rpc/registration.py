"""Puts services on a gRPC server with every handler wrapped."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import grpc
from google.protobuf import descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor

from services.chassis.rpc.wrapping import Wrapping

_GENERATED = "_pb2_grpc"


class Registry(Protocol):
    """What handlers are put on: a server, or what stands in for one."""

    def add_generic_rpc_handlers(self, generic_rpc_handlers: Sequence[Any], /) -> None:
        """Take these."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service: the generated `add_…_to_server`, the servicer, and the full name in the contract."""

    add_to_server: Callable[[Any, Any], None]
    servicer: Any
    full_name: str

    def descriptor(self) -> ServiceDescriptor:
        """The service in the contract. Raises KeyError if its generated module was not imported."""
        return descriptor_pool.Default().FindServiceByName(self.full_name)


class _Wrapper:
    """Stands in for the server while a generated `add_…_to_server` runs, and wraps what it registers."""

    def __init__(self, server: Registry, wrapping: Wrapping, service: ServiceDescriptor) -> None:
        self._server = server
        self._wrapping = wrapping
        self._service = service

    def add_generic_rpc_handlers(self, _handlers: Sequence[Any]) -> None:
        """Ignored: the same handlers come again, by name, in the other call."""

    def add_registered_method_handlers(self, name: str, handlers: Mapping[str, Any]) -> None:
        """Register the wrapped handlers; what the servicer does not implement stays UNIMPLEMENTED."""
        methods = self._service.methods_by_name
        own = {key: _behaviour(each) for key, each in handlers.items()}
        wrapped = {
            key: self._wrapping.wrap(methods[key], behaviour)
            for key, behaviour in own.items()
            if not behaviour.__module__.endswith(_GENERATED)
        }
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, wrapped),))


def register(server: Registry, wrapping: Wrapping, services: Sequence[Service]) -> None:
    """Add every service. Raises TypeError for a handler of the wrong kind."""
    for service in services:
        service.add_to_server(service.servicer, _Wrapper(server, wrapping, service.descriptor()))


def _behaviour(handler: Any) -> Any:
    return handler.unary_unary or handler.unary_stream or handler.stream_unary or handler.stream_stream
