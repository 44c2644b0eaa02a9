"""Text in the two languages that every screen, report and message carries."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["zh", "en"]
_HAN: Final = "\u3400-\u9fff，；：？！（）、。“”"
_BRACKETED: Final = re.compile(
    rf"(?<=[{_HAN}])\(([^()]*)\)|\(([^()]*)\)(?=[{_HAN}])|\(([^()]*[{_HAN}][^()]*)\)"
)
_MARK: Final = re.compile(rf"(?<=[{_HAN}])[,;:?!]|[,;:?!](?=[{_HAN}])")
_WIDE: Final = str.maketrans(",;:?!", "，；：？！")


def counted(number: int, one: str, many: str = "") -> str:
    """A count in English: `1 deal`, `1,200 deals`; `many` where the plural is more than an s at the end."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_per_cent(thousandths: int) -> str:
    """A share in hundredths, as people say it: `100%`, `98.5%`."""
    whole, rest = divmod(abs(thousandths), 10)
    return f"{'-' if thousandths < 0 else ''}{whole}{f'.{rest}' if rest else ''}%"


def typeset(zh: str) -> str:
    """Chinese as it is printed: marks and brackets that touch a Chinese character are full-width. The policy document
    is on record with half-width ones, and is quoted so; what people read is set.
    """
    bracketed = _BRACKETED.sub(lambda found: f"（{found[1] or found[2] or found[3] or ''}）", zh)
    return _MARK.sub(lambda found: found[0].translate(_WIDE), bracketed)


@dataclass(frozen=True, slots=True)
class Text:
    """One message in Chinese (read by most users) and in English."""

    zh: str
    en: str

    def to(self, language: Language) -> str:
        """The wording in `language`."""
        return self.zh if language == "zh" else self.en

    def __str__(self) -> str:
        return f"{self.zh} / {self.en}"
