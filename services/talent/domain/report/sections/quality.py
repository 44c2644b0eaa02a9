"""数据质量: how old the records are, which of them may be double, and the release calendar."""

from datetime import date

from services.kernel.clock import civil_date
from services.kernel.text import Text
from services.paper.document import Column, Table, Value
from services.talent.domain.report.calendar import Planned
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.registered import AGES
from services.talent.domain.report.view import View
from services.wording.reports import standing

_THIS = Text("本报告", "this report")
_NONE = Text("没有记录。", "No records.")


def quality(view: View) -> tuple[Table, ...]:
    """The tables that the facts have something for."""
    inner = view.facts.inner.registered if view.facts.inner else None
    found = [] if inner is None else [_ages(view), _doubles(view)]
    return *found, *([_calendar(view)] if view.facts.calendar else [])


def _ages(view: View) -> Table:
    known = view.facts.inner.registered.ages if view.facts.inner and view.facts.inner.registered else ()
    columns = (
        Column(Text("记录", "records")),
        *(Column(Text(f"≤{days} 天", f"≤{days} days"), 0) for days in AGES),
        Column(Text(f">{AGES[-1]} 天", f">{AGES[-1]} days"), 0),
        Column(Text("合计", "all"), 0),
        Column(Text("中位数（天）", "median, days"), 0),
    )
    rows = tuple((each.of, *each.counts, sum(each.counts), each.middle) for each in known)
    note = Text(
        "编制时的在用记录，按最近一次核实（人才）或更新（岗位）距编制日的天数计。人才记录满一年后折算供给时逐年减半。",
        "Records in use when the report was drafted, by days since they were last confirmed (people) or renewed "
        "(positions). A record of a person weighs half as much with every year after the first.",
    )
    return Table("record-ages", Text("记录的新旧", "age of records"), columns, rows, _NONE, note)


def _doubles(view: View) -> Table:
    known = view.facts.inner.registered.doubles if view.facts.inner and view.facts.inner.registered else ()
    columns = (
        Column(Text("疑似重复的人才记录", "records that may be double")),
        Column(Text("对数", "pairs"), 0),
    )
    note = Text(
        "编制时尚未核定的成对记录；核定为同一人并合并之前，两条记录各计一人。",
        "Pairs that nobody had decided when the report was drafted; until they are merged each record counts as a "
        "person.",
    )
    return Table("open-doubles", Text("待核定的重复", "duplicates open"), columns, known, _NONE, note)


def _calendar(view: View) -> Table:
    today = civil_date(view.facts.known_at)
    columns = (
        Column(Text("期间", "period")),
        Column(Text("计划发布日", "due")),
        Column(Text("首次签发日", "first signed")),
        Column(Text("情况", "standing")),
    )
    rows = tuple(_planned(each, today, view) for each in view.facts.calendar or ())
    note = Text(
        "本版报告前后各季与年度的计划发布日（为建议值，可配置）；签发情况截至编制时。",
        "When the reports of the quarters and years around this one are due (proposals that can be configured); what "
        "is signed is told as of drafting.",
    )
    return Table("calendar", Text("发布日历", "release calendar"), columns, rows, _NONE, note)


def _planned(each: Planned, today: date, view: View) -> tuple[Value, ...]:
    """A line. What is read is signed: that it was not when it was drafted says nothing of its own period."""
    signed = each.signed.isoformat() if each.signed else None
    said = standing(each.late(today), signed=each.signed is not None)
    if each.period == view.facts.period and not signed and not view.fifth:
        said = _THIS
    return ReportPeriod.parse(each.period).text, each.due.isoformat(), signed, said
