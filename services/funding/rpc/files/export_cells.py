"""Firms, funds and deals as the cells of the exchange workbook: what the import reads again.

An amount is text in 万元 under its own header, and whole fen in a column beside it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.funding.v1 import deal_pb2, firm_pb2, fund_pb2
from services.catalogue import Catalogue
from services.chassis.rpc.wire import money_from_wire
from services.funding.domain.firm.firm import EARLIEST_FOUNDING
from services.workbook.choices import DEAL_STATE, FUND_KIND, ORIGIN, RULESET, STAGE, YES_NO, Choices, label_zh
from services.workbook.sheets import SHEETS, Column, Kind

_WAN = 1_000_000
_EARLIEST = EARLIEST_FOUNDING.isoformat()
SCREENED = (
    Column("firm_name", "企业名称", "Firm", Kind.NAME),
    Column("firm_city", "企业所在城市", "City", Kind.NAME),
    Column("composite", "综合分", "Composite", Kind.SCORE),
    Column("early", "投早", "Early", Kind.SCORE),
    Column("small", "投小", "Small", Kind.SCORE),
    Column("long", "投长", "Long", Kind.SCORE),
    Column("hard", "投硬科技", "Hard", Kind.SCORE),
    Column("eligible", "符合投资规则", "Eligible", Kind.NAME),
)
"""Columns that only a screening has."""


@dataclass(frozen=True, slots=True)
class Line:
    """One record: its cells by key, and its amounts in fen by key."""

    cells: Mapping[str, str]
    amounts: Mapping[str, int]


def columns_of(sheet: str, *, screened: bool = False) -> list[Column]:
    """All columns of an exported sheet."""
    found = []
    for column in SHEETS[sheet].columns:
        found.append(column)
        if column.kind is Kind.AMOUNT:
            found.append(
                Column(
                    f"{column.key}_fen",
                    f"{column.header_zh}/分",
                    f"{column.header_en}, fen",
                    Kind.INTEGER,
                )
            )
    return [*found, *SCREENED] if screened else found


def wan(fen: int) -> str:
    """An amount in 万元, exact: `1250万元`, `-0.0001万元`."""
    number = f"{Decimal(fen) / _WAN:f}"
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}万元"


@dataclass(frozen=True)
class Cells:
    """Turns messages, as their reader may see them, into lines."""

    catalogue: Catalogue

    def of_firm(self, firm: firm_pb2.Firm) -> Line:
        """A row of the sheet 企业."""
        figures = firm.snapshot
        counts = {
            "staff": "staff_count",
            "rd_staff": "rd_staff_count",
            "bachelor_staff": "bachelor_staff_count",
            "inventions": "invention_count",
            "pct": "pct_count",
            "utility": "utility_model_count",
            "software": "software_count",
            "external_rounds": "external_round_count",
            "trl": "technology_readiness_level",
        }
        flags = ("abnormal", "restricted", "core_project")
        stage = firm_pb2.FirmStage.Name(firm.stage).removeprefix("FIRM_STAGE_")
        return _line(
            {
                "uscc": firm.uscc,
                "name": firm.display_name,
                "city": self._city(firm.city_code),
                "directions": "；".join(
                    f"{each.code}:{each.permille / 1000:g}" for each in firm.direction_shares
                ),
                "founded": (founded := _day(firm.founded_date)),
                "founded_checked": _label(YES_NO, "YES") if "" < founded < _EARLIEST else "",
                "stage": _label(STAGE, stage),
                **{
                    key: str(getattr(figures, field)) for key, field in counts.items() if _has(figures, field)
                },
                "technology": firm.technology,
                "product": firm.product,
                "as_of": _day(figures.as_of_date),
                "verified": _label(YES_NO, "YES" if figures.verified else "NO"),
                **{each: _yes_no(getattr(figures, each)) for each in flags if _has(figures, each)},
                "origin": _origin(firm.origin),
            },
            {
                **_amounts(
                    figures, {each: each for each in ("assets", "net_assets", "revenue", "cost", "rd_cost")}
                ),
                **_amounts(firm, {"sought": "sought_amount"}),
            },
        )

    def of_fund(self, fund: fund_pb2.Fund) -> Line:
        """A row of the sheet 基金."""
        rules = fund.mandate
        amounts = {
            "size": "size",
            "paid_in": "paid_in",
            "government": "government_subscribed",
            "committed": "committed",
        }
        return _line(
            {
                "ref": fund.source_ref,
                "name": fund.display_name,
                "kind": _label(FUND_KIND, fund_pb2.Fund.Kind.Name(fund.kind).removeprefix("KIND_")),
                "city": self._city(fund.city_code),
                "established": _day(fund.established_date),
                "life_years": str(fund.life_years),
                "investment_years": str(fund.investment_years),
                "ruleset": _label(RULESET, rules.ruleset),
                "industries": "；".join(rules.industry_codes),
                "cities": "；".join(self._city(code) for code in rules.city_codes),
                "concentration_max": rules.concentration_max,
                "early_floor": rules.early_floor,
                "origin": _origin(fund.origin),
            },
            {
                **_amounts(fund, amounts),
                **_amounts(rules, {"ticket_max": "ticket_max", "valuation_max": "valuation_max"}),
            },
        )

    def of_deal(self, deal: deal_pb2.Deal, fund_ref: str, uscc: str) -> Line:
        """A row of the sheet 项目."""
        numbers = ("holding_years", "redemption_year", "expert_rating")
        amounts = {
            "ticket": "ticket",
            "pre_money": "pre_money",
            "round_total": "round_total",
            "follow_on": "follow_on_reserve",
        }
        plan = deal.hiring_plan
        return _line(
            {
                "ref": deal.source_ref,
                "fund": fund_ref,
                "firm": uscc,
                "round": deal.round,
                **{each: str(getattr(deal, each)) for each in numbers if _has(deal, each)},
                "fixed_return": _yes_no(deal.fixed_return) if _has(deal, "fixed_return") else "",
                "state": _label(DEAL_STATE, deal_pb2.Deal.State.Name(deal.state).removeprefix("STATE_")),
                "submitted": _day(deal.submitted_date),
                "owner": deal.owner,
                "hiring_plan": "；".join(map(self._hire, plan.hires)),
                "hiring_months": str(plan.window_months) if _has(plan, "window_months") else "",
                "origin": _origin(deal.origin),
            },
            _amounts(deal, amounts),
        )

    def _hire(self, hire: deal_pb2.HiringPlan.Hire) -> str:
        place = f"{hire.direction_code}:" if hire.direction_code else ""
        return f"{place}{hire.category_code}={hire.headcount}"

    def _city(self, code: str) -> str:
        return self.catalogue.city(code).name.zh if code else ""


def _line(cells: Mapping[str, str], amounts: Mapping[str, int]) -> Line:
    shown = {**cells}
    for key, fen in amounts.items():
        shown[key], shown[f"{key}_fen"] = wan(fen), str(fen)
    return Line(shown, amounts)


def _amounts(message: Any, names: Mapping[str, str]) -> dict[str, int]:
    return {
        key: money_from_wire(getattr(message, field)).fen
        for key, field in names.items()
        if _has(message, field)
    }


def _has(message: Any, field: str) -> bool:
    return bool(message.HasField(field))


def _yes_no(value: bool) -> str:
    return _label(YES_NO, "YES" if value else "NO")


def _origin(number: int) -> str:
    return label_zh(ORIGIN, data_origin_pb2.DataOrigin.Name(number).removeprefix("DATA_ORIGIN_"))


def _label(choices: Choices, code: str) -> str:
    return next((choice.zh for choice in choices if choice.code == code), "")


def _day(day: Any) -> str:
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}" if day.year else ""


def keys_of(columns: Iterable[Column]) -> Iterator[str]:
    """The keys of columns."""
    return (column.key for column in columns)
