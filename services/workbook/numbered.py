"""Readers of cells that list names with a number each: directions with their shares or heads, planned hires. Each takes
the cell's text and the column's Chinese header as `field`, as the readers of single values (`cells`) do.
"""

import re
import unicodedata
from fractions import Fraction

from services.kernel.errors import InvalidArgument
from services.workbook.cells import Resolve, fraction, parts, shown

_SHARE = re.compile(r"(.+)[:：]\s*([0-9０-９.．/／%％]+)\s*", re.DOTALL)
Hire = tuple[str, str, int]


def shares(value: str, *, field: str, resolve: Resolve) -> dict[str, Fraction]:
    """Directions and their shares, which sum to exactly 1; a single direction needs no share.

    Raises BAD_SHARES (share missing, not positive, not a number, direction twice), SHARES_NOT_ONE, and what
    `resolve(name, field)` raises.
    """
    items = parts(value)
    if len(items) == 1 and not _SHARE.fullmatch(items[0]):
        return {resolve(items[0], field): Fraction(1)}
    if items and not any(map(_SHARE.fullmatch, items)):
        for item in items:
            resolve(item, field)
        raise _no_shares(field, items)
    result: dict[str, Fraction] = {}
    for item in items:
        match = _SHARE.fullmatch(item)
        share = fraction(unicodedata.normalize("NFKC", match[2]).strip()) if match else None
        if match is None or not share:
            raise _bad_shares(field, item)
        code = resolve(match[1].strip(), field)
        if code in result:
            raise _bad_shares(field, item)
        result[code] = share
    total = sum(result.values(), Fraction(0))
    if total != 1:
        raise InvalidArgument.field(
            field,
            "SHARES_NOT_ONE",
            f"{field}各方向占比合计为{_decimal(total)}，应为1；三等分可写 1/3",
            f"the shares sum to {_decimal(total)}, they must sum to 1; write thirds as 1/3",
        )
    return result


def hires(value: str, *, field: str, direction: Resolve, category: Resolve) -> tuple[Hire, ...]:
    """Planned hires `category=heads` or `direction:category=heads`: direction (or empty), category, heads.

    Raises BAD_HIRE (heads missing or no number from 1 to 10,000, the same place twice), and what the two raise.
    """
    found: list[Hire] = []
    for item in parts(value):
        what, equals, heads = unicodedata.normalize("NFKC", item).rpartition("=")
        place, colon, name = what.rpartition(":")
        number = heads.strip()
        if not equals or not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= 10_000:
            raise _bad_hire(field, item)
        leaf = direction(place.strip(), field) if colon else ""
        hire = (leaf, category(name.strip(), field), int(number[:6]))
        if any(hire[:2] == each[:2] for each in found):
            raise _bad_hire(field, item)
        found.append(hire)
    return tuple(found)


def heads(value: str, *, field: str, resolve: Resolve, maximum: int) -> tuple[tuple[str, int], ...]:
    """Directions with heads, `direction=heads`.

    Raises BAD_HEADS (heads missing or no number from 1 to `maximum`, a direction twice), and what
    `resolve(name, field)` raises.
    """
    found: dict[str, int] = {}
    for item in parts(value):
        name, equals, number = unicodedata.normalize("NFKC", item).rpartition("=")
        wanted = number.strip()
        if not equals or not wanted.isascii() or not wanted.isdigit() or not 1 <= int(wanted[:6]) <= maximum:
            raise _bad_heads(field, item, maximum)
        code = resolve(name.strip(), field)
        if code in found:
            raise _bad_heads(field, item, maximum)
        found[code] = int(wanted[:6])
    return tuple(found.items())


def _bad_heads(field: str, item: str, maximum: int) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "BAD_HEADS",
        f"{field}“{shown(item)}”应写成“方向=人数”，人数1至{maximum}，同一方向只写一次",
        f"{shown(item)!r} must read direction=heads, with 1 to {maximum} heads and each direction once",
    )


def _bad_hire(field: str, item: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "BAD_HIRE",
        f"{field}“{shown(item)}”应写成“类别=人数”或“方向:类别=人数”，人数1至10000，同一方向与类别只写一次",
        f"{shown(item)!r} must read category=heads or direction:category=heads, with 1 to 10,000 heads and each "
        "place once",
    )


def _decimal(value: Fraction) -> str:
    return f"{float(value):.6g}"


def _no_shares(field: str, items: list[str]) -> InvalidArgument:
    equal = ";".join(f"{item}:1/{len(items)}" for item in items[:3]) + (";…" if len(items) > 3 else "")
    return InvalidArgument.field(
        field,
        "BAD_SHARES",
        f"{field}写了{len(items)}个方向，请各写占比，合计为1；若各占相同，写成“{equal}”",
        f"{len(items)} directions need their shares, which sum to 1; if they are equal, write {equal!r}",
    )


def _bad_shares(field: str, item: str) -> InvalidArgument:
    return InvalidArgument.field(
        field,
        "BAD_SHARES",
        f"{field}“{shown(item)}”应写成“方向:占比”，占比大于0，同一方向只写一次",
        f"{shown(item)!r} must read direction:share, with a share above 0 and each direction once",
    )
