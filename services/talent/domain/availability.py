"""How much of a person the library can count on: stated availability, discounted as the record grows old."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class Ageing:
    """A record keeps its full weight for `fresh_days`; after that the weight halves every `half_life_days`."""

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

    def factor(self, observed: date, as_of: date) -> float:
        """Discount in (0, 1] of a record last confirmed on `observed`, seen on `as_of`."""
        stale = (as_of - observed).days - self.fresh_days
        return 1.0 if stale <= 0 else float(0.5 ** (stale / self.half_life_days))


def supply_micro(availability: Availability, share: int, discount: float) -> int:
    """Effective supply in millionths of a person: availability × direction share (per mille) × discount.

    Whole millionths make sums exact, so that adding and taking away a person leaves no residue.
    """
    return round(availability.per_mille * share * discount)
