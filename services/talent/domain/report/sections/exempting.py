"""容错案件: how many were opened and closed, how long they took, and the three conditions of each. Internal alone."""

from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median_low
from typing import Final

from services.kernel.text import Text, counted
from services.paper.document import Column, Table, Value
from services.talent.domain.report.exemptions import Condition, Exemption, exemptions
from services.talent.domain.report.returns import Reported
from services.talent.domain.report.sections.reported import NONE, from_method
from services.talent.domain.report.view import View

BY_CASE: Final = 5
"""The version of the funding service's return that first told of cases one by one."""
_LISTED: Final = 50
VERDICTS: Final[Mapping[str, Text]] = {
    "EXEMPT": Text("免责", "exempt"),
    "MITIGATED": Text("减轻", "mitigated"),
    "NOT_EXEMPT": Text("不予免责", "not exempt"),
}
TESTS: Final[Mapping[str, Text]] = {
    "DUE_DILIGENCE": Text("尽职调查", "due diligence"),
    "PROCEDURE": Text("程序合规", "procedure"),
    "NO_PRIVATE_GAIN": Text("未谋私利", "no private gain"),
}
COURSE: Final = (
    Column(Text("本期开始", "begun"), 0),
    Column(Text("本期结束", "ended"), 0),
    Column(Text("期末在办", "open at the end"), 0),
    Column(Text("已结束的历时（天）", "days, of those ended"), 0),
    Column(Text("在办的已历时（天）", "days so far, of those open"), 0),
)
_UNTOLD = Text("投资服务未逐案报送。", "The funding service has not reported case by case.")
_NOTHING = Text("未调取", "not looked at")
_OPEN = Text("未认定", "not determined")


def exempting(view: View, said: Reported) -> tuple[Table, ...]:
    """Both tables; none of a service that has reported nothing."""
    if not said.told:
        return ()
    told = from_method(said, BY_CASE)
    found = exemptions(said) if told else []
    return _course(view, found, told=told), _cases(view, found, told=told)


def _course(view: View, found: Sequence[Exemption], *, told: bool) -> Table:
    first, last = view.period.start, view.period.end
    ended = [each for each in found if each.ended is not None and first <= each.ended <= last]
    open_ = [each for each in found if each.ended is None]
    name = Text("基金投资的容错案件", "cases of holdings of the funds")
    row: tuple[Value, ...] = (
        name,
        sum(first <= each.begun <= last for each in found),
        len(ended),
        len(open_),
        _middle(ended, last),
        _middle(open_, last),
    )
    note = Text(
        "自登记认定减值之日（未减值而以低于成本的价款全部退出的，自退出之日；之前没有登记损失的，自认定登记之日）起，至首次登记"
        "主管部门认定之日止；恢复正常的不再计。天数取中位数。其他容错案例见“观察期、包容期、沙盒与容错”。",
        "From the day on which a holding was entered as impaired (sold out below cost without that: the day of the "
        "sale; without a loss on record before it: the day of the determination) to the day on which the authority's "
        "first determination was entered; none of a holding that is sound again. Days are the middle ones. Other cases "
        "stand under observation, tolerance, sandbox and exemption.",
    )
    columns = (Column(Text("案件", "cases")), *COURSE)
    title = Text("容错案件的办理", "exemption cases: opened, closed, days")
    return Table("exemption-course", title, columns, (row,) if told else (), _UNTOLD, note)


def _cases(view: View, found: Sequence[Exemption], *, told: bool) -> Table:
    last = view.period.end
    listed = [each for each in found if each.ended is None] + [
        each for each in found if each.ended is not None
    ]
    columns = (
        Column(Text("案件（项目）", "case (deal)")),
        Column(Text("开始日", "begun")),
        Column(Text("结束日", "ended")),
        Column(Text("历时（天）", "days"), 0),
        Column(Text("认定", "determined")),
        *(Column(name) for name in TESTS.values()),
    )
    rows = tuple(_case(each, last) for each in listed[:_LISTED])
    note = Text(
        f"在办的在前，历时最长的在先，至多列 {_LISTED} 件。三要件为统计时尽职免责材料的状况：有据的项数/应有的项数与"
        "所依据的记录数，逐项及文件见该项目的尽职免责材料；本系统不作认定。",
        f"Open ones first, the longest standing before the others, up to {_LISTED}. The three conditions as the "
        "dossier stood when counted: items with their evidence of those asked for, and the records behind them; the "
        "deal's dossier has them item by item with their documents. The system determines nothing.",
    )
    title = Text("容错三要件逐案", "the three statutory tests, case by case")
    return Table("exemption-cases", title, columns, rows, NONE if told else _UNTOLD, note)


def _case(each: Exemption, last: date) -> tuple[Value, ...]:
    return (
        f"deals/{each.deal}",
        each.begun.isoformat(),
        each.ended.isoformat() if each.ended else None,
        each.days(last),
        VERDICTS.get(each.verdict, _OPEN),
        *(_ticked(each.tests.get(test)) for test in TESTS),
    )


def _ticked(found: Condition | None) -> Text:
    """Whether a condition is documented, in full or with gaps."""
    if found is None:
        return _NOTHING
    mark = Text("齐备", "met") if found.met == found.items else Text("有缺项", "gaps")
    of, records = f"{found.met}/{found.items}", counted(found.records, "record")
    return Text(f"{mark.zh} {of}（{found.records} 份）", f"{mark.en} {of} ({records})")


def _middle(cases: Sequence[Exemption], last: date) -> int | None:
    return median_low([each.days(last) for each in cases]) if cases else None
