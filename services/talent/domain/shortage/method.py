"""The method's proposals: values that are configuration, printed with every answer, and the version they make."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.people.availability import Ageing, Availability
from services.talent.domain.position.posting import LIFE_DAYS, SAME_WITHIN_DAYS
from services.talent.domain.shortage import note
from services.talent.domain.shortage.indices.estimate import FALLBACK_KAPPA, KAPPA_BOUNDS, LEAST_SIBLINGS
from services.talent.domain.shortage.indices.momentum import SCALE_BOUNDS
from services.talent.domain.shortage.names import COMPONENT_NAMES
from services.talent.domain.shortage.outlook.steady import check_discount
from services.talent.domain.shortage.outlook.stock import SCORED

FORMULA = "shortage-5"
DEFAULT_WEIGHTS = (
    ("tightness", 0.35),
    ("difficulty", 0.25),
    ("pipeline", 0.20),
    ("momentum", 0.10),
    ("flow", 0.10),
)

# What counting and fitting rest on beside a method's own values.
_FIXED = {
    "availability": {each.name: each.per_mille for each in Availability},
    "ageing": asdict(Ageing()),
    "life_days": LIFE_DAYS,
    "same_within_days": SAME_WITHIN_DAYS,
    "kappa": [*KAPPA_BOUNDS, FALLBACK_KAPPA, LEAST_SIBLINGS],
    "slope": SCALE_BOUNDS,
    "scored": SCORED,
}


@dataclass(frozen=True)
class Method:
    """Every number that shapes an answer. A component that a cell lacks leaves its weight to the others.

    `prior_*`: what is believed before anything is seen (fills and days of the hazard's Gamma, moves each way, the
    usual slope per quarter). `forecast_*`: quarters needed, Gamma at the start. `discount`, `persistence` and `shock`:
    how a level's demand goes on while it has no history, and the candidates for each (`outlook/stock.py`).
    `place_*`: share of training places completed, and of graduates who stay; `hires_per_firm`: within the horizon
    of one funded firm; `*_fen`: what one recruitment or training place costs where the caller does not say.
    `coverage_least`: people that two sources must have found in common.
    `driver_*`: from where a cause is named, as index, log-odds or share. `moves_quarters`: quarters of moves.
    """

    weights: tuple[tuple[str, float], ...] = DEFAULT_WEIGHTS
    difficulty_days: int = 90
    window_days: int = 730
    prior_fills: float = 2.0
    prior_days: float = 170.0
    prior_moves: float = 2.0
    prior_slope: float = 0.10
    moves_quarters: int = 4
    momentum_quarters: int = 8
    momentum_least: int = 4
    horizon_quarters: int = 8
    discount: float = 0.8
    discounts: tuple[float, ...] = (0.7, 0.9)
    persistence: float = 0.6
    persistences: tuple[float, ...] = (0.1, 0.3, 0.6, 0.9, 0.98)
    shock: float = 0.1
    shocks: tuple[float, ...] = (0.02, 0.05, 0.1, 0.2)
    forecast_start: tuple[float, float] = (0.5, 0.25)
    forecast_least: int = 4
    hidden_below: int = 5
    star_floors: tuple[float, ...] = (40.0, 50.0, 60.0, 70.0, 80.0)
    sure: float = 0.8
    trend_sure: float = 0.9
    rank_sure: float = 0.95
    grade_limits: tuple[float, ...] = (0.3, 0.5, 0.8)
    robust_sets: int = 4000
    robust_strength: float = 40.0
    place_completion: float = 0.9
    place_retention: float = 0.7
    hires_per_firm: float = 8.0
    recruit_fen: int = 30_000_000
    place_fen: int = 5_000_000
    driver_short: float = 60.0
    driver_balanced: float = 50.0
    driver_difficulty: float = 0.15
    driver_clumped: float = 0.5
    driver_funded: float = 0.30
    driver_coverage: float = 0.5
    coverage_least: int = 7
    driver_refusals: int = 3

    def __post_init__(self) -> None:
        check_weights(self.weights)
        for delta in (self.discount, *self.discounts):
            check_discount(delta)

    @cached_property
    def version(self) -> str:
        """Name of the formula and a digest of every value: two answers with equal versions are comparable."""
        values = json.dumps([asdict(self), _FIXED], sort_keys=True, separators=(",", ":"))
        return f"{FORMULA}.{hashlib.sha256(values.encode()).hexdigest()[:8]}"

    @cached_property
    def note(self) -> Text:
        """What a reader must know to judge the index: every number that shapes it."""
        return note.whole(self)


def check_weights(weights: tuple[tuple[str, float], ...], field: str = "weights") -> None:
    """Raise InvalidArgument for an unknown or repeated component, a weight that is no number ≥ 0, or all of them 0."""
    names = [name for name, _ in weights]
    for at, name in enumerate(names):
        if name not in COMPONENT_NAMES or name in names[:at]:
            known = COMPONENT_NAMES
            raise InvalidArgument.field(
                field,
                "UNKNOWN_COMPONENT" if name not in known else "COMPONENT_REPEATED",
                f"分项“{name[:40]}”不存在或重复，可选：{'、'.join(known)}，各一次",
                f"component {name[:40]!r} is unknown or repeated; choose from {', '.join(known)}, each once",
            )
    values = [weight for _, weight in weights]
    if not values or not all(0 <= weight < float("inf") for weight in values) or sum(values) <= 0:
        raise InvalidArgument.field(
            field,
            "WEIGHTS_UNUSABLE",
            "权重须为不小于 0 的数，且不能全为 0",
            "weights must be numbers of at least 0, and not all 0",
        )
