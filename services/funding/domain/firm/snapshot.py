"""What was known of a firm on one day: staff, accounts, rights, financing. None is unknown, never nought."""

from dataclasses import dataclass, fields
from datetime import date

from services.funding.domain.findings import Findings
from services.funding.domain.firm.monthly import MonthFigures, examine_months
from services.funding.domain.ratio import Ratio

_AMOUNTS = ("assets_fen", "revenue_fen", "cost_fen", "rd_cost_fen")
_COUNTS = (
    "staff",
    "rd_staff",
    "bachelor_staff",
    "inventions",
    "pct",
    "utility",
    "software",
    "external_rounds",
)
_PARTS = (
    ("rd_staff", "staff"),
    ("bachelor_staff", "staff"),
    ("rd_cost_fen", "cost_fen"),
    ("net_assets_fen", "assets_fen"),
)
_NAMES = {
    "staff": "从业人数",
    "rd_staff": "研发人数",
    "bachelor_staff": "本科以上人数",
    "rd_cost_fen": "研发费用",
    "cost_fen": "成本费用",
    "net_assets_fen": "净资产",
    "assets_fen": "资产总额",
}


@dataclass(frozen=True)
class FirmSnapshot:
    """Immutable facts as of one accounting day; amounts in fen, persons in heads, rights in pieces.

    `verified`: checked against documents rather than declared. `abnormal`: on the register of abnormal
    operation or of serious offences (经营异常、严重违法). `restricted`: a business of the restricted,
    obsolete or forbidden classes (限制类、淘汰类、明令禁止). `core_project`: carries a national or
    provincial core-technology project. `trl`: technology readiness level 1 to 9. `months`: staff and assets month by
    month, the later month last.
    """

    as_of: date
    staff: int | None = None
    rd_staff: int | None = None
    bachelor_staff: int | None = None
    assets_fen: int | None = None
    net_assets_fen: int | None = None
    revenue_fen: int | None = None
    cost_fen: int | None = None
    rd_cost_fen: int | None = None
    inventions: int | None = None
    pct: int | None = None
    utility: int | None = None
    software: int | None = None
    external_rounds: int | None = None
    trl: int | None = None
    verified: bool = False
    abnormal: bool | None = None
    restricted: bool | None = None
    core_project: bool | None = None
    months: tuple[MonthFigures, ...] = ()

    @property
    def rd_intensity(self) -> Ratio | None:
        """R&D cost over all costs; unknown when either is, or when there were no costs."""
        return _share(self.rd_cost_fen, self.cost_fen)

    @property
    def rd_staff_share(self) -> Ratio | None:
        """R&D staff over all staff; unknown when either is, or without staff."""
        return _share(self.rd_staff, self.staff)

    @property
    def bachelor_share(self) -> Ratio | None:
        """Staff with a bachelor's degree or higher over all staff."""
        return _share(self.bachelor_staff, self.staff)

    @property
    def known(self) -> tuple[str, ...]:
        """Names of the facts that are known."""
        return tuple(f.name for f in fields(self) if getattr(self, f.name) not in (None, ()))


def _share(part: int | None, whole: int | None) -> Ratio | None:
    return Ratio(part, whole) if part is not None and whole else None


def examine_snapshot(snapshot: FirmSnapshot, today: date, findings: Findings) -> None:
    """Find what cannot be true of a snapshot: negative counts, a part over its whole, a day to come."""
    findings.not_after("snapshot.as_of", snapshot.as_of, today)
    for name in _AMOUNTS:
        findings.amount(f"snapshot.{name}", getattr(snapshot, name))
    findings.amount("snapshot.net_assets_fen", snapshot.net_assets_fen, least=-9_000_000_000_000_000)
    for name in _COUNTS:
        findings.count(f"snapshot.{name}", getattr(snapshot, name))
    findings.count("snapshot.trl", snapshot.trl, least=1, most=9)
    examine_months(snapshot.months, snapshot.as_of, findings)
    for part, whole in _PARTS:
        _examine_part(snapshot, part, whole, findings)


def _examine_part(snapshot: FirmSnapshot, part: str, whole: str, findings: Findings) -> None:
    share, total = getattr(snapshot, part), getattr(snapshot, whole)
    if share is not None and total is not None and share > total:
        findings.add(
            f"snapshot.{part}",
            "PART_OVER_WHOLE",
            f"{_NAMES[part]} {share} 大于{_NAMES[whole]} {total}",
            f"{part} {share} is more than {whole} {total}",
        )
