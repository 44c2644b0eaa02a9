"""Sums of money in Chinese numerals, plain (五百万) or as contracts write them (壹佰万元整), read exactly.

What people may mean in two ways is not read: 一万三 (13,000 or 10,003), 五百五 (550 or 505), 一亿三千.
"""

import re
from decimal import Context, Decimal
from typing import Final

_PLAIN: Final = str.maketrans(
    "〇壹贰貳弐两兩叁參叄肆伍陆陸柒捌玖拾佰仟萬億圆圓點正",
    "零一二二二二二三三三四五六六七八九十百千万亿元元点整",
)
_DIGITS: Final = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_PLACES: Final = {"十": 10, "百": 100, "千": 1_000}
_SMALL: Final = {"角": 10, "分": 1}
_SUM: Final = re.compile(
    r"(?:人民币)?(?P<whole>[零一二三四五六七八九十百千万亿]+)(?:点(?P<after>[零一二三四五六七八九]+)(?P<unit>万亿|[万亿])?)?"
    r"(?P<yuan>元)?(?P<rest>(?:零?[一二三四五六七八九][角分]){0,2})整?"
)
_UNITS: Final = {None: 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}
_FEN: Final = 100


def fen_of(text: str) -> Decimal | None:
    """The sum in fen, not always a whole number of them (零点一二三元); None for what is no such sum."""
    found = _SUM.fullmatch(text.translate(_PLAIN).replace(" ", ""))
    if found is None:
        return None
    whole = _number(found["whole"])
    rest = _small(found["rest"])
    if whole is None or rest is None or (rest and not found["yuan"]) or (rest and found["after"]):
        return None
    if found["after"] is None:
        return Decimal(whole * _FEN + rest)
    after = "".join(str(_DIGITS[each]) for each in found["after"])
    return times(f"{whole}.{after}", _UNITS[found["unit"]] * _FEN)


def times(number: str, unit: int) -> Decimal:
    """The product, exact however many digits there are: the usual context keeps 28 of them."""
    return Context(prec=len(number) + len(str(unit))).multiply(Decimal(number), Decimal(unit))


def _number(text: str) -> int | None:
    """A whole number; None where it is not written as one."""
    if text == "零":
        return 0
    if text.startswith("零"):
        return None
    upper, great, lower = text.rpartition("亿")
    if not great:
        return _below_yi(lower)
    above = _number(upper)
    if above is None or "亿" in upper:
        return None
    if lower and "万" not in lower and not lower.startswith("零"):
        return None
    below = _below_yi(lower) if lower else 0
    return None if below is None else above * 10**8 + below


def _below_yi(text: str) -> int | None:
    upper, great, lower = text.partition("万")
    if not great:
        return _section(upper)
    if "万" in lower:  # 一万万 is no sum of today's contracts
        return None
    above, below = _section(upper), 0 if not lower else _section(lower)
    if above is None or below is None or len(lower) == 1:
        return None
    return above * 10**4 + below


def _section(text: str) -> int | None:
    """Up to 9,999, after a skipped place by 零."""
    total, last, digit, skipped = 0, 10_000, 0, False
    for each in text:
        place = _PLACES.get(each)
        if place is None:
            if digit:
                return None
            digit, skipped = _DIGITS[each], skipped or each == "零"
            continue
        if place >= last or (not digit and (each != "十" or skipped)):
            return None
        total, last, digit, skipped = total + (digit or 1) * place, place, 0, False
    if not digit:
        return None if skipped or not text else total
    return None if total and last > _PLACES["十"] and not skipped else total + digit


def _small(text: str) -> int | None:
    """角 and 分 in fen, 角 first."""
    found = re.findall("([一二三四五六七八九])([角分])", text)
    if [unit for _, unit in found] not in ([], ["角"], ["分"], ["角", "分"]):
        return None
    return sum(_DIGITS[digit] * _SMALL[unit] for digit, unit in found)
