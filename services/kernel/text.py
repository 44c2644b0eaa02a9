"""Text in the two languages that every screen, report and message carries."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


def counted(number: int, one: str, many: str = "") -> str:
    """A count in English: `1 deal`, `1,200 deals`; `many` where the plural is more than an s at the end."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def in_per_cent(thousandths: int) -> str:
    """A share in hundredths, as people say it: `100%`, `98.5%`."""
    whole, rest = divmod(abs(thousandths), 10)
    return f"{'-' if thousandths < 0 else ''}{whole}{f'.{rest}' if rest else ''}%"


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
