"""Hires that a funded deal is expected to bring (投资带动用人): from its own plan, else from earlier deals' plans.

A deal without a plan and with too few earlier ones of its stage brings no figure rather than an invented one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from services.funding.domain.findings import Findings
from services.funding.domain.firm.firm import WHOLE_BUSINESS, DirectionShares

MOST_LINES = 50
MOST_HEADS = 10_000
LONGEST_MONTHS = 60
_MILLI = 1000


@dataclass(frozen=True)
class HiringMethod:
    """Proposals, and so configuration: months of a window that is not stated, and how many earlier deals a figure
    needs.
    """

    months: int = 18
    least_deals: int = 3


@dataclass(frozen=True)
class PlannedHire:
    """Heads of one talent category in one direction; an empty `leaf` spreads them over the firm's directions."""

    leaf: str
    category: str
    heads: int


@dataclass(frozen=True)
class HiringPlan:
    """What the deal's papers say that the firm will hire with the money. `months` None: not stated."""

    hires: tuple[PlannedHire, ...]
    months: int | None = None


@dataclass(frozen=True)
class ExpectedHire:
    """Thousandths of heads of one direction, city and talent category."""

    leaf: str
    city: str
    category: str
    milli: int


class Basis(StrEnum):
    """Where a figure comes from."""

    PLAN = "PLAN"
    EARLIER_DEALS = "EARLIER_DEALS"


@dataclass(frozen=True)
class ExpectedHires:
    """What is expected from `starts` to the day before `ends`; `deals`: earlier ones behind it, 0 for a plan."""

    hires: tuple[ExpectedHire, ...]
    starts: date
    ends: date
    basis: Basis
    deals: int = 0


@dataclass(frozen=True)
class Employer:
    """The firm that hires."""

    city: str
    shares: DirectionShares


def examine_plan(plan: HiringPlan) -> None:
    """Raise InvalidArgument with everything that cannot be true of a plan; codes are the caller's to resolve."""
    findings = Findings()
    findings.count("hiring_plan.months", plan.months, least=1, most=LONGEST_MONTHS)
    findings.count("hiring_plan.hires", len(plan.hires), least=1, most=MOST_LINES)
    places = Counter((each.leaf, each.category) for each in plan.hires)
    if any(count > 1 for count in places.values()):
        findings.add(
            "hiring_plan.hires",
            "HIRE_REPEATED",
            "同一方向与人才类别只能填写一行，请合并",
            "a direction and category is listed twice; merge the lines",
        )
    for each in plan.hires:
        findings.count("hiring_plan.hires.headcount", each.heads, least=1, most=MOST_HEADS)
    findings.finish()


def expect(
    plan: HiringPlan | None,
    employer: Employer,
    earlier: Sequence[HiringPlan],
    paid: date,
    method: HiringMethod,
) -> ExpectedHires | None:
    """What a deal paid on a day is expected to bring; None when nothing can be said.

    `earlier`: the plans of earlier invested deals of firms of the same stage.
    """
    if plan is not None:
        heads = {(each.leaf, each.category): Fraction(each.heads) for each in plan.hires}
        return _spread(heads, plan.months or method.months, employer, paid, Basis.PLAN, 0)
    count = len(earlier)
    if count < method.least_deals:
        return None
    months = sum(each.months or method.months for each in earlier) // count
    found: dict[tuple[str, str], Fraction] = {}
    for each in earlier:
        for hire in each.hires:
            place = "", hire.category
            found[place] = found.get(place, Fraction(0)) + Fraction(hire.heads, count)
    return _spread(found, months, employer, paid, Basis.EARLIER_DEALS, count)


def _spread(
    heads: Mapping[tuple[str, str], Fraction],
    months: int,
    employer: Employer,
    paid: date,
    basis: Basis,
    deals: int,
) -> ExpectedHires:
    """Heads without a direction go to the firm's directions by their shares."""
    exact: dict[tuple[str, str], Fraction] = {}
    for (leaf, category), count in heads.items():
        shares = ((leaf, WHOLE_BUSINESS),) if leaf else employer.shares
        for each, share in shares:
            place = each, category
            exact[place] = exact.get(place, Fraction(0)) + count * share / WHOLE_BUSINESS
    milli = _whole({place: count * _MILLI for place, count in exact.items()})
    hires = tuple(
        ExpectedHire(leaf, employer.city, category, count)
        for (leaf, category), count in sorted(milli.items())
        if count
    )
    return ExpectedHires(hires, paid, _months_after(paid, months), basis, deals)


def _whole(exact: Mapping[tuple[str, str], Fraction]) -> dict[tuple[str, str], int]:
    """Whole numbers that sum to the rounded sum (largest remainder)."""
    found = {place: int(value) for place, value in exact.items()}
    left = round(sum(exact.values(), Fraction(0))) - sum(found.values())
    for place in sorted(exact, key=lambda one: (found[one] - exact[one], one))[:left]:
        found[place] += 1
    return found


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    return date(day.year + year, month + 1, min(day.day, 28))
