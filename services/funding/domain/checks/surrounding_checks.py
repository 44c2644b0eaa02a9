"""Checks of who has an interest in the deal, and whose the firm's rights are."""

from dataclasses import replace

from services.funding.domain.checks.check import Check, Judgement, Severity, label, unknown
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening.case import Case
from services.funding.domain.screening.surroundings import RightsView
from services.kernel.text import Text

_CONDUCT = Text(
    "发改财金规〔2025〕1752号：防范利益冲突与关联交易",
    "NDRC rule [2025] No. 1752: conflicts of interest and related parties",
)
_DILIGENCE = Text("本基金尽职调查要求", "the fund's rules of due diligence")
_PLEDGES = Text(
    "苏政发〔2023〕104号 三（六）：知识产权质押", "Su Zheng Fa [2023] No. 104, 3(6): pledges of rights"
)


_UNSTAFFED = Judgement(
    Outcome.UNKNOWN,
    Text(
        "尚未登记项目组，无法判断；请基金管理人或投资分析登记项目组，再由各成员声明与企业的关系",
        "no team is on record, so this cannot be judged; the fund manager or an analyst records it, "
        "and its members declare how they are related to the firm",
    ),
)


def _undeclared(case: Case) -> Judgement:
    if not case.in_diligence:
        text = Text("尽职调查启动后检查", "looked at from due diligence on")
        return Judgement(Outcome.NOT_APPLICABLE, text)
    missing = case.interests.undeclared
    if missing is None and case.interests.staffed is False:
        return _until_the_committee(case, _UNSTAFFED)
    if missing is None:
        name = Text("参与人员的利益冲突申报", "declarations of interest of those who take part")
        return _until_the_committee(case, unknown(name))
    return nobody(
        missing,
        Text("参与人员均已申报利益冲突", "all who take part have declared their interests"),
        Text("尚未申报利益冲突", "interests not declared by"),
    )


def _related(case: Case) -> Judgement:
    related = case.interests.related
    if related is None and case.interests.staffed is False and not case.in_diligence:
        text = Text(
            "尚未组成项目组，无人可审；启动尽职调查时检查",
            "no team yet, so nobody to look at; looked at from due diligence on",
        )
        return Judgement(Outcome.NOT_APPLICABLE, text)
    if related is None and case.interests.staffed is False:
        return _until_the_committee(case, _UNSTAFFED)
    if related is None:
        name = Text("基金人员与企业的关联关系", "how the fund's people are related to the firm")
        return _until_the_committee(case, unknown(name))
    return nobody(
        related,
        Text("参与人员与企业无关联关系，或已回避", "nobody who takes part is related to the firm"),
        Text("与企业存在关联关系且未回避", "related to the firm and not recused"),
    )


def _until_the_committee(case: Case, found: Judgement) -> Judgement:
    """What due diligence may still look up: a warning until a committee sits over the deal."""
    return found if case.at_committee else replace(found, severity=Severity.WARN)


def _ownership(case: Case) -> Judgement:
    """Disputed and unknown ownership is a warning until a committee sits over the deal; then it stops it."""
    return _until_the_committee(case, _owned(case))


def _owned(case: Case) -> Judgement:
    rights, claimed = case.rights, case.snapshot.inventions
    unclear = rights.unclear
    if unclear is None or (claimed is None and not rights.recorded):
        return unknown(Text("知识产权权属核查", "whose the firm's rights are"))
    if rights.recorded == 0 and not claimed:
        text = Text("企业未申报、也未登记知识产权", "the firm declares no rights, and none is on record")
        return Judgement(Outcome.NOT_APPLICABLE, text)
    if not unclear and (open_ := unlooked(rights, claimed or 0)):
        return unknown(open_)
    return nobody(
        unclear,
        Text("知识产权权属清晰", "the ownership of the rights is clear"),
        Text("权属不清的知识产权", "rights of unclear ownership"),
    )


def unlooked(rights: RightsView, claimed: int) -> Text | None:
    """What is still to be looked up of the ownership; None where all is on record."""
    if rights.unstated:
        listed = Text("、".join(rights.unstated), ", ".join(rights.unstated))
        return Text(f"权属核查结果：{listed.zh}", f"whose these rights are: {listed.en}")
    if rights.recorded is not None and rights.inventions < claimed:
        return Text(
            f"专利登记：企业申报{claimed}件发明，在册{rights.inventions}件",
            f"the register of {claimed} declared inventions, of which {rights.inventions} are on record",
        )
    return None


def _pledged(case: Case) -> Judgement:
    pledged = case.rights.pledged
    if pledged is None:
        return unknown(Text("知识产权质押登记", "the register of pledges"))
    if case.rights.recorded == 0:
        nothing = Text("没有在册的知识产权", "no right is on record")
        return Judgement(Outcome.NOT_APPLICABLE, nothing)
    return nobody(
        pledged,
        Text("知识产权未质押", "no right is pledged"),
        Text("已质押的知识产权", "rights under pledge"),
    )


def nobody(found: tuple[str, ...], good: Text, bad: Text) -> Judgement:
    """PASS where nobody, or nothing, is named; else FAIL with the names."""
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
        Severity.BLOCK,
        True,
        _DILIGENCE,
        _ownership,
        inputs=("firm.rights", "firm.snapshot.invention_count"),
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
