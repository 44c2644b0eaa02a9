"""What a page shows beside its subject: of use where it is allowed, and the page stands without it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

import grpc

from services.chassis.rpc.failures import read_failure
from services.console.web.pointing import pointed
from services.kernel.text import Text
from services.kernel.threads import share, standing

Answer = TypeVar("Answer")
Subject = TypeVar("Subject")
_AT_ONCE = 40
"""Questions of all pages; a page asks by itself what no thread is free for."""
_LANES = 8


@dataclass(frozen=True, slots=True)
class Beside(Generic[Answer]):
    """The answer, or why there is none: in words, by its code, and the page of the record because of which."""

    answer: Answer | None
    refused: Text | None
    reason: str = ""
    page: str = ""


def beside(ask: Callable[[], Answer]) -> Beside[Answer]:
    """What a service answers, or how it refuses."""
    try:
        return Beside(ask(), None)
    except grpc.RpcError as error:
        failure = read_failure(error)
        return Beside(None, failure.text, failure.reason, pointed(failure))


def stand() -> None:
    """Start the threads that ask: the console calls it before it serves."""
    _asking()


def together(*asks: Callable[[], Any]) -> list[Any]:
    """What each of them answers, in order, asked at the same time: they wait in services of their own.

    Raises what one of them raised.
    """
    return share(_asking(), lambda ask: ask(), asks)


def for_each(ask: Callable[[Subject], Answer], subjects: Sequence[Subject]) -> list[Answer]:
    """What is answered for each subject, in order, a few at a time: services have other callers too.

    Raises what one of them raised.
    """
    lanes = share(_asking(), lambda at: [ask(each) for each in subjects[at::_LANES]], range(_LANES))
    return [lanes[at % _LANES][at // _LANES] for at in range(len(subjects))]


@cache
def _asking() -> ThreadPoolExecutor:
    return standing(_AT_ONCE, "asking")
