"""Commands that change nothing: by `--check` a change is validated only, by `--watch` it is not sent."""

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
        if reads(method):
            return continuation(details, request)
        raise not_checked(method)

    def intercept_stream_unary(self, _continuation: Callable[..., Any], details: Any, _requests: Any) -> Any:
        """A file is tried by its own `--dry-run`."""
        raise not_checked(details.method.rpartition("/")[2])


def reads(method: str) -> bool:
    """Whether a method of this name changes nothing."""
    return method.startswith(_READING)


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


@dataclass
class OnlyReading(*_Interceptors):  # type: ignore[misc]  # bases that mypy cannot read from a tuple
    """Lets no change through: a change that is repeated every few seconds is a mistake."""

    def intercept_unary_unary(self, continuation: Callable[..., Any], details: Any, request: Any) -> Any:
        """Send what only reads. Raises FailedPrecondition (NOT_WATCHABLE) for the rest."""
        _require_reading(details.method)
        return continuation(details, request)

    def intercept_stream_unary(self, continuation: Callable[..., Any], details: Any, requests: Any) -> Any:
        """A file is never sent again and again."""
        _require_reading(details.method)
        return continuation(details, requests)


def _require_reading(path: str) -> None:
    method = path.rpartition("/")[2]
    if not reads(method):
        raise FailedPrecondition(
            Text(
                f"--watch 只用于查询；{method} 会改动数据，未发送",
                f"--watch is for questions only; {method} changes something and was not sent",
            ),
            reason="NOT_WATCHABLE",
        )
