"""Typed readers of single cells. Each takes the cell's text and the column's Chinese header as `field`,
and raises InvalidArgument whose violation names that field, the rule and the remedy.

An empty cell is the caller's business: `rows` asks these only for cells that hold something.
"""

import datetime
import re
import unicodedata
from collections.abc import Callable
from fractions import Fraction

from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.suggestion import nearest
from services.workbook.choices import YES_NO, Choices, find, fold

_SPLIT = re.compile(r"[;；\n]")
_SCIENTIFIC = re.compile(r"[+-]?[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,3}")
_INTEGER = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.0+)?")
_DECIMAL = re.compile(r"[0-9]{1,12}(\.[0-9]{1,12})?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MIDNIGHT = r"(?: 0?0:00(?::00(?:\.0+)?)?)?"
_DATES = (
    re.compile(
        r"(?P<year>[0-9]{4}) ?(?:-|/|\.|年) ?(?P<month>[0-9]{1,2}) ?(?:-|/|\.|月) ?(?P<day>[0-9]{1,2}) ?日?"
        + _MIDNIGHT
    ),
    re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    re.compile(_MONTH + r" (?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})", re.IGNORECASE),
    re.compile(r"(?P<day>[0-9]{1,2})[ -]" + _MONTH + r"[ -](?P<year>[0-9]{4})", re.IGNORECASE),
)
_ONLY_MONTH = re.compile(r"[0-9]{4} ?(?:-|/|\.|年) ?(?:0?[1-9]|1[0-2]) ?月?")
_YEAR_OF = re.compile(
    r"(?P<year>(?:19|20)[0-9]{2})"
    r"(?: ?年| ?[-/.年] ?(?:0?[1-9]|1[0-2])(?: ?[-/.月].*)?|(?:0[1-9]|1[0-2])(?:[0-3][0-9])?)"
)
_DAY_FIRST = re.compile(r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4}")
_EXCEL_EPOCH = datetime.date(1899, 12, 30)
_EXCEL_SERIAL = re.compile(r"[1-7][0-9]{4}")

Resolve = Callable[[str, str], str]


def shown(value: str) -> str:
    """At most 40 characters of a value, for a message."""
    return value if len(value) <= 40 else value[:40] + "…"


def damaged(value: str) -> bool:
    """Whether a long number has lost digits because a spreadsheet took it for a quantity."""
    return _SCIENTIFIC.fullmatch(value) is not None


def text(value: str, *, field: str, length: int = 200) -> str:
    """The text itself, at most `length` characters; raises TEXT_TOO_LONG."""
    if len(value) > length:
        raise InvalidArgument.field(
            field,
            "TEXT_TOO_LONG",
            f"{field}共{len(value)}字，最多{length}字，请精简",
            f"{len(value)} characters, at most {length} are allowed; shorten it",
        )
    return value


def identifier(value: str, *, field: str, length: int = 64) -> str:
    """A number or code kept as text; raises EXCEL_DAMAGED_NUMBER, BAD_IDENTIFIER."""
    if damaged(value):
        raise InvalidArgument.field(
            field,
            "EXCEL_DAMAGED_NUMBER",
            f"{field}“{shown(value)}”已被Excel改成科学计数并丢失末位数字，请将该列设为文本格式后重新录入",
            f"Excel turned {shown(value)!r} into scientific notation and lost its last digits; "
            "format the column as text and enter it again",
        )
    if value.split() != [value]:
        raise InvalidArgument.field(
            field,
            "BAD_IDENTIFIER",
            f"{field}中不能有空格或换行",
            "blanks and line breaks are not allowed here",
        )
    return text(value, field=field, length=length)


def integer(
    value: str, *, field: str, minimum: int = 0, maximum: int = 1_000_000_000, quoted: bool = True
) -> int:
    """A whole number within the bounds; raises BAD_INTEGER, OUT_OF_RANGE, which repeat the value unless it may not be
    `quoted`.
    """
    plain = unicodedata.normalize("NFKC", value).strip()
    if _INTEGER.fullmatch(plain) is None:
        raise InvalidArgument.field(
            field,
            "BAD_INTEGER",
            f"{field}{f'“{shown(value)}”' if quoted else ''}不是整数，请只写阿拉伯数字，未知请留空",
            f"{repr(shown(value)) if quoted else 'this'} is not a whole number; write digits only, "
            "leave unknown values empty",
        )
    number = int(plain.split(".")[0].replace(",", ""))
    if not minimum <= number <= maximum:
        raise InvalidArgument.field(
            field,
            "OUT_OF_RANGE",
            f"{field}应在{minimum}至{maximum}之间" + (f"，现为{number}" if quoted else ""),
            f"must lie between {minimum} and {maximum}" + (f", got {number}" if quoted else ""),
        )
    return number


def year(value: str, *, field: str, minimum: int, maximum: int, quoted: bool = True) -> int:
    """A year, also of a month or a day in it (`1985.7`, `1990年3月`, `1991/5/2`, `198507`); raises as `integer`."""
    longer = _YEAR_OF.fullmatch(unicodedata.normalize("NFKC", value).strip())
    return integer(
        longer["year"] if longer else value, field=field, minimum=minimum, maximum=maximum, quoted=quoted
    )


def amount(value: str, *, field: str, minimum: int = 0) -> int:
    """An amount of money in fen; a bare number is yuan.

    Raises AMOUNT_NOT_UNDERSTOOD, AMOUNT_NOT_WHOLE_FEN, AMOUNT_TOO_LARGE, OUT_OF_RANGE.
    """
    fen = parse_amount(unicodedata.normalize("NFKC", value), field=field).fen
    if fen < minimum:
        raise InvalidArgument.field(
            field, "OUT_OF_RANGE", f"{field}不能为负数", "a negative amount is not allowed here"
        )
    return fen


def ratio(value: str, *, field: str) -> Fraction:
    """An exact ratio from 0 to 1, written `20%`, `0.2` or `1/5`; raises BAD_RATIO."""
    plain = unicodedata.normalize("NFKC", value).replace(" ", "")
    number = _fraction(plain)
    if number is None or not 0 <= number <= 1:
        raise InvalidArgument.field(
            field,
            "BAD_RATIO",
            f"{field}“{shown(value)}”不是0至1之间的比例，请写成 20%、0.2 或 1/5",
            f"{shown(value)!r} is not a ratio between 0 and 1; write 20%, 0.2 or 1/5",
        )
    return number


def _fraction(plain: str) -> Fraction | None:
    if plain.endswith("%") and _DECIMAL.fullmatch(plain[:-1]):
        return Fraction(plain[:-1]) / 100
    numerator, slash, denominator = plain.partition("/")
    if slash and _DECIMAL.fullmatch(numerator) and _DECIMAL.fullmatch(denominator) and Fraction(denominator):
        return Fraction(numerator) / Fraction(denominator)
    return Fraction(plain) if _DECIMAL.fullmatch(plain) else None


def date(value: str, *, field: str) -> datetime.date:
    """A civil date: 2026-06-30, 2026/6/30, 2026年6月30日, 20260630, Jun 30, 2026, 30 June 2026, the first
    three with a midnight behind them too, or a spreadsheet's serial day; raises BAD_DATE.
    """
    plain = " ".join(unicodedata.normalize("NFKC", value).split())
    if _EXCEL_SERIAL.fullmatch(plain):
        return _EXCEL_EPOCH + datetime.timedelta(days=int(plain))
    match = next((found for each in _DATES if (found := each.fullmatch(plain))), None)
    if match is None:
        raise _bad_date(field, value, plain)
    try:
        said = match.groupdict()
        month = said["month"] if "month" in said else _MONTHS.index(said["name"][:3].casefold()) + 1
        return datetime.date(int(said["year"]), int(month), int(said["day"]))
    except ValueError as error:
        raise InvalidArgument.field(
            field,
            "BAD_DATE",
            f"{field}“{shown(value)}”在日历上不存在",
            f"{shown(value)!r} is not in the calendar",
        ) from error


def _bad_date(field: str, value: str, plain: str) -> InvalidArgument:
    en = "write year-month-day such as 2026-06-30"
    if _ONLY_MONTH.fullmatch(plain):
        zh, en = "；只有年月，请补上日，如 2026-06-30", f"the day is missing; {en}"
    elif _DAY_FIRST.fullmatch(plain):
        zh = "；请按年-月-日书写，不猜测日月顺序"
    else:
        zh = "；请写成 2026-06-30"
    return InvalidArgument.field(
        field,
        "BAD_DATE",
        f"无法识别{field}“{shown(value)}”{zh}",
        f"cannot read the date {shown(value)!r}; {en}",
    )


def choice(value: str, *, field: str, choices: Choices) -> str:
    """The code of the closed choice that is meant; raises UNKNOWN_CHOICE listing what is allowed."""
    found = find(choices, value)
    if found is None:
        names = {c.code: [fold(name) for name in (c.zh, c.en, *c.aliases)] for c in choices}
        near = [c for code in nearest(fold(value)[:100], names, 2) for c in choices if c.code == code]
        hint_zh = f"；您是否要填：{'、'.join(c.zh for c in near)}？" if near else ""
        hint_en = f"; did you mean {' or '.join(c.en for c in near)}?" if near else ""
        raise InvalidArgument.field(
            field,
            "UNKNOWN_CHOICE",
            f"{field}“{shown(value)}”无效，可选：{'、'.join(c.zh for c in choices)}{hint_zh}",
            f"{shown(value)!r} is not one of {', '.join(f'{c.zh} ({c.en})' for c in choices)}{hint_en}",
        )
    return found.code


def choices(value: str, *, field: str, choices: Choices) -> tuple[str, ...]:
    """The codes of several choices separated by semicolons, each once; raises UNKNOWN_CHOICE."""
    return codes(value, field=field, resolve=lambda part, name: choice(part, field=name, choices=choices))


def yes_no(value: str, *, field: str) -> bool:
    """是 or 否; raises UNKNOWN_CHOICE."""
    return choice(value, field=field, choices=YES_NO) == "YES"


def parts(value: str) -> list[str]:
    """The items of a list cell: separated by semicolons of either width or line breaks, blanks dropped."""
    return [part.strip() for part in _SPLIT.split(value) if part.strip()]


def codes(value: str, *, field: str, resolve: Resolve) -> tuple[str, ...]:
    """What `resolve(name, field)` makes of each item, each once, in the order written."""
    return tuple(dict.fromkeys(resolve(part, field) for part in parts(value)))


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
        share = _fraction(unicodedata.normalize("NFKC", match[2]).strip()) if match else None
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


Hire = tuple[str, str, int]


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


_SHARE = re.compile(r"(.+)[:：]\s*([0-9０-９.．/／%％]+)\s*", re.DOTALL)


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
