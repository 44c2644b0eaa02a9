"""The services of an installation within this process: the servicers in their interceptors, on what the installation
left. Neither gRPC nor feeds nor relay are there, so that a call costs what the service does for it.
"""

import asyncio
import importlib
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NoReturn, Self, TypeVar

import grpc

from services.chassis.house import Blueprint
from services.chassis.process.process import house_of, interceptors_of
from services.chassis.rpc.call import correlation
from services.chassis.rpc.registration import register
from services.chassis.rpc.wrapping import Wrapping
from services.chassis.telemetry.logs import JsonFormatter
from services.cli.running import processes
from tests.contract.coverage import PATIENCE
from tests.contract.installation import Installation
from tests.contract.noise import message_of
from tests.fuzz.calling import FIRST, LOOK_SECONDS, Way
from tests.fuzz.doors import everything

T = TypeVar("T")


class Inside:
    """What runs; a door for `Client`s, one call at a time."""

    def __init__(self, of: Installation) -> None:
        self._of, self._token = of, everything(of)
        self._handlers: dict[str, Any] = {}
        self._stack = ExitStack()
        self._runner = asyncio.Runner()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(self._runner.close)
            _keep_logs(self._of, stack)
            for name in processes.SERVICES:
                self._begin(name, stack)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        self._stack.close()

    def _begin(self, name: str, stack: ExitStack) -> None:
        blueprint: Blueprint = importlib.import_module(f"services.{name}.app").BLUEPRINT
        house = stack.enter_context(house_of(blueprint, self._of.settings))
        assembly = blueprint.assemble(house)
        interceptors = interceptors_of(house, assembly)
        turns: Any = _Alone()
        wrapping = Wrapping(interceptors, turns, house.clock.now, house.precedence, PATIENCE)
        register(self, wrapping, assembly.services)
        for callback in reversed(assembly.on_stop):
            stack.callback(callback)
        for callback in assembly.on_start:
            callback()

    def add_generic_rpc_handlers(self, handlers: Sequence[Any]) -> None:
        """What `register` asks of a server."""
        for each in handlers:
            self._handlers.update(each._method_handlers)

    def ask(self, way: Way, purpose: str | None, requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        """How a call with these bytes ends, and its first answers."""
        metadata = {"authorization": f"Bearer {self._token}", "x-bole-purpose": purpose}
        context = _Context({key: value for key, value in metadata.items() if value})
        return self._runner.run(self._call(way, context, requests))

    async def _call(self, way: Way, context: "_Context", requests: Sequence[bytes]) -> tuple[str, list[Any]]:
        handler, sent = self._handlers[way.path], _each(requests)
        try:
            if way.method.server_streaming:
                async with asyncio.timeout(LOOK_SECONDS if _lasts(way) else None):
                    await handler.stream_stream(sent, context)
            else:
                context.written.append(await handler.stream_unary(sent, context))
        except _Ended as ended:
            return ended.code.name, []
        except (TimeoutError, _Enough):
            pass
        read = message_of(way.method.output_type).FromString
        return "OK", [read(each) for each in context.written]


class _Alone:
    """Turns where there is one call at a time: its work is done at once, in the thread that asks."""

    def takes(self) -> bool:
        """Nobody waits."""
        return True

    async def run(self, work: Callable[[], T], *, undo: object = None) -> T:
        return work()


class _Ended(Exception):
    """The call was ended with a status."""

    def __init__(self, code: grpc.StatusCode) -> None:
        super().__init__(code.name)
        self.code = code


class _Enough(Exception):
    """Nothing more is read of a stream."""


class _Context:
    """What a handler is told of the connection by gRPC."""

    def __init__(self, metadata: Mapping[str, str]) -> None:
        self._metadata = tuple(metadata.items())
        self.written: list[bytes] = []

    def invocation_metadata(self) -> tuple[tuple[str, str], ...]:
        return self._metadata

    def time_remaining(self) -> float:
        return PATIENCE

    def peer(self) -> str:
        return "inside"

    def auth_context(self) -> Mapping[str, Sequence[bytes]]:
        return {}

    def set_trailing_metadata(self, _given: object) -> None:
        """Nobody reads it."""

    async def send_initial_metadata(self, _given: object) -> None:
        """Nobody reads it."""

    async def abort(self, code: grpc.StatusCode, _message: str, _trailing: object) -> NoReturn:
        raise _Ended(code)

    async def write(self, data: bytes) -> None:
        self.written.append(data)
        if len(self.written) >= FIRST:
            raise _Enough


def _lasts(way: Way) -> bool:
    """Whether its stream has no end."""
    return str(way.method.name).startswith("Watch")


async def _each(requests: Sequence[bytes]) -> AsyncIterator[bytes]:
    for each in requests:
        yield each


def _keep_logs(of: Installation, stack: ExitStack) -> None:
    """What the services log goes where `problems` looks for it, in the form in which they write it."""
    path = of.settings.data_dir / "logs" / "inside.log"
    path.parent.mkdir(exist_ok=True)
    handler = logging.StreamHandler(stack.enter_context(path.open("w", encoding="utf-8")))
    handler.setFormatter(JsonFormatter("inside", correlation))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    stack.callback(root.setLevel, level)
    stack.callback(root.removeHandler, handler)
