"""Amounts of money as people read them on a screen, and as machines get them."""

from google.type.money_pb2 import Money as WireMoney

from services.chassis.rpc.wire import money_from_wire
from services.kernel.money import Money
from services.kernel.text import Language


def amount(money: WireMoney, language: Language) -> str:
    """An amount rounded for reading: 1.99亿元, 260万元, CNY 2.6m. Only for screens: exports are exact."""
    return money_from_wire(money).rounded(language)


def exact(value: Money) -> str:
    """Yuan with two digits after the point, from integers."""
    sign = "-" if value.fen < 0 else ""
    return f"{sign}{abs(value.fen) // 100}.{abs(value.fen) % 100:02d}"
