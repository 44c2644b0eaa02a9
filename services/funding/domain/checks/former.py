"""Checks as they once were, so that a run of their time is made again bit for bit. Nothing is decided by them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from services.funding.domain.checks.check import Check, Judgement, Quantity, Severity, unknown
from services.funding.domain.checks.firm_checks import FIRM_CHECKS
from services.funding.domain.checks.fund_checks import FUND_CHECKS
from services.funding.domain.checks.surrounding_checks import SURROUNDING_CHECKS, nobody, unlooked
from services.funding.domain.outcomes import Outcome
from services.funding.domain.screening.case import Case
from services.kernel.text import Text


@dataclass(frozen=True)
class Former:
    """A check as it was up to and with a version."""

    until: int
    check: Check


WRITTEN_OUT = 5
"""Up to and with this version amounts in English were yuan with two digits after the point: `CNY 20,000,000.00`."""


def written_out(check: Check) -> Check:
    """A check whose English says amounts as it did then."""
    return replace(check, judge=_written_out(check.judge))


def _written_out(judge: Callable[[Case], Judgement]) -> Callable[[Case], Judgement]:
    def judged(case: Case) -> Judgement:
        found = judge(case)
        quantities = (
            each and replace(each, text=_in_yuan(each.text))
            for each in (found.observed, found.limit, found.headroom)
        )
        observed, limit, headroom = quantities
        return replace(found, text=_in_yuan(found.text), observed=observed, limit=limit, headroom=headroom)

    return judged


def _in_yuan(said: Text) -> Text:
    return replace(said, en=_AMOUNT.sub(_yuan, said.en))


def _yuan(found: re.Match[str]) -> str:
    number = Decimal(found[1].replace(",", "")) * (1_000_000 if found[2] else 1)
    return f"CNY {number:,.2f}"


def _whoever_is_on_it(code: str) -> Callable[[Case], Judgement]:
    """A deal without a team lacked what nobody could supply: who that is was not said."""

    def judged(case: Case) -> Judgement:
        if case.in_diligence and case.interests.staffed is False:
            case = replace(case, interests=replace(case.interests, staffed=None))
        return _NOW[code].judge(case)

    return judged


def _undeclared(case: Case) -> Judgement:
    """Unknown declarations warned, in front of a committee too."""
    if case.in_diligence and case.interests.undeclared is None:
        name = Text("参与人员的利益冲突申报", "declarations of interest of those who take part")
        return replace(unknown(name), severity=Severity.WARN)
    return _NOW["COI_UNDECLARED"].judge(case)


def _related(case: Case) -> Judgement:
    """Unknown relations warned, in front of a committee too."""
    found = _whoever_is_on_it("RELATED_PARTY")(case)
    return replace(found, severity=Severity.WARN) if found.outcome is Outcome.UNKNOWN else found


def _ownership(case: Case) -> Judgement:
    """Rights that nobody declared counted as none, and only disputed ones stopped a deal in front of a committee."""
    rights, claimed = case.rights, case.snapshot.inventions or 0
    if rights.unclear is None:
        return unknown(Text("知识产权权属核查", "whose the firm's rights are"))
    if rights.recorded == 0 and not claimed:
        text = Text("企业未申报、也未登记知识产权", "the firm declares no rights, and none is on record")
        return Judgement(Outcome.NOT_APPLICABLE, text)
    if not rights.unclear and (open_ := unlooked(rights, claimed)):
        return unknown(open_)
    judged = nobody(
        rights.unclear,
        Text("知识产权权属清晰", "the ownership of the rights is clear"),
        Text("权属不清的知识产权", "rights of unclear ownership"),
    )
    stops = case.at_committee and judged.outcome is Outcome.FAIL
    return replace(judged, severity=Severity.BLOCK) if stops else judged


def _direction(case: Case) -> Judgement:
    """Shares were said in thousandths."""
    found = _NOW["DIRECTION_OUT_OF_SCOPE"].judge(case)
    observed, limit, headroom = map(_in_thousandths, (found.observed, found.limit, found.headroom))
    said = replace(found, observed=observed, limit=limit, headroom=headroom)
    if observed is None or limit is None:
        return said
    covered, needed = (each.exact.removesuffix("/1000") for each in (observed, limit))
    text = Text(
        f"企业业务有{covered}‰属于授权覆盖的方向，须不低于{needed}‰",
        f"{covered} per mille of the business is in directions of the mandate, {needed} are needed",
    )
    return replace(said, text=text)


def _in_thousandths(said: Quantity | None) -> Quantity | None:
    if said is None:
        return None
    number = said.exact.removesuffix("/1000")
    return Quantity(Text(f"{number}‰", f"{number} per mille"), said.exact)


_AMOUNT = re.compile(r"CNY (-?[0-9][0-9,]*(?:\.[0-9]+)?)(m?)")
_NOW = {check.code: check for check in FIRM_CHECKS + FUND_CHECKS + SURROUNDING_CHECKS}
_OWNED = replace(_NOW["IP_OWNERSHIP_UNCLEAR"], severity=Severity.WARN, judge=_ownership)
FORMER = (
    Former(
        1,
        replace(
            _NOW["LOCAL_REINVESTMENT"], inputs=("deal.ticket", "fund.holdings", "fund.government_subscribed")
        ),
    ),
    Former(1, replace(_OWNED, inputs=("firm.rights",))),
    Former(2, replace(_NOW["COI_UNDECLARED"], judge=_undeclared)),
    Former(2, replace(_NOW["RELATED_PARTY"], judge=_related)),
    Former(2, _OWNED),
    Former(4, replace(_NOW["DIRECTION_OUT_OF_SCOPE"], judge=_direction)),
    *(
        Former(6, replace(_NOW[code], judge=_whoever_is_on_it(code)))
        for code in ("COI_UNDECLARED", "RELATED_PARTY")
    ),
)
