"""Checks of the fund: capital, time left, and what the deal does to its shares."""

from datetime import date

from services.funding.domain.checks.check import Check, Judgement, Severity, label, months, not_set, unknown
from services.funding.domain.checks.limits import share_at_least, share_at_most, within
from services.funding.domain.civil import add_months
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.outcomes import Outcome, outcome_of
from services.funding.domain.screening.case import OUTSIDE, Case
from services.funding.domain.screening.gates import early_gate
from services.kernel.text import Text

_MANDATE = Text("本基金投资授权", "the fund's mandate")
_RULESET = Text("授权所引用的规则集", "the rule set that the mandate names")
_GOVERNMENT_MONEY = Text("财政出资金额", "the government's contribution")
_GUIDE = Text(
    "江苏省战略性新兴产业母基金：设区市产业专项母基金指引（2025年9月版）",
    "Jiangsu strategic emerging industries fund of funds: guide for city industry funds (September 2025)",
)


def _capital(case: Case) -> Judgement:
    name = Text("需占用额度", "the capital needed")
    return within(name, case.terms.ask_fen, case.fund.headroom_fen + case.held_fen)


def _concentration(case: Case) -> Judgement:
    limit = case.mandate.concentration_max
    if limit is None:
        return not_set(Text("单项目集中度上限", "limit of concentration"))
    if not case.fund.paid_in_fen:
        return unknown(Text("基金实缴金额", "the fund's paid-in capital"))
    money = case.portfolio.in_firm_fen(case.firm.id) + case.terms.ask_fen
    name = Text("本次投后该企业占基金实缴比例", "the firm's share of the paid-in capital after this deal")
    return share_at_most(name, money, case.fund.paid_in_fen, limit)


def _term(case: Case) -> Judgement:
    held, buffer, ends = case.terms.holding_months, case.mandate.exit_buffer_months, case.fund.ends
    if held is None:
        return unknown(Text("计划持有期", "the planned holding"))
    needed = add_months(case.as_of, held + buffer)
    return Judgement(
        outcome_of(needed <= ends),
        Text(
            f"计划持有{held}个月并留{buffer}个月退出，至 {needed}；基金存续至 {ends}",
            f"{held} months of holding and {buffer} of exit reach {needed}; the fund lives until {ends}",
        ),
        label(Text(str(needed), str(needed)), needed.isoformat()),
        label(Text(str(ends), str(ends)), ends.isoformat()),
        months(case.life_left_months - held - buffer),
    )


def _period(case: Case) -> Judgement:
    ends = case.fund.investment_ends
    return Judgement(
        outcome_of(case.fund.established <= case.as_of < ends),
        Text(
            f"投资期自 {case.fund.established} 至 {ends}（不含）",
            f"it invests from {case.fund.established} until {ends}",
        ),
        label(Text(str(case.as_of), str(case.as_of)), case.as_of.isoformat()),
        label(Text(str(ends), str(ends)), ends.isoformat()),
    )


def last_third_begins(fund: Fund) -> date:
    """The day on which two thirds of the investment period are over."""
    return add_months(fund.established, 8 * fund.investment_years)


def _early_share(case: Case) -> Judgement:
    floor = case.mandate.early_floor
    if floor is None:
        return not_set(Text("早期占比下限", "floor of early firms"))
    severity = Severity.BLOCK if case.as_of >= last_third_begins(case.fund) else Severity.WARN
    now, ask, held = early_gate(case).outcome, case.terms.ask_fen, case.portfolio
    sure = held.early_fen(Outcome.PASS) + (ask if now is Outcome.PASS else 0)
    open_fen = held.early_fen(Outcome.UNKNOWN) + (ask if now is Outcome.UNKNOWN else 0)
    name = Text(
        "本次投后早期企业占已投金额", "the share of early firms in the money invested, after this deal"
    )
    worst = share_at_least(name, sure, held.total_fen + ask, floor)
    best = share_at_least(name, sure + open_fen, held.total_fen + ask, floor)
    judged = (
        worst
        if worst.outcome is best.outcome
        else unknown(Text("部分企业的早期认定", "whether some firms were early"))
    )
    return Judgement(judged.outcome, judged.text, judged.observed, worst.limit, judged.headroom, severity)


def _jiangsu(case: Case) -> Judgement:
    floor, ask = case.mandate.jiangsu_floor, case.terms.ask_fen
    if floor is None:
        return not_set(Text("省内占比下限", "floor of firms in the province"))
    inside = case.portfolio.in_province_fen() + (0 if case.firm.city == OUTSIDE else ask)
    name = Text("本次投后省内企业占已投金额", "the share of firms in the province, after this deal")
    return share_at_least(name, inside, case.portfolio.total_fen + ask, floor)


