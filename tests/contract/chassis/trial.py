"""The trial contract, compiled once in the test process, and a servicer that obeys the record's name."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Event
from types import ModuleType
from typing import Any

import google
from grpc_tools import protoc

import bole
from services.chassis.rpc.call import current_call
from services.kernel.errors import FailedPrecondition, NotFound, ResourceExhausted, Violation
from services.kernel.text import Text

NAME = "bole.trial.v1.TrialService"
SLOW_SECONDS = 0.5
"""As long as a database takes that is slow."""
_HERE = Path(__file__).parent / "protos"
_ROOT = Path(__file__).parents[3]


@cache
def contract() -> tuple[ModuleType, ModuleType]:
    """The generated modules: messages, and stubs."""
    out = Path(tempfile.mkdtemp())
    common = next(path for path in map(Path, google.__path__) if (path / "api").is_dir()).parent
    bundled = Path(protoc.__file__).parent / "_proto"
    includes = [f"-I{path}" for path in (_HERE, _ROOT / "protos", common, bundled)]
    arguments = ["protoc", *includes, f"--python_out={out}", f"--grpc_python_out={out}"]
    assert protoc.main([*arguments, "bole/trial/v1/trial.proto"]) == 0
    bole.__path__.append(str(out / "bole"))
    return import_module("bole.trial.v1.trial_pb2"), import_module("bole.trial.v1.trial_pb2_grpc")


def record(**changes: Any) -> Any:
    """A record that passes every rule."""
    messages, _ = contract()
    given = {
        "name": "records/1",
        "display_name": "张三丰",
        "phone": "13800000000",
        "city_code": "nantong",
        "shares": [{"code": "seawater-h2", "weight": 1.0}],
        "unlevelled": "nobody may see this",
    }
    return messages.Record(**(given | changes))


class Trial(contract()[1].TrialServiceServicer):  # type: ignore[misc]
    """Does what the record's name says."""

    def __init__(self) -> None:
        self.calls: list[Any] = []
        self.stream_ended = Event()
        self.release = Event()
        self.entered = Event()
        self.uploads: list[int] = []

    def GetRecord(self, request: Any, context: Any) -> Any:
        self.calls.append(current_call())
        match request.name:
            case "records/bug":
                raise RuntimeError("secret path /etc/x of 张三")
            case "records/none":
                raise NotFound.resource(request.name)
            case "records/state":
                text = Text("缺少材料", "documents are missing")
                raise FailedPrecondition(
                    text, violations=[Violation("plan", "MISSING", Text("缺计划书", "no plan"))]
                )
            case "records/many":
                raise ResourceExhausted(Text("太多", "too many"))
            case "records/wrong":
                return "not a message"
            case "records/wait":
                self.entered.set()
                self.release.wait(60)
            case "records/slow":
                self.release.wait(SLOW_SECONDS)
        return record()

    def SaveRecord(self, request: Any, context: Any) -> Any:
        self.calls.append(request)
        return request.record

    def UpdateRecord(self, request: Any, context: Any) -> Any:
        return request.record

    async def WatchRecords(self, request: Any, context: Any) -> AsyncIterator[Any]:
        self.calls.append(current_call())
        shared = record()
        try:
            yield shared
            if request.name == "records/bug":
                raise RuntimeError("secret of 张三")
            if request.name == "records/busy":
                self.entered.set()
                self.release.wait(60)  # on the event loop, which does nothing else meanwhile
            if request.name == "records/later":
                await asyncio.to_thread(self.release.wait, 60)
            if request.name in {"records/two", "records/later"}:
                yield shared
                return
            await asyncio.Event().wait()
        finally:
            self.stream_ended.set()

    def ImportRecords(self, requests: Iterator[Any], context: Any) -> Any:
        self.uploads.append(sum(len(chunk.data) for chunk in requests))
        return record()

    def Forgotten(self, request: Any, context: Any) -> Any:
        return record()
