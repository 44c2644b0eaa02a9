"""Values as people read them, in both languages.

Every check of every deal says its limit and what it found, over and over the same amounts: those are worded once.
"""

from functools import lru_cache

from services.funding.domain.ratio import Ratio
from services.kernel.money import Money
from services.kernel.text import Text


@lru_cache(maxsize=4096)
def amount(fen: int) -> Text:
    """An amount of money."""
    return Text(Money(fen).display_zh(), Money(fen).display_en())


def months(number: int) -> Text:
    """A number of months."""
    return Text(f"{number}个月", f"{number} months")


def count(number: int, unit_zh: str, unit_en: str) -> Text:
    """A number of things."""
    return Text(f"{number}{unit_zh}", f"{number} {unit_en}".rstrip())


@lru_cache(maxsize=4096)
def share(ratio: Ratio) -> Text:
    """A ratio in percent."""
    return Text(ratio.percent(), ratio.percent())


def joined(texts: list[Text]) -> Text:
    """Several texts in one."""
    return Text("；".join(t.zh for t in texts), "; ".join(t.en for t in texts))
