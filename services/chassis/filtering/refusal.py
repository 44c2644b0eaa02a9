"""How a filter or an order is refused: always with the column, counted in characters from 1."""

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text

INVALID_FILTER = "INVALID_FILTER"
FILTER_TOO_COMPLEX = "FILTER_TOO_COMPLEX"


def refusal(
    place: str, reason: str, column: int, zh: str, en: str, suggestions: list[str] | None = None
) -> InvalidArgument:
    """The error for field `place`; metadata carries `column` and, if any, comma-joined `suggestions`."""
    message = Text(f"第 {column} 列：{zh}", f"column {column}: {en}")
    metadata = {"column": str(column)}
    if suggestions:
        metadata["suggestions"] = ",".join(suggestions)
    return InvalidArgument(
        message, reason=reason, violations=[Violation(place, reason, message)], metadata=metadata
    )


def invalid(column: int, zh: str, en: str, suggestions: list[str] | None = None) -> InvalidArgument:
    """A filter that cannot be understood."""
    return refusal("filter", INVALID_FILTER, column, zh, en, suggestions)


def too_complex(column: int, zh: str, en: str) -> InvalidArgument:
    """A filter over one of the limits."""
    return refusal("filter", FILTER_TOO_COMPLEX, column, zh, en)
