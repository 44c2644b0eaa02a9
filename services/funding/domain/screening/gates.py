"""Gates: yes, no or unknown by a published rule set. A score never overrides a gate."""

from collections.abc import Callable
from dataclasses import dataclass

from services.funding.domain import wording
from services.funding.domain.firm.monthly import mean_before
from services.funding.domain.outcomes import Outcome, all_of, any_of, at_least, outcome_of
from services.funding.domain.ratio import Ratio
from services.funding.domain.screening.case import Case
from services.kernel.text import Text


@dataclass(frozen=True)
class Condition:
    """One condition of a gate: how it came out and why."""

    outcome: Outcome
    text: Text


@dataclass(frozen=True)
class Gate:
    """The outcome of one gate by one rule set, with the conditions it rests on."""

    ruleset: str
    outcome: Outcome
    conditions: tuple[Condition, ...]

    @property
    def text(self) -> Text:
        """The conditions in words."""
        return wording.joined([c.text for c in self.conditions])


def early_gate(case: Case) -> Gate:
    """投早: by age, by rounds, or by stage; one condition is enough."""
    rule, conditions = case.rules.early, []
    if rule.age_months_max is not None:
        conditions.append(_at_most(_AGE, case.age_months, rule.age_months_max, wording.months))
    if rule.rounds_max is not None:
        conditions.append(_at_most(_ROUNDS, case.snapshot.external_rounds, rule.rounds_max, _rounds))
    if rule.stages:
        stage = case.firm.stage
        wanted = Text(
            "、".join(s.label.zh for s in sorted(rule.stages)),
            ", ".join(s.label.en for s in sorted(rule.stages)),
        )
        holds = None if stage is None else stage in rule.stages
        conditions.append(_condition(_STAGE, holds, stage.label if stage else None, wanted))
    return Gate(case.rules.id, any_of(c.outcome for c in conditions), tuple(conditions))


def small_gate(case: Case) -> Gate:
    """投小: staff, graduates, accounts, valuation and ticket; every condition that the rule set states."""
    rule, facts, terms = case.rules.small, case.snapshot, case.terms
    conditions: list[Condition] = []
    if rule.staff_max is not None:
        conditions.append(_size(case, "staff", facts.staff, rule.staff_max))
    if rule.bachelor_min is not None:
        conditions.append(_reaches(_BACHELOR, facts.bachelor_share, rule.bachelor_min))
    if rule.assets_max_fen is not None:
        conditions.append(_size(case, "assets_fen", facts.assets_fen, rule.assets_max_fen))
    conditions.extend(_accounts(case))
    if rule.valuation_below_fen is not None:
        conditions.append(_below(_VALUATION, terms.pre_money_fen, rule.valuation_below_fen))
    if rule.ticket_max_fen is not None:
        conditions.append(_at_most(_TICKET, terms.ask_fen, rule.ticket_max_fen, wording.amount))
    return Gate(case.rules.id, all_of(c.outcome for c in conditions), tuple(conditions))


def hard_gate(case: Case) -> Gate:
    """投硬科技: at least so many of the signs that the rule set names."""
    rule, facts = case.rules.hard, case.snapshot
    conditions: list[Condition] = []
    if rule.rd_intensity_min is not None:
        conditions.append(_reaches(_RD, facts.rd_intensity, rule.rd_intensity_min))
    if rule.inventions_min is not None:
        held = facts.inventions
        value = None if held is None else wording.count(held, "件", "")
        wanted = wording.count(rule.inventions_min, "件及以上", "or more")
        conditions.append(
            _condition(_INVENTIONS, None if held is None else held >= rule.inventions_min, value, wanted)
        )
    if rule.rd_staff_min is not None:
        conditions.append(_reaches(_RD_STAFF, facts.rd_staff_share, rule.rd_staff_min))
    if rule.core_project:
        yes = None if facts.core_project is None else _YES if facts.core_project else _NO
        conditions.append(_condition(_PROJECT, facts.core_project, yes, _YES))
    if rule.rating_min is not None:
        rating = case.technical.expert_rating
        value = None if rating is None else Text(f"{rating:g}分", f"{rating:g}")
        wanted = Text(f"{rule.rating_min:g}分及以上", f"{rule.rating_min:g} or more")
        conditions.append(
            _condition(_RATING, None if rating is None else rating >= rule.rating_min, value, wanted)
        )
    return Gate(case.rules.id, at_least(rule.needed, (c.outcome for c in conditions)), tuple(conditions))


