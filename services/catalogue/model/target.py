"""The goals that the document sets, with and without a number."""

from dataclasses import dataclass
from typing import Literal

from services.kernel.text import Text, typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A goal (目标) with a number.

    `comparator`: `at_least` where the document says 以上, else `reach`. `period`: `by` the end of `year`, or
    `yearly`. `year` is None where the document gives none. `scope` lists the ids of what counts.
    """

    id: str
    metric: str
    value: int
    unit_zh: str
    unit_en: str
    comparator: Literal["reach", "at_least"]
    period: Literal["by", "yearly"]
    year: int | None
    clause: str
    quote: str
    text_en: str
    scope: tuple[str, ...] = ()

    @property
    def text(self) -> Text:
        """The goal in the document's own words, set as Chinese is printed, and in English."""
        return Text(typeset(self.quote), self.text_en)

    @property
    def unit(self) -> Text:
        """What is counted."""
        return Text(typeset(self.unit_zh), self.unit_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A goal without a number, for the end of `year`."""

    id: str
    year: int
    clause: str
    quote: str
    text_en: str

    @property
    def text(self) -> Text:
        """The goal in the document's own words, set as Chinese is printed, and in English."""
        return Text(typeset(self.quote), self.text_en)
