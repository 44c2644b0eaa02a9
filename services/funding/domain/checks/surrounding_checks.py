"""Checks of who has an interest in the deal, and whose the firm's rights are."""

from dataclasses import replace

from services.funding.domain.case import Case
from services.funding.domain.checks.check import Check, Judgement, Severity, label, unknown
from services.funding.domain.outcomes import Outcome
from services.kernel.text import Text

_CONDUCT = Text(
    "发改财金规〔2025〕1752号：防范利益冲突与关联交易",
    "NDRC rule [2025] No. 1752: conflicts of interest and related parties",
)
_DILIGENCE = Text("本基金尽职调查要求", "the fund's rules of due diligence")
_PLEDGES = Text(
    "苏政发〔2023〕104号 三（六）：知识产权质押", "Su Zheng Fa [2023] No. 104, 3(6): pledges of rights"
)


def _undeclared(case: Case) -> Judgement:
    if not case.in_diligence:
        text = Text("尽职调查启动后检查", "looked at from due diligence on")
        return Judgement(Outcome.NOT_APPLICABLE, text)
    missing = case.interests.undeclared
    if missing is None:
        name = Text("参与人员的利益冲突申报", "declarations of interest of those who take part")
        return replace(unknown(name), severity=Severity.WARN)
    return _nobody(
        missing,
        Text("参与人员均已申报利益冲突", "all who take part have declared their interests"),
        Text("尚未申报利益冲突", "interests not declared by"),
    )


def _related(case: Case) -> Judgement:
    related = case.interests.related
    if related is None:
        name = Text("基金人员与企业的关联关系", "how the fund's people are related to the firm")
        return replace(unknown(name), severity=Severity.WARN)
    return _nobody(
        related,
        Text("参与人员与企业无关联关系，或已回避", "nobody who takes part is related to the firm"),
        Text("与企业存在关联关系且未回避", "related to the firm and not recused"),
    )


def _ownership(case: Case) -> Judgement:
    """Disputed rights are a warning until a committee sits over the deal; then they stop it."""
    unclear = case.rights.unclear
    if unclear is None:
        return unknown(Text("知识产权权属核查", "whose the firm's rights are"))
    judged = _nobody(
        unclear,
        Text("知识产权权属清晰", "the ownership of the rights is clear"),
        Text("权属不清的知识产权", "rights of unclear ownership"),
    )
    stops = case.at_committee and judged.outcome is Outcome.FAIL
    return replace(judged, severity=Severity.BLOCK) if stops else judged


def _pledged(case: Case) -> Judgement:
    pledged = case.rights.pledged
    if pledged is None:
        return unknown(Text("知识产权质押登记", "the register of pledges"))
    return _nobody(
        pledged,
        Text("知识产权未质押", "no right is pledged"),
        Text("已质押的知识产权", "rights under pledge"),
    )


def _nobody(found: tuple[str, ...], good: Text, bad: Text) -> Judgement:
    none = label(Text("无", "none"), "none")
    if not found:
        return Judgement(Outcome.PASS, good, none, none)
    listed = Text("、".join(found), ", ".join(found))
    text = Text(f"{bad.zh}：{listed.zh}", f"{bad.en}: {listed.en}")
    return Judgement(Outcome.FAIL, text, label(listed, ",".join(found)), none)


SURROUNDING_CHECKS = (
    Check(
        "COI_UNDECLARED",
        Text("利益冲突申报", "declared interests"),
        Severity.BLOCK,
        False,
        _CONDUCT,
        _undeclared,
        inputs=("deal.interests", "deal.team"),
    ),
    Check(
        "RELATED_PARTY",
        Text("关联交易", "related parties"),
        Severity.BLOCK,
        True,
        _CONDUCT,
        _related,
        inputs=("deal.interests", "firm.known_links"),
    ),
    Check(
        "IP_OWNERSHIP_UNCLEAR",
        Text("知识产权权属", "ownership of rights"),
        Severity.WARN,
        True,
        _DILIGENCE,
        _ownership,
        inputs=("firm.rights",),
    ),
    Check(
        "IP_PLEDGED",
        Text("知识产权质押", "pledged rights"),
        Severity.INFO,
        True,
        _PLEDGES,
        _pledged,
        inputs=("firm.rights", "firm.pledges"),
    ),
)
