"""Statements: every field of a person is asserted by a source, and nothing that was said is overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from services.kernel.text import Text

_NOTHING = (None, "", ())
OFFICE = "office"
IMPORT = "import"


class Confidence(StrEnum):
    """How sure the source was, or whoever entered its statement."""

    INFERRED = "INFERRED"
    STATED = "STATED"
    CONFIRMED = "CONFIRMED"

    @property
    def rank(self) -> int:
        """0 to 2: the surer, the higher."""
        return tuple(Confidence).index(self)

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return _LABELS[self]


_LABELS = {
    Confidence.INFERRED: Text("推断", "inferred"),
    Confidence.STATED: Text("陈述", "stated"),
    Confidence.CONFIRMED: Text("已核实", "confirmed"),
}


@dataclass(frozen=True, kw_only=True)
class Stated:
    """What one source says about one person, before it is recorded.

    `facts` holds values by the names of PersonFacts; a name that is not there is not spoken of, an empty value
    takes back what the same source said before. `document`: where it is written, if anywhere; `observed`: the
    day on which the source said it; it holds from `valid_from` to `valid_to`, both included, where given.
    """

    facts: Mapping[str, Any]
    source: str
    observed: date
    document: str = ""
    confidence: Confidence = Confidence.STATED
    valid_from: date | None = None
    valid_to: date | None = None
    batch: str | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    """Who took a statement back, when and why. `reason` is empty where a whole batch was undone."""

    at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Statement(Stated):
    """A recorded statement. `record_id` is the record it was made about and never changes, whatever record it
    is shown under after a merge; numbers grow in the order of recording.
    """

    number: int
    record_id: str
    entered_by: str
    recorded_at: datetime
    retraction: Retraction | None = None

    def holds(self, day: date) -> bool:
        """Whether it is within its validity on `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def voice(self) -> tuple[str, str, str]:
        """Record, source and document: among the statements of one voice the last one counts."""
        return self.record_id, self.source, self.document


def is_empty(value: Any) -> bool:
    """Whether a value says nothing. An empty set of purposes says that nothing is allowed."""
    return value in _NOTHING