def _reinvestment(case: Case) -> Judgement:
    floor, government = case.mandate.reinvestment_min, case.fund.government_fen
    if floor is None or government == 0:
        return not_set(Text("返投要求", "local reinvestment"))
    if government is None:
        return unknown(_GOVERNMENT_MONEY)
    here = case.terms.ask_fen if case.firm.city == case.fund.city else 0
    if case.capital.credited_fen is not None:
        name = Text(
            "本次投后返投认定额与财政出资之比", "reinvestment credited over the government's contribution"
        )
        return share_at_least(name, case.capital.credited_fen + here, government, floor)
    local = case.portfolio.in_city_fen(case.fund.city) + here
    name = Text("本次投后本地投资与财政出资之比", "money invested locally over the government's contribution")
    return share_at_least(name, local, government, floor)


def government_share(mandate: Mandate, fund: Fund) -> Judgement:
    """All governments' money over the size of the fund; the same for every deal."""
    limit = mandate.government_share_max
    if limit is None:
        return not_set(Text("财政出资上限", "limit of government money"))
    if fund.government_fen is None:
        return unknown(_GOVERNMENT_MONEY)
    name = Text("各级财政出资占基金规模", "all governments' share of the fund")
    return share_at_most(name, fund.government_fen, fund.size_fen, limit)


def _leverage(case: Case) -> Judgement:
    floor, government = case.mandate.leverage_min, case.fund.government_fen
    if floor is None or government == 0:
        return not_set(Text("社会资本放大倍数", "floor of leverage"))
    if government is None:
        return unknown(_GOVERNMENT_MONEY)
    name = Text("社会资本与财政出资之比", "social money over government money")
    return share_at_least(name, case.fund.size_fen - government, government, floor)


def _projects(case: Case) -> Judgement:
    least = case.mandate.min_projects
    if least is None:
        return not_set(Text("项目数下限", "least number of firms"))
    number = len(case.portfolio.firms | {case.firm.id})
    return Judgement(
        outcome_of(number >= least),
        Text(
            f"本次投后共{number}个项目，目标不少于{least}个",
            f"{number} firms after this deal, at least {least} wanted",
        ),
        label(Text(f"{number}个", str(number)), str(number)),
        label(Text(f"{least}个", str(least)), str(least)),
    )


FUND_CHECKS = (
    Check(
        "INSUFFICIENT_FUND_CAPITAL",
        Text("可用额度", "capital"),
        Severity.BLOCK,
        False,
        _MANDATE,
        _capital,
        live=True,
        inputs=("deal.ticket", "fund.headroom"),
    ),
    Check(
        "SINGLE_PROJECT_CONCENTRATION",
        Text("集中度", "concentration"),
        Severity.BLOCK,
        True,
        _GUIDE,
        _concentration,
        live=True,
        parameter="concentration_max",
        inputs=("deal.ticket", "fund.holdings", "fund.paid_in"),
    ),
    Check(
        "FUND_TERM_TOO_SHORT",
        Text("存续期", "life of the fund"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _term,
        parameter="exit_buffer_month_count",
        inputs=("deal.holding_years", "fund.established_date", "fund.life_years"),
    ),
    Check(
        "INVESTMENT_PERIOD_CLOSED",
        Text("投资期", "investment period"),
        Severity.BLOCK,
        True,
        _GUIDE,
        _period,
        inputs=("fund.established_date", "fund.investment_years"),
    ),
    Check(
        "EARLY_SHARE_BELOW_FLOOR",
        Text("早期占比", "early share"),
        Severity.WARN,
        True,
        _RULESET,
        _early_share,
        live=True,
        parameter="early_floor",
        inputs=("deal.ticket", "fund.holdings", "firm.stage"),
    ),
    Check(
        "JIANGSU_DIRECT_SHARE",
        Text("省内占比", "provincial share"),
        Severity.WARN,
        True,
        _GUIDE,
        _jiangsu,
        live=True,
        parameter="jiangsu_floor",
        inputs=("deal.ticket", "fund.holdings", "firm.city_code"),
    ),
    Check(
        "LOCAL_REINVESTMENT",
        Text("返投", "local reinvestment"),
        Severity.INFO,
        True,
        _GUIDE,
        _reinvestment,
        live=True,
        parameter="reinvestment_min",
        inputs=("deal.ticket", "fund.reinvestment_credits", "fund.government_subscribed"),
    ),
    Check(
        "GOVERNMENT_SHARE",
        Text("财政占比", "government share"),
        Severity.BLOCK,
        True,
        _GUIDE,
        lambda case: government_share(case.mandate, case.fund),
        live=True,
        parameter="government_share_max",
        inputs=("fund.government_subscribed", "fund.size"),
    ),
    Check(
        "SOCIAL_LEVERAGE_LOW",
        Text("放大倍数", "leverage"),
        Severity.WARN,
        True,
        _MANDATE,
        _leverage,
        live=True,
        parameter="leverage_min",
        inputs=("fund.government_subscribed", "fund.size"),
    ),
    Check(
        "MIN_PORTFOLIO_COUNT",
        Text("项目数", "number of firms"),
        Severity.INFO,
        True,
        _MANDATE,
        _projects,
        live=True,
        parameter="project_count_min",
        inputs=("fund.holdings",),
    ),
)
