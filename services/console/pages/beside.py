"""What a page shows beside its subject: of use where it is allowed, and the page stands without it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import grpc

from services.chassis.rpc.failures import read_failure
from services.kernel.text import Text

Answer = TypeVar("Answer")
_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Beside(Generic[Answer]):
    """The answer, or why there is none."""

    answer: Answer | None
    refused: Text | None


def beside(ask: Callable[[], Answer]) -> Beside[Answer]:
    """What a service answers, or how it refuses."""
    try:
        return Beside(ask(), None)
    except grpc.RpcError as error:
        return Beside(None, read_failure(error).text)


def together(*asks: Callable[[], Any]) -> list[Any]:
    """What each of them answers, in order, asked at the same time: they wait in services of their own.

    Raises what the first of them in order raised.
    """
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [each.result() for each in [pool.submit(ask) for ask in asks]]
