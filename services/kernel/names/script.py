"""Chinese script: what is a Chinese character, its simplified form and its reading without tones."""

from typing import Final

from opencc import OpenCC

_CONVERTER: Final = OpenCC("t2s")
"""Made with the module: it reads its tables from files, which a call could find none left to open for."""

_HAN = (
    (0x3007, 0x3007),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xE000, 0xF8FF),  # private use: where registers keep characters that have no code point yet
    (0xF900, 0xFAFF),
    (0x20000, 0x323AF),
)


def is_han(char: str) -> bool:
    """Whether `char` is a Chinese character, the rare ones included."""
    return any(low <= ord(char) <= high for low, high in _HAN)


def simplified(text: str) -> str:
    """Traditional characters as simplified ones (張 as 张); all else stays."""
    return str(_CONVERTER.convert(text))


def syllables(text: str) -> tuple[str, ...]:
    """One reading without tone for each character (晓明: xiao, ming); ü is v, what has none stays as it is."""
    from services.kernel.names.spelling import (
        lazy_pinyin,  # a service that spells nothing does not wait for it
    )

    return tuple(lazy_pinyin(text))
