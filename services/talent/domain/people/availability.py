"""How much of a person the library can count on: stated availability, discounted as the record grows old."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text


class Availability(StrEnum):
    """When a person could take up a position (流动意愿)."""

    NOW = "NOW"
    HALF_YEAR = "HALF_YEAR"
    FLEXIBLE = "FLEXIBLE"
    SETTLED = "SETTLED"

    @property
    def label(self) -> Text:
        """As the forms show it."""
        return _LABELS[self]

    @property
    def per_mille(self) -> int:
        """Weight in thousandths of a person."""
        return _PER_MILLE[self]


_LABELS = {
    Availability.NOW: Text("随时", "at once"),
    Availability.HALF_YEAR: Text("半年内", "within half a year"),
    Availability.FLEXIBLE: Text("柔性", "part-time or on secondment"),
    Availability.SETTLED: Text("暂不流动", "not moving for now"),
}
_PER_MILLE = {
    Availability.NOW: 1000,
    Availability.HALF_YEAR: 600,
    Availability.FLEXIBLE: 300,
    Availability.SETTLED: 50,
}


PPM = 1_000_000
_STEPS = 12
# After 21 half-lives a whole person at once weighs less than half a millionth: nothing.
_LAST_STEP = 21 * _STEPS


@dataclass(frozen=True, slots=True)
class Ageing:
    """A record keeps its full weight for `fresh_days`; after that the weight halves every `half_life_days`.

    It falls in twelve steps per half-life, so that a day changes the weight of few records.
    """

    fresh_days: int = 365
    half_life_days: int = 365

    def __post_init__(self) -> None:
        if self.fresh_days < 0 or self.half_life_days < 1:
            raise InvalidArgument.field(
                "ageing",
                "AGEING_OUT_OF_RANGE",
                "保鲜期不得为负，减半周期至少 1 天",
                "the fresh period cannot be negative and the half-life is at least one day",
            )

    def step(self, observed: date, as_of: date) -> int:
        """How many twelfths of a half-life a record last confirmed on `observed` is stale on `as_of`."""
        stale = (as_of - observed).days - self.fresh_days
        return 0 if stale <= 0 else stale * _STEPS // self.half_life_days

    def turning(self, after: date, until: date) -> list[date]:
        """Days of confirmation whose records weigh less on `until` than on `after`, while they weigh anything."""
        oldest = self.fresh_days + _LAST_STEP * self.half_life_days // _STEPS
        first = until - timedelta(days=oldest + (until - after).days)
        days = (first + timedelta(days=number) for number in range((until - first).days))
        return [day for day in days if self.step(day, after) != self.step(day, until)]

    def ppm(self, observed: date, as_of: date) -> int:
        """The weight of a record in millionths: 1,000,000 while it is fresh."""
        return step_ppm(self.step(observed, as_of))


@cache
def step_ppm(step: int) -> int:
    """The weight after so many steps, in whole millionths."""
    return round(PPM * float(0.5 ** (step / _STEPS)))


def supply_micro(availability: Availability, share: int, ppm: int) -> int:
    """Effective supply in millionths of a person: availability × direction share (per mille) × weight (millionths).

    Integers throughout, halves rounded up: sums are exact, and SQL gives the same.
    """
    return (availability.per_mille * share * ppm + PPM // 2) // PPM
