"""Published definitions of early, small and hard-tech, as named, versioned data.

Sources: the rules of the national venture guidance fund (国家创业投资引导基金, December 2025); the "522"
rules of the Suzhou angel fund of funds; 财税〔2018〕55号 with the limits raised since. No single flag
"early" exists: every gate names the rule set by which it was judged.
"""

from dataclasses import dataclass

from services.funding.domain.firm.stages import Stage
from services.funding.domain.ratio import Ratio, percent
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

WAN = 1_000_000
YI = 10_000 * WAN


@dataclass(frozen=True)
class EarlyRule:
    """投早: one of the stated conditions is enough. Age in completed months, rounds are external ones."""

    age_months_max: int | None = None
    rounds_max: int | None = None
    stages: frozenset[Stage] = frozenset()


@dataclass(frozen=True)
class SmallRule:
    """投小: every stated condition is needed; amounts in fen, `valuation_below` strict, the others inclusive.

    `either_net_assets_or_revenue`: one of the two limits is enough. `yearly_means`: staff and assets are means of the
    twelve months before, where monthly figures are on record, and else the figures of the day.
    """

    staff_max: int | None = None
    bachelor_min: Ratio | None = None
    assets_max_fen: int | None = None
    net_assets_max_fen: int | None = None
    revenue_max_fen: int | None = None
    either_net_assets_or_revenue: bool = False
    valuation_below_fen: int | None = None
    ticket_max_fen: int | None = None
    yearly_means: bool = False


@dataclass(frozen=True)
class HardRule:
    """投硬科技: at least `needed` of the stated signs; `rating_min` is a mean of experts from 1 to 5."""

    needed: int
    rd_intensity_min: Ratio | None = None
    inventions_min: int | None = None
    rd_staff_min: Ratio | None = None
    core_project: bool = False
    rating_min: float | None = None


@dataclass(frozen=True)
class RuleSet:
    """One published body of rules. `early_floor`: the least share of a fund that goes to early firms."""

    id: str
    name: Text
    citation: Text
    early: EarlyRule
    small: SmallRule
    hard: HardRule
    early_floor: Ratio | None = None


_TWO_OF_FIVE = HardRule(2, percent(20), 1, percent(30), core_project=True, rating_min=4.0)

SUZHOU_522 = RuleSet(
    id="suzhou-522",
    name=Text("苏州天使母基金“522”标准", "Suzhou angel fund of funds, rules 522"),
    citation=Text(
        "苏州天使母基金：成立5年以内或前两轮外部融资，200人以内，净资产或收入2000万元以内，单笔2000万元以内",
        "Suzhou angel fund of funds: within 5 years or the first two external rounds, up to 200 staff, "
        "net assets or revenue up to CNY 20m, tickets up to CNY 20m",
    ),
    early=EarlyRule(age_months_max=60, rounds_max=2),
    small=SmallRule(
        staff_max=200,
        net_assets_max_fen=2000 * WAN,
        revenue_max_fen=2000 * WAN,
        either_net_assets_or_revenue=True,
        ticket_max_fen=2000 * WAN,
    ),
    hard=_TWO_OF_FIVE,
    early_floor=percent(50),
)

NATIONAL_2025 = RuleSet(
    id="national-2025",
    name=Text("国家创业投资引导基金（2025）", "National venture guidance fund (2025)"),
    citation=Text(
        "国家创业投资引导基金（2025年12月）：种子期、初创期不低于70%，估值5亿元以下，单笔不超过5000万元",
        "National venture guidance fund (December 2025): at least 70% in seed and start-up firms, "
        "valuation below CNY 500m, tickets up to CNY 50m",
    ),
    early=EarlyRule(stages=frozenset({Stage.SEED, Stage.STARTUP})),
    small=SmallRule(valuation_below_fen=5 * YI, ticket_max_fen=5000 * WAN),
    hard=_TWO_OF_FIVE,
    early_floor=percent(70),
)

TAX_2018_55 = RuleSet(
    id="tax-2018-55",
    name=Text("初创科技型企业（财税〔2018〕55号）", "Early technology firm (Caishui [2018] No. 55)"),
    citation=Text(
        "财税〔2018〕55号及后续提高的限额：不超过60个月，从业不超过300人且本科以上不低于30%，"
        "资产、收入均不超过5000万元，研发占比不低于20%",
        "Caishui [2018] No. 55 with the limits raised since: up to 60 months, up to 300 staff with 30% "
        "graduates, assets and revenue up to CNY 50m each, R&D at least 20% of costs",
    ),
    early=EarlyRule(age_months_max=60),
    small=SmallRule(
        staff_max=300,
        bachelor_min=percent(30),
        assets_max_fen=5000 * WAN,
        revenue_max_fen=5000 * WAN,
        yearly_means=True,
    ),
    hard=HardRule(1, rd_intensity_min=percent(20)),
)

RULESETS = {ruleset.id: ruleset for ruleset in (SUZHOU_522, NATIONAL_2025, TAX_2018_55)}


def ruleset(id: str) -> RuleSet:
    """The rule set of this id. Raises InvalidArgument UNKNOWN_RULESET with the known ones."""
    if id not in RULESETS:
        known = "、".join(RULESETS)
        raise InvalidArgument.field(
            "ruleset",
            "UNKNOWN_RULESET",
            f"没有规则集“{id[:40]}”，可选：{known}",
            f"there is no rule set {id[:40]!r}; choose one of {', '.join(RULESETS)}",
        )
    return RULESETS[id]
