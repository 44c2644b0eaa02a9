"""The method's version and its proposals: values that are configuration, printed with every answer."""

from dataclasses import dataclass, field

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

VERSION = "shortage-1"


@dataclass(frozen=True, slots=True)
class Method:
    """Weights and bands. A component that a cell lacks leaves its weight to the others."""

    weights: tuple[tuple[str, float], ...] = (("tightness", 0.35), ("difficulty", 0.25))
    difficulty_days: int = 90
    window_days: int = 730
    prior_fills: float = 2.0
    prior_days: float = 170.0
    hidden_below: int = 5
    star_floors: tuple[float, ...] = (40.0, 50.0, 60.0, 70.0, 80.0)
    sure: float = 0.8
    grade_limits: tuple[float, ...] = (0.3, 0.5, 0.8)
    version: str = field(default=VERSION)

    def __post_init__(self) -> None:
        values = [weight for _, weight in self.weights]
        if not values or not all(0 <= weight < float("inf") for weight in values) or sum(values) <= 0:
            raise InvalidArgument.field(
                "weights",
                "WEIGHTS_UNUSABLE",
                "权重须为不小于 0 的数，且不能全为 0",
                "weights must be numbers of at least 0, and not all 0",
            )

    @property
    def note(self) -> Text:
        """What a reader must know to judge the index."""
        zh = "、".join(f"{LABELS[name].zh} {weight:g}" for name, weight in self.weights)
        en = ", ".join(f"{LABELS[name].en} {weight:g}" for name, weight in self.weights)
        return Text(
            f"方法 {self.version}：指数＝100·σ(Σ权重·对数几率)，50 为一岗一人；权重（归一后使用，为建议值）：{zh}；"
            f"岗位 {180} 天未更新不计；填补难度按发布 {self.difficulty_days} 天未招到的概率、"
            f"近 {self.window_days} 天数据，与全省比较；人才按到岗意愿与方向占比折算，记录满一年后逐年减半；"
            f"人数 1–{self.hidden_below - 1} 的单元格不显示指数；区间为 90%。",
            f"Method {self.version}: index = 100·σ(Σ weight · log-odds), 50 is one position per person; weights "
            f"(normalised, proposals): {en}; postings count for {180} days; difficulty is the probability of being "
            f"unfilled after {self.difficulty_days} days, over {self.window_days} days, against the province; people "
            f"count by availability and direction share, halved per year once a record is a year old; cells of 1 to "
            f"{self.hidden_below - 1} people show no index; intervals are 90 %.",
        )


LABELS = {
    "tightness": Text("供需紧张度", "tightness"),
    "difficulty": Text("招聘难度", "difficulty of filling"),
    "constant": Text("常数项", "constant"),
}
