"""Plain cases that tests vary."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from services.funding.domain.deal.terms import DealTerms
from services.funding.domain.firm.firm import Firm, FirmFacts, register
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.stages import Stage
from services.funding.domain.fund.fund import Fund, FundKind, establish
from services.funding.domain.fund.mandate import Mandate, with_published_limits
from services.funding.domain.fund.portfolio import Portfolio
from services.funding.domain.ratio import percent
from services.funding.domain.screening.case import Case, TechnicalView
from services.funding.domain.screening.rulesets import WAN, YI
from services.kernel.uscc import check_character

AT = datetime(2026, 6, 30, 4, 0, tzinfo=UTC)
AS_OF = date(2026, 6, 30)
BODY = "91320500MADEM0001"
USCC = BODY + check_character(BODY)

SNAPSHOT = FirmSnapshot(
    as_of=date(2026, 3, 31),
    staff=25,
    rd_staff=12,
    bachelor_staff=20,
    assets_fen=1500 * WAN,
    net_assets_fen=800 * WAN,
    revenue_fen=277 * WAN,
    cost_fen=500 * WAN,
    rd_cost_fen=200 * WAN,
    inventions=3,
    pct=1,
    utility=2,
    software=4,
    external_rounds=1,
    trl=5,
    verified=True,
    abnormal=False,
    restricted=False,
    core_project=False,
)
FACTS = FirmFacts(
    name="苏州翀霁氢能有限公司",
    city="suzhou",
    direction_shares=(("seawater-h2", 600), ("metaverse", 400)),
    stage=Stage.STARTUP,
    founded=date(2023, 5, 10),
    technology="海水直接制氢",
    product="电解槽",
    snapshot=SNAPSHOT,
)
TERMS = DealTerms(
    ask_fen=500 * WAN,
    pre_money_fen=8000 * WAN,
    holding_months=84,
    has_redemption=False,
    fixed_return=False,
    follow_on_fen=250 * WAN,
    other_public_funds=(),
    verified=True,
)
MANDATE = with_published_limits(
    Mandate(
        fund="fund-1",
        revision=1,
        ruleset="national-2025",
        industries=("hydrogen",),
        leaves=("seawater-h2",),
        cities=("suzhou", "nantong"),
        concentration_max=percent(20),
        ownership_below=percent(30),
        effective_from=date(2025, 1, 1),
    )
)


def firm(snapshot: dict[str, Any] | None = None, **facts: Any) -> Firm:
    """A firm in good order, varied."""
    changed = replace(FACTS, snapshot=replace(SNAPSHOT, **(snapshot or {})), **facts)
    return register(id="firm-1", uscc=USCC, facts=changed, origin="SYNTHETIC", at=AT)


def fund(**changes: Any) -> Fund:
    """A fund of 2亿, half of it the government's, varied."""
    values: dict[str, Any] = {
        "id": "fund-1",
        "name": "苏州未来产业天使基金（演示）",
        "kind": FundKind.FUTURE_ANGEL,
        "city": "suzhou",
        "size_fen": 2 * YI,
        "paid_in_fen": YI,
        "government_fen": YI,
        "established": date(2025, 1, 1),
        "life_years": 15,
        "investment_years": 6,
        "origin": "SYNTHETIC",
        "at": AT,
    }
    return establish(**(values | changes))


def case(
    *,
    snapshot: dict[str, Any] | None = None,
    facts: dict[str, Any] | None = None,
    terms: dict[str, Any] | None = None,
    mandate: dict[str, Any] | None = None,
    fund_values: dict[str, Any] | None = None,
    portfolio: Portfolio | None = None,
    technical: TechnicalView | None = None,
) -> Case:
    """A case in which every blocking check passes, varied."""
    return Case(
        mandate=replace(MANDATE, **(mandate or {})),
        fund=fund(**(fund_values or {})),
        firm=firm(snapshot, **(facts or {})),
        terms=replace(TERMS, **(terms or {})),
        portfolio=portfolio or Portfolio(),
        as_of=AS_OF,
        technical=technical or TechnicalView(),
    )
