"""Where requests are handed in: at processes, over gRPC, with the rights of every role."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import grpc

from services.chassis.contract import access_of
from services.chassis.identity.identity import ROLES, Grant
from services.chassis.identity.tokens import issue_local_token
from services.chassis.rpc.channel import open_channel
from services.cli.running import processes
from tests.contract.installation import MANAGER, OFFICER, Installation
from tests.fuzz.calling import BREAKS, Way, call, method_of

PURPOSES = ("talent-service", "contact", None)
_EVERYTHING = (
    OFFICER,
    MANAGER,
    *(Grant(each) for each in sorted(ROLES - {"talent_officer", "fund_manager"})),
)
_SIGNED_IN = timedelta(days=1)
_TWICE_EVERY = 4


class Door(Protocol):
    """Where requests are handed in."""

    def ask(self, way: Way, purpose: str | None, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        """How a call with these bytes ends, and its first answers."""
        ...


class Wires:
    """The door of running processes. Every fourth change is sent by two at once, as by people who do not know of each
    other.
    """

    def __init__(self, of: Installation, opened: ExitStack) -> None:
        token = everything(of)
        self._channels: dict[tuple[str, str | None], grpc.Channel] = {
            (name, purpose): opened.enter_context(
                open_channel(getattr(of.settings, f"{name}_address"), token=lambda: token, purpose=purpose)
            )
            for name in processes.SERVICES
            for purpose in PURPOSES
        }
        self._other = opened.enter_context(ThreadPoolExecutor(1))
        self._changes = 0

    def ask(self, way: Way, purpose: str | None, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        """Call, and wait for the answer; of two, for both: the worse one."""
        channel = self._channels[way.service, purpose]
        if way.streams or not access_of(method_of(way)).mutates:
            return call(channel, way, requests)
        self._changes += 1
        if self._changes % _TWICE_EVERY:
            return call(channel, way, requests)
        others = self._other.submit(call, channel, way, requests)
        mine, theirs = call(channel, way, requests), others.result()
        return theirs if theirs[0] in BREAKS else mine


def everything(of: Installation) -> str:
    """A token with every role."""
    return issue_local_token(of.settings.keys_dir, "noise", _EVERYTHING, _SIGNED_IN, datetime.now(UTC))
