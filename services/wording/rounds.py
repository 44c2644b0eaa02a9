"""Financing rounds: written as the trade calls them in Chinese, and said in English where it has a name for them."""

import re
from typing import Final

from services.kernel.text import Language

_NAMED: Final = {
    "种子轮": "seed",
    "天使轮": "angel",
    "天使+轮": "angel+",
    "Pre-IPO轮": "pre-IPO",
    "战略融资": "strategic",
    "并购": "acquisition",
}
_LETTERED: Final = re.compile(r"(pre-)?([a-h])([1-9]|\++)?轮", re.IGNORECASE)


def round_name(written: str, language: Language) -> str:
    """A round as it is said in a language; as it was written where no name of it is known."""
    if language == "zh":
        return written
    if found := _LETTERED.fullmatch(written.strip()):
        before, letter, after = found.groups()
        return f"{'pre-' if before else 'series '}{letter.upper()}{after or ''}"
    return _NAMED.get(written.strip(), written)
