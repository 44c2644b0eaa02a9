"""Checks of the terms: size, price, time, and debt in the name of equity."""

from services.funding.domain.checks.check import (
    Check,
    Judgement,
    Severity,
    label,
    months,
    not_set,
    unknown,
)
from services.funding.domain.checks.limits import share_at_most, stated, within
from services.funding.domain.outcomes import Outcome, outcome_of
from services.funding.domain.screening.case import Case
from services.kernel.text import Text

_MANDATE = Text("本基金投资授权及其引用的规则集", "the fund's mandate and the rule set it names")
_PATIENCE = Text(
    "国办发〔2025〕1号：投早、投小、投长期、投硬科技",
    "State Council Office [2025] No. 1: early, small, long, hard",
)
_NO_DEBT = Text(
    "发改财金规〔2025〕1752号：不得名股实债", "NDRC rule [2025] No. 1752: no debt in the name of equity"
)
_VALUATION = Text("投前估值", "the pre-money valuation")
_TICKET = Text("单笔金额", "the ticket")
_OWNERSHIP = Text("投后持股比例", "the share held after the investment")


def _valuation(case: Case) -> Judgement:
    limit, value = case.mandate.valuation_below_fen, case.terms.pre_money_fen
    if limit is None:
        return not_set(Text("估值上限", "limit of valuation"))
    return unknown(_VALUATION) if value is None else within(_VALUATION, value, limit, strict=True)


def _ticket(case: Case) -> Judgement:
    limit = case.mandate.ticket_max_fen
    if limit is None:
        return not_set(Text("单笔上限", "limit of the ticket"))
    return within(_TICKET, case.terms.ask_fen, limit)


def _ownership(case: Case) -> Judgement:
    """Without the total of the round, the round is taken to be our ticket: the largest share it can be."""
    limit, value = case.mandate.ownership_below, case.terms.pre_money_fen
    if limit is None:
        return not_set(Text("持股上限", "limit of ownership"))
    if value is None:
        return unknown(_VALUATION)
    post_money = value + (case.terms.round_total_fen or case.terms.ask_fen)
    return share_at_most(_OWNERSHIP, case.terms.ask_fen, post_money, limit, strict=True)


def _fixed_return(case: Case) -> Judgement:
    name = Text("承诺固定回报或持有期内无条件回购", "a fixed return or an unconditional buy-back is promised")
    return stated(name, case.terms.fixed_return, good=False)


def _redemption(case: Case) -> Judgement:
    free, terms = case.mandate.redemption_free_months, case.terms
    if terms.has_redemption is False:
        text = Text("无回购触发条款", "there is no redemption right")
        return Judgement(Outcome.PASS, text, label(Text("无", "none"), "none"), months(free))
    at = terms.redemption_months
    if at is None:
        return unknown(Text("回购触发条款", "the redemption terms"), months(free))
    return Judgement(
        outcome_of(at >= free),
        Text(
            f"最早{at}个月可触发回购，须不早于{free}个月",
            f"redemption can begin after {at} months and may not before {free}",
        ),
        months(at),
        months(free),
        months(at - free),
    )


def _duplicate(case: Case) -> Judgement:
    others = case.terms.other_public_funds
    if others is None:
        return unknown(Text("同轮其他财政性基金的说明", "a statement on other public funds in the round"))
    if not others:
        return Judgement(Outcome.PASS, Text("同轮无其他财政性基金", "no other public fund is in the round"))
    listed = Text("、".join(others), ", ".join(others))
    text = Text(f"同轮已有财政性基金：{listed.zh}", f"public funds already in the round: {listed.en}")
    return Judgement(Outcome.FAIL, text, label(listed, ",".join(others)))


TERMS_CHECKS = (
    Check(
        "VALUATION_TOO_HIGH",
        Text("估值上限", "valuation"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _valuation,
        parameter="valuation_below",
        inputs=("deal.pre_money",),
    ),
    Check(
        "TICKET_TOO_LARGE",
        Text("单笔上限", "ticket"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _ticket,
        parameter="ticket_max",
        inputs=("deal.ticket",),
    ),
    Check(
        "OWNERSHIP_CAP",
        Text("持股上限", "ownership"),
        Severity.BLOCK,
        True,
        _MANDATE,
        _ownership,
        parameter="ownership_below",
        inputs=("deal.ticket", "deal.pre_money", "deal.round_total"),
    ),
    Check(
        "FIXED_RETURN_TERMS",
        Text("名股实债", "fixed return"),
        Severity.BLOCK,
        False,
        _NO_DEBT,
        _fixed_return,
        inputs=("deal.fixed_return",),
    ),
    Check(
        "REDEMPTION_TOO_EARLY",
        Text("回购触发", "redemption"),
        Severity.WARN,
        True,
        _PATIENCE,
        _redemption,
        parameter="redemption_free_month_count",
        inputs=("deal.redemption_year",),
    ),
    Check(
        "DUPLICATE_PUBLIC_FUNDING",
        Text("重复出资", "other public money"),
        Severity.WARN,
        True,
        Text("国办发〔2025〕1号：防止同质化竞争和挤出", "State Council Office [2025] No. 1: no crowding out"),
        _duplicate,
        inputs=("deals",),
    ),
)
