"""The three services as the console calls them: one channel each, every call in the name of its visitor."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Self, TypeVar

import grpc

from services.chassis.rpc.channel import Caller, open_channel, signed
from services.chassis.settings import Settings
from services.chassis.tls import channel_credentials

Stub = TypeVar("Stub")
SERVICES = ("talent", "funding", "matcher")
SECONDS = 20.0
"""Deadline of a call that a page waits for."""


class Backend:
    """Channels to the services, shared by all visitors."""

    def __init__(self, settings: Settings) -> None:
        credentials = channel_credentials(settings.tls_dir, datetime.now(UTC))
        self._channels = {
            name: open_channel(getattr(settings, f"{name}_address"), credentials=credentials, threads=False)
            for name in SERVICES
        }

    def plain(self, service: str) -> grpc.Channel:
        """The channel in nobody's name: for health."""
        return self._channels[service]

    def stub(
        self,
        made: Callable[[Any], Stub],
        token: str,
        purpose: str | None = None,
        request_id: str | None = None,
    ) -> Stub:
        """A stub that calls with a visitor's own token, and the purpose stated for it; `request_id`: of the visit."""
        service = made.__module__.split(".")[1]  # bole.<service>.v1.…
        caller = Caller(token=lambda: token, purpose=purpose, request_id=request_id)
        return made(signed(self._channels[service], caller))

    def close(self) -> None:
        """Close the channels."""
        for channel in self._channels.values():
            channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
