"""Amounts of money as people read them on a screen, and as machines get them."""

from google.type.money_pb2 import Money as WireMoney

from services.chassis.rpc.wire import money_from_wire
from services.kernel.money import Money
from services.kernel.text import Language

_FEN = 100
_UNITS_ZH = ((10_000_000_000, "亿元"), (1_000_000, "万元"))
_UNITS_EN = ((100_000_000, "m"), (100_000, "k"))


def amount(money: WireMoney, language: Language) -> str:
    """An amount rounded for reading: 1.99亿元, 260万元, CNY 2.60m."""
    return rounded(money_from_wire(money), language)


def rounded(value: Money, language: Language) -> str:
    """At most two digits after the point, of the largest unit that fits. Only for screens: exports are exact."""
    units, prefix = (_UNITS_ZH, "") if language == "zh" else (_UNITS_EN, f"{value.currency} ")
    for unit, name in units:
        if abs(value.fen) >= unit:
            return f"{prefix}{_trimmed(value.fen / unit)}{name}"
    return f"{prefix}{_trimmed(value.fen / _FEN)}{'元' if language == 'zh' else ''}"


def exact(value: Money) -> str:
    """Yuan with two digits after the point, from integers."""
    sign = "-" if value.fen < 0 else ""
    return f"{sign}{abs(value.fen) // _FEN}.{abs(value.fen) % _FEN:02d}"


def _trimmed(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
