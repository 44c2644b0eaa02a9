"""The method note: every number that shapes an answer, subject by subject, in paragraphs that go with it."""

from typing import TYPE_CHECKING

from services.kernel.text import Language, Text
from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Availability
from services.talent.domain.position.posting import LIFE_DAYS, SAME_WITHIN_DAYS
from services.talent.domain.shortage.indices.estimate import FALLBACK_KAPPA, KAPPA_BOUNDS, LEAST_SIBLINGS
from services.talent.domain.shortage.names import LABELS
from services.talent.domain.shortage.outlook.stock import SCORED

if TYPE_CHECKING:
    from services.talent.domain.shortage.method import Method


def parts(method: "Method") -> tuple[Text, ...]:
    """Subject by subject: the index, stars and grades, difficulty and what else is weighed, people, forecasts, what-if,
    causes and coverage. One after the other they are the note.
    """
    return tuple(map(Text, _chinese(method), _english(method)))


def whole(method: "Method") -> Text:
    """The note in one."""
    return Text("".join(_chinese(method)), " ".join(_english(method)))


def _chinese(method: "Method") -> tuple[str, ...]:
    low, high = KAPPA_BOUNDS
    weights, stars, grades, people = _lists(method, "zh", "、")
    return (
        (
            f"方法 {method.version}：指数＝100·σ(Σ权重·对数几率)，50 为一岗一人；区间为 90%。"
            f"权重（归一后使用）：{weights}；缺项的权重摊给其余分项，等级降一级，所属产业尚无来源的分项合计降一级；"
            f"紧张度与招聘难度都缺时不出指数。"
        ),
        (
            f"星级下限：{stars}；"
            f"新星级（或更远）的概率达到 {method.sure:.0%}，或连续两季都在新星级，才改星；改星未定、"
            f"或任一侧边界的把握不足 {method.sure:.0%}，标为观察。等级按标准差上限：{grades}，其余为 D，不排名；"
            f"库内空白降一级。"
        ),
        (
            f"岗位 {LIFE_DAYS} 天未更新不计，"
            f"同单位、同岗位、同市、同方向 {SAME_WITHIN_DAYS} 天内只计一次；"
            f"招聘难度按发布 {method.difficulty_days} 天未招到的概率、近 {method.window_days} 天数据，与全省比较"
            f"（先验 {method.prior_fills:g} 次招满、{method.prior_days:g} 岗位日）。"
        ),
        (
            f"后备：今后 {method.horizon_quarters} "
            f"季的新增需求（历史新开岗位加投资项目预计招聘）对预计培养到岗与净流入。"
            f"走势：近 {method.momentum_quarters} 季、至少 {method.momentum_least} 点的斜率，"
            f"按常见斜率（拟合，不足时 {method.prior_slope:g}）收缩。"
            f"外流：近 {method.moves_quarters} 季流出占比，先验各 {method.prior_moves:g} 人。"
        ),
        (
            f"人才按方向占比与到岗意愿折算（{people}），记录满一年后逐年减半；省外人才不计入供给，"
            f"未同意用于统计的人才不计入。先验为上级份额，强度由同级拟合（{low:g} 至 {high:g}，"
            f"先验中位数 {FALLBACK_KAPPA:g}；有数据的同级不足 {LEAST_SIBLINGS} 个时取 {FALLBACK_KAPPA:g}）。"
        ),
        (
            f"同比：概率达到 {method.trend_sure:.0%} 才称升或降。预测：从今天的在招数出发，"
            f"按每季保留的比例回到平常水平；平常水平用伽马–泊松模型，起点 "
            f"{method.forecast_start[0]:g}/{method.forecast_start[1]:g}，至少 {method.forecast_least} 季，"
            f"折减系数 {method.discount:g}、每季保留 {method.persistence:g}、共同变动 {method.shock:g}，"
            f"有历史时从 {_range(method.discounts)}、{_range(method.persistences)}、{_range(method.shocks)} "
            f"中按近 {SCORED} 季的滚动对数得分选定；区间按负二项分布。"
        ),
        (
            f"稳健度：默认权重周围 {method.robust_sets} 组权重（集中度 {method.robust_strength:g}）中星级不变的比例。"
            f"名次区间按两两把握 {method.rank_sure:.0%}。"
        ),
        (
            f"推演与配置：培养名额按结业 {method.place_completion:.0%}、"
            f"留任 {method.place_retention:.0%} 计，每家获投企业招 {method.hires_per_firm:g} 人，"
            f"每引进一人 {method.recruit_fen // 100} 元、每个名额 {method.place_fen // 100} 元（调用方未给出时）。"
        ),
        (
            f"成因：指数 {method.driver_short:g} 起称紧缺、{method.driver_balanced:g} 以下称平衡，"
            f"难度高出 {method.driver_difficulty:g}，单一单位过 {method.driver_clumped:.0%}，"
            f"投资带动过 {method.driver_funded:.0%}，库覆盖不足 {method.driver_coverage:.0%}。"
        ),
        (
            f"库覆盖率由两个来源的重叠估计（Chapman，共同人数不少于 {method.coverage_least}），只报告，不折入指数。"
            f"同一技能致推荐被拒 {method.driver_refusals} 人及以上，列为适配缺口的证据。"
            f"流入、流出与退休人数按 {method.hidden_below} 人取整后使用。以上数值均为建议值。"
        ),
    )


