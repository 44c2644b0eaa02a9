"""What the rows of a workbook state about firms and deals, as the domain reads it."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import FirmFacts
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.domain.pipeline.hiring import HiringPlan, PlannedHire, examine_plan
from services.kernel.errors import InvalidArgument

Values = Mapping[str, Any]


def firm_facts(values: Values) -> FirmFacts:
    """The facts of a row of the sheet 企业."""
    numbers = ("staff", "rd_staff", "bachelor_staff", "inventions", "pct", "utility", "software")
    amounts = ("assets", "net_assets", "revenue", "cost", "rd_cost")
    return FirmFacts(
        name=values["name"],
        city=values["city"],
        direction_shares=shares_of(values["directions"]),
        stage=Stage[values["stage"]],
        founded=values["founded"],
        technology=values["technology"],
        product=values["product"],
        sought_fen=values["sought"],
        snapshot=FirmSnapshot(
            as_of=values["as_of"],
            external_rounds=values["external_rounds"],
            trl=values["trl"],
            verified=bool(values["verified"]),
            abnormal=values["abnormal"],
            restricted=values["restricted"],
            core_project=values["core_project"],
            **{name: values[name] for name in numbers},
            **{f"{name}_fen": values[name] for name in amounts},
        ),
    )


def deal_terms(values: Values) -> DealTerms:
    """The terms of a row of the sheet 项目. Years become months; a year of redemption means there is a right."""
    redemption = values["redemption_year"]
    holding = values["holding_years"]
    return DealTerms(
        ask_fen=values["ticket"],
        pre_money_fen=values["pre_money"],
        round_total_fen=values["round_total"],
        holding_months=None if not holding else 12 * holding,
        has_redemption=None if redemption is None else True,
        redemption_months=None if redemption is None else 12 * redemption,
        fixed_return=values["fixed_return"],
        follow_on_fen=values["follow_on"],
    )


def stated_plan(values: Values) -> HiringPlan | None:
    """The hiring plan of a row of the sheet 项目; None when it states none. Raises InvalidArgument."""
    if not values["hiring_plan"]:
        if values["hiring_months"] is not None:
            raise InvalidArgument.field(
                "hiring_months",
                "HIRING_MONTHS_ALONE",
                "填写了用人期限，但没有岗位计划；请补填岗位计划或清空期限",
                "a window of hiring is given without a plan; state the plan, or clear the window",
            )
        return None
    plan = HiringPlan(tuple(PlannedHire(*each) for each in values["hiring_plan"]), values["hiring_months"])
    examine_plan(plan)
    return plan


def shares_of(shares: Mapping[str, Fraction]) -> tuple[tuple[str, int], ...]:
    """Exact shares as thousandths that sum to 1000 (largest remainder)."""
    exact = {code: 1000 * share for code, share in shares.items()}
    whole = {code: int(value) for code, value in exact.items()}
    rest = sorted(exact, key=lambda code: (whole[code] - exact[code], code))
    for code in rest[: 1000 - sum(whole.values())]:
        whole[code] += 1
    return tuple(whole.items())
