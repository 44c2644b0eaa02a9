"""Text in the two languages that every screen, report and message carries."""

from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


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
