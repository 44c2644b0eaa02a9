"""Where requests are handed in: at processes, over gRPC, with the rights of every role."""

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import grpc

from services.chassis.identity import ROLES, Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.tokens import issue_local_token
from services.cli import processes
from tests.contract.installation import MANAGER, OFFICER, Installation
from tests.fuzz.calling import Way, call

PURPOSES = ("talent-service", "contact", None)
_EVERYTHING = (
    OFFICER,
    MANAGER,
    *(Grant(each) for each in sorted(ROLES - {"talent_officer", "fund_manager"})),
)
_SIGNED_IN = timedelta(days=1)


class Door(Protocol):
    """Where requests are handed in."""

    def ask(self, way: Way, purpose: str | None, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        """How a call with these bytes ends, and its first answers."""
        ...


class Wires:
    """The door of running processes."""

    def __init__(self, of: Installation, opened: ExitStack) -> None:
        token = everything(of)
        self._channels: dict[tuple[str, str | None], grpc.Channel] = {
            (name, purpose): opened.enter_context(
                open_channel(getattr(of.settings, f"{name}_address"), token=lambda: token, purpose=purpose)
            )
            for name in processes.SERVICES
            for purpose in PURPOSES
        }

    def ask(self, way: Way, purpose: str | None, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        """Call, and wait for the answer."""
        return call(self._channels[way.service, purpose], way, requests)


def everything(of: Installation) -> str:
    """A token with every role."""
    return issue_local_token(of.settings.keys_dir, "noise", _EVERYTHING, _SIGNED_IN, datetime.now(UTC))
