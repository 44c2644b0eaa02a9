"""What there is to allocate: people to recruit, places to train, or money for either."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.text import Text

MOST_UNITS = 10_000


@dataclass(frozen=True, slots=True)
class Means:
    """Recruitments and training places, or an amount in fen that buys either at its unit cost (both above 0).

    Raises InvalidArgument for nothing, for both, and for more than 10,000 units of anything.
    """

    recruits: int = 0
    places: int = 0
    amount_fen: int = 0
    recruit_fen: int = 0
    place_fen: int = 0

    def __post_init__(self) -> None:
        wrong = list(self._violations()) or list(self._cost_violations())
        if wrong:
            raise InvalidArgument.of(*wrong)

    def _violations(self) -> Iterable[Violation]:
        for field, value in (("recruits", self.recruits), ("training_places", self.places)):
            if not 0 <= value <= MOST_UNITS:
                text = Text(f"须为 0 至 {MOST_UNITS}", f"from 0 to {MOST_UNITS}")
                yield Violation(field, "COUNT_OUT_OF_RANGE", text)
        if self.amount_fen < 0:
            yield Violation("amount", "AMOUNT_NEGATIVE", Text("金额不能为负", "an amount cannot be negative"))
        if self.amount_fen and (self.recruits or self.places):
            text = Text("金额与人数、名额只能选其一", "give an amount, or numbers of people and places")
            yield Violation("amount", "MEANS_EXCLUDE_EACH_OTHER", text)
        if not (self.recruits or self.places or self.amount_fen):
            text = Text(
                "须给出引进人数、培养名额或金额之一", "give recruitments, training places or an amount"
            )
            yield Violation("recruits", "NOTHING_TO_ALLOCATE", text)

    def _cost_violations(self) -> Iterable[Violation]:
        costs = {"recruitment_cost": self.recruit_fen, "training_place_cost": self.place_fen}
        for field, cost in costs.items() if self.amount_fen else ():
            if cost <= 0:
                text = Text("单位费用须为正", "a unit cost must be positive")
                yield Violation(field, "COST_NOT_POSITIVE", text)
            elif self.amount_fen // cost > MOST_UNITS:
                text = Text(f"金额超过 {MOST_UNITS} 个单位", f"the amount buys more than {MOST_UNITS} units")
                yield Violation(field, "TOO_MANY_UNITS", text)
