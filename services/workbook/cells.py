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
    number = fraction(plain)
    if number is None or not 0 <= number <= 1:
        raise InvalidArgument.field(
            field,
            "BAD_RATIO",
            f"{field}“{shown(value)}”不是0至1之间的比例，请写成 20%、0.2 或 1/5",
            f"{shown(value)!r} is not a ratio between 0 and 1; write 20%, 0.2 or 1/5",
        )
    return number


def fraction(plain: str) -> Fraction | None:
    """What `20%`, `0.2` or `1/5` say, exactly; None for anything else."""
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
