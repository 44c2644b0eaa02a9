"""治理: 容错 cases with the three statutory tests, waivers and declarations."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.report.registered import Instrument
from services.talent.domain.report.returns import Reported
from services.talent.domain.report.sections.exempting import COURSE, TESTS, VERDICTS, exempting
from services.talent.domain.report.sections.reported import COUNT, NONE, reported_section
from services.talent.domain.report.view import View
from services.wording.checks import WAIVABLE

_TITLE = Text("治理", "Governance")
_WITHHELD = Text(
    "容错案件的起止、天数与逐案的三要件，以及佐证台账中观察期、包容期、沙盒监管与容错的案例，属内部资料，不在公开版中。",
    "When exemption cases began and ended, how long they took, and the three tests case by case are internal and not "
    "part of the public edition, and so are the cases of observation, tolerance, sandbox and exemption in the register "
    "of evidence.",
)
_WHAT = Column(Text("事项", "matter"))


def governance(view: View, said: Reported) -> Section:
    """The section: what the funding service reported, and cases of supervision from the register of evidence, of
    which a public edition says only where they are.
    """
    made = reported_section("governance", _TITLE, said, (_verdicts(said), _tests(said), _other(said)))
    inner = view.facts.inner.registered if view.facts.inner else None
    if inner is not None and not view.early:
        further = *exempting(view, said), _instruments(inner.instruments)
        return replace(made, tables=(*made.tables, *further))
    if view.public and not view.early:
        leads = *(lead for _, lead in made.led), ""
        return replace(made, paragraphs=(*made.paragraphs, _WITHHELD), leads=leads)
    return made


def _instruments(found: tuple[Instrument, ...]) -> Table:
    columns = (
        Column(Text("监管方式", "form of supervision")),
        *COURSE,
    )
    rows = tuple((e.name, e.begun, e.ended, e.standing, e.lasted, e.running) for e in found)
    note = Text(
        "佐证台账中已确认的治理案例，按启用日（未填写的按批准日）与关闭日计，天数取中位数。没有案例的只列观察期、包容期、"
        "沙盒监管和容错机制；未登记的案例不在此列。",
        "Confirmed governance cases of the register of evidence, by the day of their start (without one, of "
        "approval) and of their end; days are the middle ones. Of forms without a case only observation, "
        "tolerance, sandbox and exemption are listed; cases that nobody has entered are not told.",
    )
    title = Text("观察期、包容期、沙盒与容错", "observation, tolerance, sandbox and exemption")
    return Table("instruments", title, columns, rows, NONE, note)


def _verdicts(said: Reported) -> Table:
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (name, said.value("determined", verdict)) for verdict, name in VERDICTS.items()
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
        (name, said.value("tests_met", test), said.value("tests_open", test)) for test, name in TESTS.items()
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