def _english(method: "Method") -> tuple[str, ...]:
    low, high = KAPPA_BOUNDS
    weights, stars, grades, people = _lists(method, "en", ", ")
    return (
        (
            f"Method {method.version}: index = 100·σ(Σ weight · log-odds), 50 is one position per person; intervals "
            f"are 90 %. Weights (normalised): {weights}; the weight of a missing part goes to the others and the "
            f"grade drops a letter, and one letter for all parts that no source tells of in the industry; without both "
            f"tightness and difficulty there is no index."
        ),
        (
            f"Stars from: {stars}; a star changes once the new one or "
            f"beyond is {method.sure:.0%} sure, or after two quarters in it; a star about to change, or with an edge "
            f"less than {method.sure:.0%} sure, is in doubt. Grades by the largest deviation: {grades}, else D, never "
            f"ranked; nobody in the library drops a letter."
        ),
        (
            f"Postings count for {LIFE_DAYS} days after the last update; equal employer, title, city and direction "
            f"within {SAME_WITHIN_DAYS} days count once. Difficulty is the probability of being unfilled after "
            f"{method.difficulty_days} days, over {method.window_days} days, against the province (prior: "
            f"{method.prior_fills:g} fills in {method.prior_days:g} position-days)."
        ),
        (
            f"Pipeline: new demand of the next "
            f"{method.horizon_quarters} quarters (openings as they were, hires of funded deals) against people from "
            f"training and net moves. Momentum: slope over {method.momentum_quarters} quarters with at least "
            f"{method.momentum_least} points, shrunk by the usual slope (fitted; else {method.prior_slope:g}). "
            f"Outflow: share leaving in {method.moves_quarters} quarters, {method.prior_moves:g} each way beforehand."
        ),
        (
            f"People count by direction share and availability ({people}), halved per year once a record is a year "
            f"old; people outside the province, or who did not agree to statistics, do not count. Priors are the "
            f"share of the level above, their strength fitted over siblings ({low:g} to {high:g}, median "
            f"{FALLBACK_KAPPA:g} beforehand; {FALLBACK_KAPPA:g} where fewer than {LEAST_SIBLINGS} have data)."
        ),
        (
            f"Up or down on last year from {method.trend_sure:.0%}. Forecasts go out from today's open positions and "
            f"return to the usual level, Gamma–Poisson from {method.forecast_start[0]:g}/{method.forecast_start[1]:g}, "
            f"at least {method.forecast_least} quarters; discount {method.discount:g}, share left after a quarter "
            f"{method.persistence:g}, shared change {method.shock:g}, with history the best of "
            f"{_range(method.discounts)}, {_range(method.persistences)} and {_range(method.shocks)} by the log score "
            f"of the last {SCORED} quarters; the interval is negative binomial."
        ),
        (
            f"Robustness: share of "
            f"{method.robust_sets} weight sets around the default (concentration {method.robust_strength:g}) with the "
            f"same star. Ranks by pairs {method.rank_sure:.0%} sure."
        ),
        (
            f"What-if: {method.place_completion:.0%} complete a "
            f"training place and {method.place_retention:.0%} of them stay, a funded firm hires "
            f"{method.hires_per_firm:g}; CNY {method.recruit_fen // 100} a recruitment and {method.place_fen // 100} a "
            f"place unless stated."
        ),
        (
            f"Causes: short from {method.driver_short:g}, balanced under {method.driver_balanced:g}, difficulty "
            f"{method.driver_difficulty:g} above, one employer over {method.driver_clumped:.0%}, funded over "
            f"{method.driver_funded:.0%}, coverage under {method.driver_coverage:.0%}."
        ),
        (
            f"Coverage: Chapman, from at least {method.coverage_least} people whom two sources have in common; "
            f"reported, never divided in. A skill for want of which {method.driver_refusals} or more proposals were "
            "refused is evidence of a gap in suitability. Moves and retirements are used in steps of "
            f"{method.hidden_below} people. All of these numbers are proposals."
        ),
    )


def local_note(axes: Axes) -> Text:
    """What is said of a region's own directions; nothing where there are none."""
    names = axes.local_names.values()
    if not names:
        return Text("", "")
    zh, en = "、".join(each.zh for each in names), ", ".join(each.en for each in names)
    return Text(
        f"地方补充方向 {len(names)} 个（{zh}）不属于政策文件：计入所属产业，不计入文件所列方向，单列。",
        f" {len(names)} local directions ({en}) are no part of the document: they count in their industries, never "
        "among the document's directions, and are listed apart.",
    )


def _lists(method: "Method", language: Language, comma: str) -> tuple[str, str, str, str]:
    """Weights, stars, grades and availabilities as lists."""
    return (
        comma.join(f"{LABELS[name].to(language)} {weight:g}" for name, weight in method.weights),
        comma.join(f"★{star} {floor:g}" for star, floor in enumerate(method.star_floors, 1)),
        comma.join(f"{grade} {limit:g}" for grade, limit in zip("ABC", method.grade_limits, strict=True)),
        comma.join(f"{each.label.to(language)} {each.per_mille / 1000:g}" for each in Availability),
    )


def _range(values: tuple[float, ...]) -> str:
    return "/".join(f"{value:g}" for value in values)
