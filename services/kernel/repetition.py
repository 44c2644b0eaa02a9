"""Where a list says the same twice, and where two papers are one."""

import unicodedata
from collections.abc import Hashable, Sequence

from services.kernel.text import Text


def repetition(field: str, values: Sequence[Hashable]) -> Text | None:
    """Which two elements of the list `field` are the same, counted from 0 as in a field's path; None: none are."""
    seen = dict[Hashable, int]()
    for place, value in enumerate(values):
        if (earlier := seen.setdefault(value, place)) != place:
            one, other = f"{field}[{earlier}]", f"{field}[{place}]"
            return Text(f"{one} 与 {other} 相同", f"{one} and {other} are the same")
    return None


def folded(document: str) -> str:
    """What tells a paper's number from others; brackets, blanks, widths and small letters do not."""
    same = unicodedata.normalize("NFKC", document).casefold()
    return "".join(filter(str.isalnum, same)) or same
