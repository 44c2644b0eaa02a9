"""What a page shows beside its subject: of use where it is allowed, and the page stands without it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import grpc

from services.chassis.rpc.failures import read_failure
from services.kernel.text import Text

Answer = TypeVar("Answer")


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
