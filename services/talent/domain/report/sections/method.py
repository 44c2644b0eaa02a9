"""方法说明: every number that shaped the report, and every version that made it."""

from collections.abc import Iterator

from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.talent.domain.report.returns import Source
from services.talent.domain.report.sections.reported import DISCLOSED
from services.talent.domain.report.view import View


def method(view: View, version: str) -> Section:
    """The section; `version` is that of the composition."""
    facts = view.facts
    parts = (facts.release_note,) if view.early or not facts.release_parts else facts.release_parts
    rules = () if view.early or not view.public else (DISCLOSED,)
    counting = () if view.early else (facts.counting,)
    notes = (*parts, *rules, *counting, facts.goals_note, view.composition.note)
    said = tuple(note for note in notes if note.zh)
    columns = (Column(Text("版本", "version of")), Column(Text("值", "value")))
    rows = (
        (Text("指数方法", "method of the index"), facts.release.method),
        (Text("披露规则", "rules of disclosure"), facts.release.disclosure),
        (Text("产业目录", "catalogue"), facts.release.catalogue),
        (Text("报告编制", "composition"), version),
        *(() if view.early else _of_returns(view)),
    )
    table = Table("versions", Text("版本", "versions"), columns, rows, Text("无", "none"))
    return Section("method", Text("方法说明", "Method"), said, tables=(table,))


def _of_returns(view: View) -> Iterator[tuple[Text, str]]:
    """By which methods other services counted."""
    told = view.facts.returns.told if view.facts.returns else ()
    for source in (Source.FUNDING, Source.MATCHER):
        if methods := sorted({each.method for each in told if each.source is source}):
            name = source.label
            yield Text(f"{name.zh}的统计", f"returns of {name.en}"), ", ".join(methods)