def _accounts(case: Case) -> list[Condition]:
    rule, facts, conditions = case.rules.small, case.snapshot, []
    if rule.net_assets_max_fen is not None:
        conditions.append(
            _at_most(_NET_ASSETS, facts.net_assets_fen, rule.net_assets_max_fen, wording.amount)
        )
    if rule.revenue_max_fen is not None:
        conditions.append(_at_most(_REVENUE, facts.revenue_fen, rule.revenue_max_fen, wording.amount))
    if not rule.either_net_assets_or_revenue:
        return conditions
    either = wording.joined([c.text for c in conditions])
    text = Text(f"满足其一即可（{either.zh}）", f"one is enough ({either.en})")
    return [Condition(any_of(c.outcome for c in conditions), text)]


def _size(case: Case, figure: str, value: int | None, limit: int) -> Condition:
    """Staff or assets: the exact mean of the year before where the rule asks for it and months are on record."""
    name, words = (_STAFF, _persons) if figure == "staff" else (_ASSETS, wording.amount)
    mean = None
    if case.rules.small.yearly_means:
        mean = mean_before(case.snapshot.months, case.as_of, case.firm.founded, figure)
    if mean is None:
        return _at_most(name, value, limit, words)
    most, shown = words(limit), words(-(-mean.num // mean.den))
    return _condition(
        Text(f"{name.zh}（12个月平均）", f"{name.en} (mean of 12 months)"),
        mean.num <= limit * mean.den,
        shown,
        Text(f"不超过{most.zh}", f"at most {most.en}"),
    )


def _at_most(name: Text, value: int | None, limit: int, words: Callable[[int], Text]) -> Condition:
    most = words(limit)
    return _condition(
        name,
        None if value is None else value <= limit,
        None if value is None else words(value),
        Text(f"不超过{most.zh}", f"at most {most.en}"),
    )


def _below(name: Text, fen: int | None, limit: int) -> Condition:
    bound = wording.amount(limit)
    value = None if fen is None else wording.amount(fen)
    return _condition(
        name, None if fen is None else fen < limit, value, Text(f"低于{bound.zh}", f"below {bound.en}")
    )


def _reaches(name: Text, ratio: Ratio | None, least: Ratio) -> Condition:
    return _condition(
        name,
        None if ratio is None else least.is_at_most(ratio),
        None if ratio is None else wording.share(ratio),
        Text(f"不低于{least.percent()}", f"at least {least.percent()}"),
    )


def _condition(name: Text, holds: bool | None, value: Text | None, wanted: Text) -> Condition:
    outcome = outcome_of(holds)
    shown = value or Text("未知", "unknown")
    return Condition(
        outcome,
        Text(
            f"{name.zh}{shown.zh}（要求{wanted.zh}）：{outcome.label.zh}",
            f"{name.en} {shown.en} (required: {wanted.en}): {outcome.label.en}",
        ),
    )


def _rounds(number: int) -> Text:
    return wording.count(number, "轮", "")


def _persons(number: int) -> Text:
    return wording.count(number, "人", "")


_YES, _NO = Text("有", "yes"), Text("无", "no")
_AGE = Text("成立", "age")
_ROUNDS = Text("外部融资", "external rounds")
_STAGE = Text("所处阶段", "stage")
_STAFF = Text("从业人数", "staff")
_BACHELOR = Text("本科以上占比", "share of graduates")
_ASSETS = Text("资产总额", "assets")
_NET_ASSETS = Text("净资产", "net assets")
_REVENUE = Text("营业收入", "revenue")
_VALUATION = Text("投前估值", "pre-money valuation")
_TICKET = Text("单笔金额", "ticket")
_RD = Text("研发费用占比", "R&D over costs")
_INVENTIONS = Text("有效发明专利", "invention patents")
_RD_STAFF = Text("研发人员占比", "share of R&D staff")
_PROJECT = Text("国家或省核心技术攻关项目", "national or provincial core-technology project")
_RATING = Text("外部专家评分", "rating by outside experts")
