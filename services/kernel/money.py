"""Money: integer fen (分) and a currency. No float ever touches it."""

import re
from dataclasses import dataclass
from decimal import Decimal

from services.kernel.errors import InvalidArgument
from services.kernel.numerals import fen_of, times
from services.kernel.text import Language

CNY = "CNY"
MAX_FEN = 9_000_000_000_000_000
_UNITS = {
    "元": 100,
    "万": 1_000_000,
    "万元": 1_000_000,
    "亿": 10_000_000_000,
    "亿元": 10_000_000_000,
}
_UNITS_ZH = ((_UNITS["亿元"], "亿元"), (_UNITS["万元"], "万元"))
_MILLION = 1_000_000 * _UNITS["元"]
_AMOUNT = re.compile(r"([+-]?[0-9][0-9,]*(?:\.[0-9]+)?)\s*(元|万元|万|亿元|亿)?")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in fen. Sums and comparisons across currencies are refused with TypeError-free domain errors."""

    fen: int
    currency: str = CNY

    def __post_init__(self) -> None:
        if not isinstance(self.fen, int) or isinstance(self.fen, bool):
            raise TypeError("money is an integer number of fen")
        if abs(self.fen) > MAX_FEN:
            raise InvalidArgument.field(
                "amount",
                "AMOUNT_TOO_LARGE",
                "金额超出系统上限（90万亿元）",
                "the amount is over the system's limit",
            )

    def __add__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.fen + other.fen, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same_currency(other)
        return Money(self.fen - other.fen, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.fen < other.fen

    def __le__(self, other: "Money") -> bool:
        self._same_currency(other)
        return self.fen <= other.fen

    def _same_currency(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise InvalidArgument.field(
                "currency",
                "CURRENCY_MISMATCH",
                f"币种不一致：{self.currency} 与 {other.currency} 不能相加或比较",
                f"{self.currency} and {other.currency} cannot be combined; nothing is converted silently",
            )

    def display_zh(self) -> str:
        """As people read it: 元 below 1万, 万元 below 1亿, 亿元 above; exact to the fen."""
        for unit, name in _UNITS_ZH:
            if abs(self.fen) >= unit:
                return _exact(self.fen, unit) + name
        return _exact(self.fen, 100) + "元"

    def display_en(self) -> str:
        """As people read it: yuan below a million, millions above, exact to the fen; e.g. `CNY 20m`."""
        if abs(self.fen) >= _MILLION:
            return f"{self.currency} {_exact(self.fen, _MILLION)}m"
        return f"{self.currency} {_in_yuan(self.fen)}"

    def rounded(self, language: Language) -> str:
        """For screens: at most two digits after the point of the unit that `display_zh` or `display_en` has, half up;
        every fen below 1万元 or a million yuan.
        """
        if language == "zh":
            for unit, name in _UNITS_ZH:
                if abs(self.fen) >= unit:
                    return _in_hundredths(self.fen, unit) + name
            return _in_yuan(self.fen) + "元"
        if abs(self.fen) >= _MILLION:
            return f"{self.currency} {_in_hundredths(self.fen, _MILLION)}m"
        return f"{self.currency} {_in_yuan(self.fen)}"


def _exact(fen: int, unit: int) -> str:
    whole = f"{Decimal(fen) / unit:,f}"
    return whole.rstrip("0").rstrip(".") if "." in whole else whole


def _in_yuan(fen: int) -> str:
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan:,}" + (f".{rest:02d}" if rest else "")


def _in_hundredths(fen: int, unit: int) -> str:
    whole, rest = divmod((abs(fen) * 200 + unit) // (2 * unit), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")


def parse_amount(text: str, *, field: str) -> Money:
    """Read `500万`, `2,000万元`, `1.5亿`, `五百万`, `壹佰万元整` or a bare number of yuan into exact fen.

    Raises InvalidArgument (AMOUNT_NOT_UNDERSTOOD, AMOUNT_NOT_WHOLE_FEN, AMOUNT_TOO_LARGE) naming `field`.
    """
    fen = _fen(text.strip())
    if fen is None:
        raise InvalidArgument.field(
            field,
            "AMOUNT_NOT_UNDERSTOOD",
            f"无法识别金额“{text[:40]}”，请写成 500万元、1.5亿元、5000000 或 五百万元",
            f"cannot read the amount {text[:40]!r}; write 500万元, 1.5亿元, 5000000 or 五百万元",
        )
    if fen != fen.to_integral_value():
        raise InvalidArgument.field(
            field,
            "AMOUNT_NOT_WHOLE_FEN",
            "金额不足一分，请取整到分",
            "the amount is finer than one fen; round it",
        )
    return Money(int(fen))


def _fen(text: str) -> Decimal | None:
    match = _AMOUNT.fullmatch(text)
    return fen_of(text) if match is None else times(match[1].replace(",", ""), _UNITS[match[2] or "元"])
