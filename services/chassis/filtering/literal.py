"""The right-hand side of a comparison as written: text, and what its stars mean."""

import re
from dataclasses import dataclass
from enum import Enum

from services.chassis.filtering.refusal import invalid

_QUOTED_PIECE = re.compile(r"\\(.)|([^\\])", re.DOTALL)
_ESCAPES = "\"'\\*"


class Star(Enum):
    """What the wildcard does."""

    NONE = "none"
    PREFIX = "prefix"
    PRESENT = "present"


@dataclass(frozen=True, slots=True)
class Literal:
    """The text without quotes, escapes and wildcard; `column` is where it begins."""

    text: str
    star: Star
    column: int
    quoted: bool


def bare(raw: str, column: int) -> Literal:
    """A literal without quotes."""
    if "*" not in raw:
        return Literal(raw, Star.NONE, column, False)
    return _starred(raw, [index for index, char in enumerate(raw) if char == "*"], column, False)


def quoted(raw: str, column: int) -> Literal:
    r"""A literal in quotes (with them); `\"`, `\'`, `\\` and `\*` stand for the second character itself."""
    inner = raw[1:-1]
    if "\\" not in inner and "*" not in inner:
        return Literal(inner, Star.NONE, column, True)
    chars: list[str] = []
    stars: list[int] = []
    for match in _QUOTED_PIECE.finditer(inner):
        escaped, plain = match[1], match[2]
        if escaped is not None and escaped not in _ESCAPES:
            raise invalid(
                column + 1 + match.start(),
                f"引号内不认识“\\{escaped}”，反斜线本身请写成 \\\\",
                f"unknown escape '\\{escaped}' in a quoted text; write a backslash itself as \\\\",
            )
        if plain == "*":
            stars.append(len(chars))
        chars.append(plain or escaped)
    return _starred("".join(chars), stars, column, True)


def _starred(text: str, stars: list[int], column: int, in_quotes: bool) -> Literal:
    if not stars:
        return Literal(text, Star.NONE, column, in_quotes)
    if text == "*":
        return Literal("", Star.PRESENT, column, in_quotes)
    if stars != [len(text) - 1]:
        raise invalid(
            column,
            '通配符 * 只能放在末尾一次；要查找包含的文字请写 字段:文字，星号本身请写成 "\\*"',
            "the wildcard * may stand once, at the end; to find a piece of text write field:text; "
            'a star itself is written "\\*"',
        )
    return Literal(text[:-1], Star.PREFIX, column, in_quotes)
