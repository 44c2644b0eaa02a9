"""The ten indicators: few enough that a young firm keeps reporting them, each described."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.money import MAX_FEN
from services.kernel.text import Text


class Unit(StrEnum):
    """What values are: fen, a number of people or things, or a level from 1 to 9."""

    MONEY = "MONEY"
    COUNT = "COUNT"
    LEVEL = "LEVEL"


class Metric(StrEnum):
    """An indicator."""

    REVENUE = "REVENUE"
    ORDERS = "ORDERS"
    CASH = "CASH"
    OUTFLOW = "OUTFLOW"
    RD_COST = "RD_COST"
    STAFF = "STAFF"
    RD_STAFF = "RD_STAFF"
    CUSTOMERS = "CUSTOMERS"
    INVENTIONS = "INVENTIONS"
    TRL = "TRL"

    @property
    def definition(self) -> "Definition":
        """What it is."""
        return _DEFINITIONS[self]


@dataclass(frozen=True)
class Definition:
    """Title, description and unit. `signed`: whether it may be below zero."""

    title: Text
    description: Text
    unit: Unit
    signed: bool = False


def _money(zh: str, en: str, more_zh: str, more_en: str, *, signed: bool = False) -> Definition:
    return Definition(Text(zh, en), Text(more_zh, more_en), Unit.MONEY, signed)


def _count(zh: str, en: str, more_zh: str, more_en: str) -> Definition:
    return Definition(Text(zh, en), Text(more_zh, more_en), Unit.COUNT)


_DEFINITIONS: Mapping[Metric, Definition] = {
    Metric.REVENUE: _money(
        "营业收入",
        "revenue",
        "本期确认的营业收入，不含税",
        "revenue recognised in the period, without tax",
    ),
    Metric.ORDERS: _money(
        "新签订单",
        "new orders",
        "本期新签合同金额，不含意向",
        "contracts signed in the period, without letters of intent",
    ),
    Metric.CASH: _money(
        "货币资金", "cash", "期末银行存款与现金，不含受限资金", "bank and cash at the end, unrestricted"
    ),
    Metric.OUTFLOW: _money(
        "净现金流出",
        "net outflow",
        "本期经营与投资现金净流出，不含融资；净流入填负数",
        "net cash spent on operations and equipment in the period, without financing; negative if it came in",
        signed=True,
    ),
    Metric.RD_COST: _money(
        "研发投入", "R&D cost", "本期研发支出，含资本化部分", "spent on R&D in the period, capitalised too"
    ),
    Metric.STAFF: _count("员工人数", "staff", "期末在册员工", "on the payroll at the end"),
    Metric.RD_STAFF: _count("研发人数", "R&D staff", "期末研发人员", "of them in R&D at the end"),
    Metric.CUSTOMERS: _count(
        "付费客户", "paying customers", "本期产生收入的客户数", "customers with revenue in the period"
    ),
    Metric.INVENTIONS: _count(
        "有效发明专利", "inventions", "期末拥有的有效发明专利", "valid invention patents owned at the end"
    ),
    Metric.TRL: Definition(
        Text("技术成熟度", "technology readiness"),
        Text("期末核心产品的技术成熟度，1至9级", "readiness level of the core product at the end, 1 to 9"),
        Unit.LEVEL,
    ),
}
Values = Mapping[Metric, int]
"""Values by indicator: fen, counts or levels."""


def examine_values(values: Values, findings: Findings) -> None:
    """Find values that cannot be true, each under `values.{CODE}`."""
    if not values:
        findings.add("values", "REQUIRED", "请至少填写一项指标", "report at least one indicator")
    for metric, value in values.items():
        definition, field = metric.definition, f"values.{metric}"
        if definition.unit is Unit.MONEY:
            findings.amount(field, value, least=-MAX_FEN if definition.signed else 0)
        elif definition.unit is Unit.LEVEL:
            findings.count(field, value, least=1, most=9)
        else:
            findings.count(field, value)
    staff, rd_staff = values.get(Metric.STAFF), values.get(Metric.RD_STAFF)
    if staff is not None and rd_staff is not None and rd_staff > staff:
        findings.add(
            f"values.{Metric.RD_STAFF}",
            "PART_OVER_WHOLE",
            f"研发人数{rd_staff}大于员工人数{staff}",
            f"{rd_staff} in R&D is over the staff of {staff}",
        )
