"""治理: 容错 cases with the three statutory tests, waivers and declarations."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.report.registered import Instrument
from services.talent.domain.report.returns import Reported
from services.talent.domain.report.sections.reported import COUNT, NONE, reported_section
from services.talent.domain.report.view import View
from services.wording.checks import WAIVABLE

_TITLE = Text("治理", "Governance")
_VERDICTS = {
    "EXEMPT": Text("免责", "exempt"),
    "MITIGATED": Text("减轻", "mitigated"),
    "NOT_EXEMPT": Text("不予免责", "not exempt"),
}
_TESTS = {
    "DUE_DILIGENCE": Text("尽职调查", "due diligence"),
    "PROCEDURE": Text("程序合规", "procedure"),
    "NO_PRIVATE_GAIN": Text("未谋私利", "no private gain"),
}
_WITHHELD = Text(
    "观察期、包容期和沙盒监管的案例登记在佐证台账，属内部资料，不在公开版中。",
    "Cases of observation, tolerance and sandbox are in the register of evidence, internal and not part of the "
    "public edition.",
)
_WHAT = Column(Text("事项", "matter"))


def governance(view: View, said: Reported) -> Section:
    """The section: what the funding service reported, and cases of supervision from the register of evidence, of
    which a public edition says only where they are.
    """
    made = reported_section("governance", _TITLE, said, (_verdicts(said), _tests(said), _other(said)))
    inner = view.facts.inner.registered if view.facts.inner else None
    if inner is not None and not view.early:
        return replace(made, tables=(*made.tables, _instruments(inner.instruments)))
    if view.public and not view.early:
        leads = *(lead for _, lead in made.led), ""
        return replace(made, paragraphs=(*made.paragraphs, _WITHHELD), leads=leads)
    return made


def _instruments(found: tuple[Instrument, ...]) -> Table:
    columns = (
        Column(Text("监管方式", "form of supervision")),
        Column(Text("本期开始", "begun"), 0),
        Column(Text("本期结束", "ended"), 0),
        Column(Text("期末在办", "open at the end"), 0),
        Column(Text("已结束的历时（天）", "days, of those ended"), 0),
        Column(Text("在办的已历时（天）", "days so far, of those open"), 0),
    )
    rows = tuple((e.name, e.begun, e.ended, e.standing, e.lasted, e.running) for e in found)
    note = Text(
        "佐证台账中已确认的治理案例，按启用日（未填写的按批准日）与关闭日计，天数取中位数。没有案例的只列观察期、包容期和"
        "沙盒监管；未登记的案例不在此列。",
        "Confirmed governance cases of the register of evidence, by the day of their start (without one, of "
        "approval) and of their end; days are the middle ones. Of forms without a case only observation, tolerance "
        "and sandbox are listed; cases that nobody has entered are not told.",
    )
    title = Text("观察期、包容期与沙盒", "observation, tolerance and sandbox")
    return Table("instruments", title, columns, rows, NONE, note)


def _verdicts(said: Reported) -> Table:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (name, said.value("determined", verdict)) for verdict, name in _VERDICTS.items()
    )
    note = _DETERMINED_EARLY if said.early else _DETERMINED
    columns = (Column(Text("容错认定", "determination")), COUNT)
    return Table("determinations", Text("容错认定", "determinations"), columns, rows, NONE, note)


_DETERMINED = Text(
    "按认定登记的季度计；认定由主管部门作出，本系统只汇集材料。",
    "By the quarter in which the determination was entered; the competent authority determines, the system assembles.",
)
_DETERMINED_EARLY = Text(
    "按认定登记的季度计；认定由主管部门作出，本系统只汇集材料。观察期、包容期和沙盒监管没有登记在本系统，不在此列。",
    "By the quarter in which the determination was entered; the competent authority determines, the system "
    "assembles. Observation periods, tolerance periods and sandboxes are not registered here and not listed.",
)


def _tests(said: Reported) -> Table:
    columns = (
        Column(Text("三要件", "statutory test")),
        Column(Text("材料齐备", "documented"), 0),
        Column(Text("有缺项", "with gaps"), 0),
    )
    rows = tuple(
        (name, said.value("tests_met", test), said.value("tests_open", test)) for test, name in _TESTS.items()
    )
    note = Text(
        "本期认定的案件，其尽职免责材料逐项有据的计为齐备。",
        "Of the cases determined: documented where every item of the dossier has its evidence.",
    )
    return Table(
        "statutory-tests", Text("容错三要件", "the three statutory tests"), columns, rows, NONE, note
    )


def _other(said: Reported) -> Table:
    rows: list[tuple[Value, ...]] = [
        (Text("利益申报", "declarations of interest"), said.value("declared")),
        (Text("其中申报有利益关系", "of these with an interest"), said.value("declared", "INTEREST")),
    ]
    rows += [
        (Text(f"豁免检查项：{name.zh}", f"waivers: {name.en}"), said.value("waived", code))
        for code in said.kinds("waived")
        for name in (WAIVABLE.get(code, Text(code, code)),)
    ]
    title = Text("申报与豁免", "declarations and waivers")
    return Table("declarations", title, (_WHAT, COUNT), tuple(rows), NONE)
