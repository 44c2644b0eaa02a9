"""The method of screening in words: formulas, weights, gates and the order, as they are applied."""

from services.funding.domain import wording
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.pipeline.stage_times import StageTimes
from services.funding.domain.scores.score import COVERAGE_NEEDED, DECLARED, VERIFIED
from services.funding.domain.screening.rulesets import RULESETS
from services.kernel.text import Text

Section = tuple[Text, Text]

_SCORES: tuple[Section, ...] = (
    (
        Text("计分", "scores"),
        Text(
            f"每项得分 = 100·Σ(权重·证据系数·取值) ÷ Σ权重，只计已知的项；证据系数：有文件核实{VERIFIED:g}，"
            f"企业申报{DECLARED:g}；未提供的项不计入，只降低覆盖率。覆盖率低于{COVERAGE_NEEDED:.0%}的标为“证据不足”。"
            "60分及以上为高，35分及以上为中，其余为低。门槛与得分分开，得分不能抵消门槛。",
            f"each score = 100·Σ(weight·evidence·value) ÷ Σ weight over what is known; evidence counts {VERIFIED:g} "
            f"where documents prove it, {DECLARED:g} where the firm declares it; what is missing is left out and "
            f"lowers the coverage. Below {COVERAGE_NEEDED:.0%} coverage the evidence is called thin. From 60 a score "
            "is high, from 35 medium, else low. Gates stand apart: no score overrides one.",
        ),
    ),
    (
        Text("投早", "early"),
        Text(
            "成立月数m：40·clamp((60−m)/60)；外部融资轮次0、1、2、3、4、5及以上：40·[1，0.85，0.6，0.25，0.1，0]；"
            "技术成熟度：20·clamp((8−TRL)/6)。",
            "months since founding m: 40·clamp((60−m)/60); external rounds 0 to 5 and more: "
            "40·[1, .85, .6, .25, .1, 0]; technology readiness: 20·clamp((8−TRL)/6).",
        ),
    ),
    (
        Text("投小", "small"),
        Text(
            "各25分，按对数递减：从业人数10至300人，营业收入100万至5000万元，投前估值2000万至5亿元，"
            "单笔金额300万至5000万元。",
            "25 points each on a falling logarithmic scale: staff 10 to 300, revenue CNY 1m to 50m, pre-money "
            "valuation CNY 20m to 500m, ticket CNY 3m to 50m.",
        ),
    ),
    (
        Text("投长", "long"),
        Text(
            "计划持有年数y：40·clamp((y−3)/7)；最早回购年数：25·clamp((y−3)/5)，无回购得满分；"
            "基金存续余量（月）：20·clamp(余量/24)；后续储备：15·clamp(储备÷(本次金额/2))。",
            "planned holding in years y: 40·clamp((y−3)/7); earliest redemption: 25·clamp((y−3)/5), none scores "
            "all; life of the fund beyond exit in months: 20·clamp(months/24); follow-on reserve: "
            "15·clamp(reserve ÷ (ticket/2)).",
        ),
    ),
    (
        Text("投硬科技", "hard technology"),
        Text(
            "研发强度r：30·clamp(r/0.5)；知识产权p = 发明+1.5·PCT+0.2·实用新型+0.1·软著：25·clamp(ln(1+p)/ln11)；"
            "研发人员占比q：15·clamp(q/0.6)；核心团队15；技术深度15：外部专家(评分−1)/4，无评分时用模型估计，按申报计。",
            "R&D intensity r: 30·clamp(r/0.5); rights p = inventions + 1.5·PCT + 0.2·utility models + 0.1·software: "
            "25·clamp(ln(1+p)/ln 11); share of R&D staff q: 15·clamp(q/0.6); core team 15; depth 15: outside "
            "experts (rating−1)/4, without a rating a model's estimate, which counts as declared.",
        ),
    ),
    (
        Text("综合与排序", "composite and order"),
        Text(
            "综合分为四项得分按授权权重的加权几何平均，任何一项为0都不能被抵消。排序：在办的在前，其中可推进的在前，再按综合分、"
            "覆盖率、申报时间、编号。",
            "the composite is the geometric mean of the four scores by the weights of the mandate, so that no nought "
            "can be bought off. Order: deals that go on first, then eligible ones, composite, coverage, submission, "
            "id.",
        ),
    ),
)


def sections(mandate: Mandate | None) -> list[Section]:
    """The whole method; with the weights and limits of a mandate, if one is given."""
    found = [*_SCORES]
    found += [(each.name, each.citation) for each in RULESETS.values()]
    found.append(_times(mandate))
    if mandate is not None:
        found.append(_of(mandate))
    return found


def _times(mandate: Mandate | None) -> Section:
    """How long deals may stand in each state, and where that stands."""
    times = mandate.times if mandate else StageTimes()
    source = (mandate.citation("stage_day_limits") if mandate else None) or Text(
        "本系统建议值，可由授权另定", "a proposal of this system, which a mandate may replace"
    )
    zh = "，".join(f"{state.label.zh}{days}天" for state, days in times.days.items())
    en = ", ".join(f"{state.label.en} {days}" for state, days in times.days.items())
    return (
        Text("办理时限", "times of stages"),
        Text(
            f"{zh}；到期前{times.due_days}天起提示。依据：{source.zh}。",
            f"days: {en}; due from {times.due_days} days before. By: {source.en}.",
        ),
    )


def _of(mandate: Mandate) -> Section:
    weights = mandate.weights
    zh = [f"规则集 {mandate.ruleset}", f"权重 {weights.early}/{weights.small}/{weights.long}/{weights.hard}"]
    en = [
        f"rule set {mandate.ruleset}",
        f"weights {weights.early}/{weights.small}/{weights.long}/{weights.hard}",
    ]
    for title, text in _limits(mandate):
        zh.append(f"{title.zh}{text.zh}")
        en.append(f"{title.en} {text.en}")
    return (
        Text(f"本授权（第{mandate.revision}号修订）", f"this mandate (revision {mandate.revision})"),
        Text("；".join(zh) + "。", "; ".join(en) + "."),
    )


def _limits(mandate: Mandate) -> list[Section]:
    found: list[Section] = []
    if mandate.ticket_max_fen is not None:
        found.append((Text("单笔不超过", "ticket up to"), wording.amount(mandate.ticket_max_fen)))
    if mandate.valuation_below_fen is not None:
        found.append((Text("投前估值低于", "pre-money below"), wording.amount(mandate.valuation_below_fen)))
    for ratio, title in (
        (mandate.concentration_max, Text("单项目不超过实缴的", "one firm up to, of paid-in capital:")),
        (mandate.early_floor, Text("早期不低于已投的", "early firms at least, of the money invested:")),
        (mandate.ownership_below, Text("持股低于", "ownership below")),
    ):
        if ratio is not None:
            found.append((title, Text(ratio.percent(), ratio.percent())))
    return found
