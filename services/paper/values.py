"""How values are written: one wording for all forms."""

from services.kernel.text import Language, Text
from services.paper.document import Column, Value
from services.wording.chances import share_in_hundredths

NOTHING = "—"


def written(value: Value, language: Language, column: Column | None = None) -> str:
    """A value as people read it; a number as its column says."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, Text):
        return value.to(language)
    if isinstance(value, str):
        return value
    if column is None or column.digits is None:
        return f"{value:,}"
    if column.percent:
        return share_in_hundredths(value, column.digits).replace("-", "−")
    sign = "+" if column.signed else ""
    text = format(round(value, column.digits) + 0.0, f"{sign},.{column.digits}f")
    return text.replace("-", "−")


def is_number(column: Column) -> bool:
    """Whether its cells stand at the right."""
    return column.digits is not None
