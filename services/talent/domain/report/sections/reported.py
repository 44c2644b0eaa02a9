"""What sections made of other services' returns share: they say what is missing, and never print nought for it."""

from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.talent.domain.report.returns import Reported

NONE = Text("没有。", "None.")
COUNT = Column(Text("个数", "count"), 0)
WAN = Column(Text("金额（万元）", "amount, CNY 10,000"), 0)


def reported_section(key: str, title: Text, said: Reported, tables: tuple[Table, ...]) -> Section:
    """The section: of a service that has reported nothing only that."""
    return Section(key, title, _told(said), tables=tables if said.told else ())


def _told(said: Reported) -> tuple[Text, ...]:
    service, lines = said.source.label, []
    if said.missing:
        zh, en = "、".join(said.missing), ", ".join(said.missing)
        lines.append(
            Text(
                f"编制时{service.zh}尚未报送 {zh}，下列数字不含这些季度；缺报不等于零。",
                f"When this was composed {service.en} had not reported {en}; the figures lack them, and missing is not "
                "nought.",
            )
        )
    for each in said.told:
        at = each.known_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
        lines.append(
            Text(
                f"{each.quarter} 由{service.zh}报送（第 {each.version} 次，统计于 {at}，{each.method}）。",
                f"{each.quarter} as reported by {service.en} (version {each.version}, counted {at}, {each.method}).",
            )
        )
    return tuple(lines)


def share(part: int, whole: int) -> float | None:
    """A share of 1; None of nothing."""
    return part / whole if whole else None
