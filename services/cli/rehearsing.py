"""`bole --check …`: every change of the command is validated only. What cannot be is not sent."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import grpc

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text

_READING = (
    "BatchFind",
    "CheckDuplicates",
    "Compare",
    "Explain",
    "Find",
    "Forecast",
    "Get",
    "List",
    "Place",
    "Rank",
    "Reweigh",
    "Search",
    "Simulate",
    "Verify",
)
"""What the names of methods begin with that change nothing."""
_Interceptors: tuple[Any, ...] = (
    grpc.UnaryUnaryClientInterceptor,
    grpc.StreamUnaryClientInterceptor,
)


@dataclass
class Rehearsing(*_Interceptors):  # type: ignore[misc]
    """Asks for validation only; `rehearsed` are the methods that were asked so."""

    rehearsed: list[str] = field(default_factory=list)

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        """Send the request with its field set; as it is if it only reads. Raises FailedPrecondition otherwise."""
        method = details.method.rpartition("/")[2]
        asked = type(request)()
        asked.CopyFrom(request)
        said = asked.command if "command" in request.DESCRIPTOR.fields_by_name else asked
        if "validate_only" in said.DESCRIPTOR.fields_by_name:
            said.validate_only = True
            self.rehearsed.append(method)
            return continuation(details, asked)
        if method.startswith(_READING):
            return continuation(details, request)
        raise not_checked(method)

    def intercept_stream_unary(self, _continuation: Callable[..., Any], details: Any, _requests: Any) -> Any:
        """A file is tried by its own `--dry-run`."""
        raise not_checked(details.method.rpartition("/")[2])


NOTHING_WRITTEN = Text(
    "以上仅为校验：什么也没有写入；去掉 --check 再执行",
    "only checked: nothing was written; run it without --check",
)


def not_checked(method: str) -> FailedPrecondition:
    """The refusal of what cannot be checked only."""
    return FailedPrecondition(
        Text(
            f"{method} 不能只作校验，未发送；导入文件请用 --dry-run",
            f"{method} cannot be checked only and was not sent; for files use --dry-run",
        ),
        reason="NOT_CHECKABLE",
    )
