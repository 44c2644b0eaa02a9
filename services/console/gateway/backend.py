"""The gRPC channels of the gateway: one to each service."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import grpc

from services.chassis.rpc.channel import channel_options
from services.console.gateway.bindings import Binding, methods_of


class Backend:
    """Calls of the three services. `addresses` by their names; `credentials` for TLS.

    Messages are written here: where gRPC cannot write one, for want of memory, it sends an empty one in its place.
    """

    def __init__(
        self, addresses: Mapping[str, str], credentials: grpc.ChannelCredentials | None = None
    ) -> None:
        self._addresses = dict(addresses)
        self._credentials = credentials
        self._channels: dict[str, grpc.aio.Channel] = {}
        self._stubs: dict[str, Any] = {}

    def open(self) -> None:
        """Open the channels, on the loop that uses them: with the first of them gRPC starts a thread."""
        for service in self._addresses:
            self._channel(service)

    def stub(self, binding: Binding) -> Any:
        """What calls the method of a binding."""
        found = self._stubs.get(binding.rpc)
        if found is None:
            found = self._stubs[binding.rpc] = self._make(binding)
        return found

    async def close(self) -> None:
        """Close all channels; open calls are cancelled."""
        channels = list(self._channels.values())
        self._channels.clear()
        self._stubs.clear()
        for each in channels:
            await each.close(None)

    def _make(self, binding: Binding) -> Any:
        channel, method = self._channel(binding.service), binding.method
        if method.client_streaming:
            make: Any = channel.stream_unary
        else:
            make = channel.unary_stream if method.server_streaming else channel.unary_unary
        made = make(
            binding.rpc, request_serializer=None, response_deserializer=binding.response_class.FromString
        )
        if method.client_streaming:
            return lambda parts, **given: made(_written(parts), **given)
        return lambda request, **given: made(request.SerializeToString(), **given)

    def _channel(self, service: str) -> grpc.aio.Channel:
        if service not in self._channels:
            names = sorted({each.containing_service.full_name for each in methods_of(service)})
            address, options = self._addresses[service], channel_options(names)
            self._channels[service] = (
                grpc.aio.insecure_channel(address, options=options)
                if self._credentials is None
                else grpc.aio.secure_channel(address, self._credentials, options=options)
            )
        return self._channels[service]


async def _written(parts: AsyncIterator[Any]) -> AsyncIterator[bytes]:
    async for part in parts:
        yield part.SerializeToString()
