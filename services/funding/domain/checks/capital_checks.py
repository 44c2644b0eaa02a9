"""Checks of whose money the fund is and where it goes: sub-funds, direct investments, cities, losses."""

from services.funding.domain.checks.check import Check, Judgement, Severity, label, not_set, share, unknown
from services.funding.domain.checks.limits import share_at_most
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.surroundings import CapitalView
from services.kernel.text import Text

_MANDATE = Text("本基金投资授权", "the fund's mandate")
_GUIDE = Text(
    "江苏省战略性新兴产业母基金：设区市产业专项母基金指引（2025年9月版）",
    "Jiangsu strategic emerging industries fund of funds: guide for city industry funds (September 2025)",
)
_TOLERANCE = Text(
    "国办发〔2025〕1号：容忍正常投资风险，不以单个项目盈亏考核",
    "State Council Office [2025] No. 1: normal risk is tolerated, single deals are not held against a fund",
)


def province_share(mandate: Mandate, fund: Fund, capital: CapitalView) -> Judgement:
    """The province's money over the size of the fund; the same for every deal. What nobody has explained could be
    the province's.
    """
    limit = mandate.province_share_max
    if limit is None:
        return not_set(Text("省级出资上限", "limit of the province's money"))
    name = Text("省级财政出资占基金规模", "the province's share of the fund")
    sure = share_at_most(name, capital.province_fen, fund.size_fen, limit)
    if sure.outcome is Outcome.FAIL:
        return sure
    unexplained = fund.size_fen if capital.unattributed_fen is None else capital.unattributed_fen
    most = share_at_most(name, capital.province_fen + unexplained, fund.size_fen, limit)
    if most.outcome is Outcome.PASS:
        return sure
    return unknown(Text("基金全部出资人的认缴", "commitments of all the fund's investors"), share(limit))


def sub_fund_share(mandate: Mandate, capital: CapitalView) -> Judgement:
    """The largest part that this fund has of another one; the same for every deal."""
    limit = mandate.subfund_share_max
    if limit is None:
        return not_set(Text("单只子基金占比上限", "limit of one sub-fund"))
    if not capital.sub_funds:
        text = Text("本基金未出资子基金", "the fund has subscribed no sub-fund")
        return Judgement(Outcome.NOT_APPLICABLE, text)
    judged = [
        share_at_most(
            Text(f"本基金占{each.name}规模", f"this fund's share of {each.name}"),
            each.subscribed_fen,
            each.size_fen,
            limit,
        )
        for each in sorted(capital.sub_funds, key=lambda each: each.name)
    ]
    return next((each for each in judged if each.outcome is Outcome.FAIL), judged[0])


def _direct(case: Case) -> Judgement:
    limit = case.mandate.direct_share_max
    if limit is None:
        return not_set(Text("直投占比上限", "limit of direct investments"))
    direct = case.portfolio.total_fen + case.terms.ask_fen
    through = sum(each.subscribed_fen for each in case.capital.sub_funds)
    name = Text(
        "本次投后直投占直投与子基金出资之和",
        "direct investments over these and what sub-funds were subscribed, after this deal",
    )
    return share_at_most(name, direct, direct + through, limit)


def _city_quota(case: Case) -> Judgement:
    quota = dict(case.mandate.city_quotas).get(case.firm.city)
    if quota is None:
        return not_set(Text("该城市占比上限", "quota of this city"))
    ask, here = case.terms.ask_fen, case.place(case.firm.city)
    name = Text(f"本次投后{here.zh}占已投金额", f"the share of {here.en}, after this deal")
    inside = case.portfolio.in_city_fen(case.firm.city) + ask
    return share_at_most(name, inside, case.portfolio.total_fen + ask, quota)


def _losses(case: Case) -> Judgement:
    limit, invested = case.mandate.loss_tolerance, case.fund.ever_invested_fen
    if limit is None:
        return not_set(Text("容错比例", "tolerance of losses"))
    if not invested:
        nothing = Text("尚无投资", "nothing was invested yet")
        return Judgement(Outcome.NOT_APPLICABLE, nothing, label(nothing, "0"))
    name = Text("核销金额占累计投资", "what was written off of all ever invested")
    return share_at_most(name, case.fund.written_off_fen, invested, limit)


CAPITAL_CHECKS = (
    Check(
        "PROVINCE_SHARE",
        Text("省级出资占比", "the province's share"),
        Severity.BLOCK,
        True,
        _GUIDE,
        lambda case: province_share(case.mandate, case.fund, case.capital),
        live=True,
        parameter="province_share_max",
        inputs=("fund.commitments", "fund.size"),
    ),
    Check(
        "SINGLE_SUBFUND_SHARE",
        Text("单只子基金占比", "share of one sub-fund"),
        Severity.BLOCK,
        True,
        _GUIDE,
        lambda case: sub_fund_share(case.mandate, case.capital),
        live=True,
        parameter="subfund_share_max",
        inputs=("fund.commitments", "sub_fund.size"),
    ),
    Check(
        "DIRECT_SHARE",
        Text("直投占比", "direct investments"),
        Severity.WARN,
        True,
        _GUIDE,
        _direct,
        live=True,
        parameter="direct_share_max",
        inputs=("deal.ticket", "fund.holdings", "fund.commitments"),
    ),
    Check(
        "CITY_QUOTA",
        Text("城市占比", "share of the city"),
        Severity.WARN,
        True,
        _MANDATE,
        _city_quota,
        live=True,
        parameter="city_quotas",
        inputs=("deal.ticket", "firm.city_code", "fund.holdings"),
    ),
    Check(
        "LOSS_TOLERANCE_TRACK",
        Text("容错跟踪", "losses so far"),
        Severity.INFO,
        True,
        _TOLERANCE,
        _losses,
        live=True,
        parameter="loss_tolerance",
        inputs=("fund.written_off", "fund.invested"),
    ),
)
