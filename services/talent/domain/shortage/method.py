"""The method's version and its proposals: values that are configuration, printed with every answer."""

from dataclasses import dataclass, field

from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.availability import Availability
from services.talent.domain.posting import LIFE_DAYS, SAME_WITHIN_DAYS
from services.talent.domain.shortage.estimate import FALLBACK_KAPPA, KAPPA_BOUNDS, LEAST_SIBLINGS

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
        unknown = [name for name, _ in self.weights if name not in LABELS or name == "constant"]
        if unknown:
            raise InvalidArgument.field(
                "weights",
                "UNKNOWN_COMPONENT",
                f"没有分项“{unknown[0][:40]}”，可选：tightness、difficulty",
                f"there is no component {unknown[0][:40]!r}; choose tightness or difficulty",
            )
        if not values or not all(0 <= weight < float("inf") for weight in values) or sum(values) <= 0:
            raise InvalidArgument.field(
                "weights",
                "WEIGHTS_UNUSABLE",
                "权重须为不小于 0 的数，且不能全为 0",
                "weights must be numbers of at least 0, and not all 0",
            )

    @property
    def note(self) -> Text:
        """What a reader must know to judge the index: every number that shapes it."""
        return Text(self._note_zh(), self._note_en())

    def _note_zh(self) -> str:
        low, high = KAPPA_BOUNDS
        weights = "、".join(f"{LABELS[name].zh} {weight:g}" for name, weight in self.weights)
        stars = "、".join(f"★{star} {floor:g}" for star, floor in enumerate(self.star_floors, 1))
        grades = "、".join(
            f"{grade} {limit:g}" for grade, limit in zip("ABC", self.grade_limits, strict=True)
        )
        people = "、".join(f"{each.label.zh} {each.per_mille / 1000:g}" for each in Availability)
        return (
            f"方法 {self.version}：指数＝100·σ(Σ权重·对数几率)，50 为一岗一人；区间为 90%。"
            f"权重（归一后使用）：{weights}；缺项的权重摊给其余分项，等级降一级。星级下限：{stars}；"
            f"达到该星级的概率低于 {self.sure:.0%} 标为观察。等级按标准差上限：{grades}，其余为 D，不排名；"
            f"库内空白降一级。岗位 {LIFE_DAYS} 天未更新不计，"
            f"同单位、同岗位、同市、同方向 {SAME_WITHIN_DAYS} 天内只计一次；"
            f"招聘难度按发布 {self.difficulty_days} 天未招到的概率、近 {self.window_days} 天数据，与全省比较。"
            f"人才按方向占比与到岗意愿折算（{people}），记录满一年后逐年减半；省外人才不计入供给，"
            f"未同意用于统计的人才不计入。先验为上级份额，强度由同级拟合（{low:g} 至 {high:g}，"
            f"有数据的同级不足 {LEAST_SIBLINGS} 个时取 {FALLBACK_KAPPA:g}）。"
            f"人数 1–{self.hidden_below - 1} 的单元格不显示指数。以上数值均为建议值。"
        )

    def _note_en(self) -> str:
        low, high = KAPPA_BOUNDS
        weights = ", ".join(f"{LABELS[name].en} {weight:g}" for name, weight in self.weights)
        stars = ", ".join(f"★{star} {floor:g}" for star, floor in enumerate(self.star_floors, 1))
        grades = ", ".join(
            f"{grade} {limit:g}" for grade, limit in zip("ABC", self.grade_limits, strict=True)
        )
        people = ", ".join(f"{each.label.en} {each.per_mille / 1000:g}" for each in Availability)
        return (
            f"Method {self.version}: index = 100·σ(Σ weight · log-odds), 50 is one position per person; intervals "
            f"are 90 %. Weights (normalised): {weights}; the weight of a missing part goes to the others and the "
            f"grade drops a letter. Stars from: {stars}; a star less than {self.sure:.0%} sure is in doubt. Grades "
            f"by the largest deviation: {grades}, else D, never ranked; nobody in the library drops a letter. "
            f"Postings count for {LIFE_DAYS} days after the last update; equal employer, title, city and direction "
            f"within {SAME_WITHIN_DAYS} days count once. Difficulty is the probability of being unfilled after "
            f"{self.difficulty_days} days, over {self.window_days} days, against the province. People count by "
            f"direction share and availability ({people}), halved per year once a record is a year old; people "
            f"outside the province, or who did not agree to statistics, do not count. Priors are the share of "
            f"the level above, their strength fitted over siblings ({low:g} to {high:g}; {FALLBACK_KAPPA:g} where "
            f"fewer than {LEAST_SIBLINGS} have data). Cells of 1 to {self.hidden_below - 1} people show no index. "
            f"All of these numbers are proposals."
        )


LABELS = {
    "tightness": Text("供需紧张度", "tightness"),
    "difficulty": Text("招聘难度", "difficulty of filling"),
    "constant": Text("常数项", "constant"),
}
