"""What was done about an alert."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class IndicatorAnswer:
    """One answer, never changed."""

    text: str
    actor: str
    at: datetime
