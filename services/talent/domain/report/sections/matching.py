"""对接成效: how far the proposals of the period have come, and what spoke for them."""

from services.kernel.text import Text
from services.paper.document import Column, Section, Table, Value
from services.talent.domain.report.returns import Reported, share
from services.talent.domain.report.sections.reported import COUNT, NONE, reported_section
from services.talent.domain.report.view import View

_TITLE = Text("对接成效", "What became of matches")
_STAGES = {
    "proposed": Text("推荐", "proposed"),
    "viewed": Text("已看", "viewed"),
    "accepted": Text("接受", "accepted"),
    "contacted": Text("联系", "contacted"),
    "done": Text("达成", "done"),
    "rejected": Text("拒绝", "refused"),
    "withdrawn": Text("撤回", "withdrawn"),
}
_EVERY = Text("合计", "all")


def matching(view: View, said: Reported) -> Section:
    """The section."""
    return reported_section(
        "matching", _TITLE, said, (_funnel(view, said), _reasons(view, said), _refusals(view, said))
    )


def _funnel(view: View, said: Reported) -> Table:
    kinds = said.kinds(*_STAGES)
    columns = (
        Column(Text("配对种类", "kind of pair")),
        *(Column(title, 0) for title in _STAGES.values()),
        Column(Text("达成率", "share done"), 0, percent=True),
    )
    rows: list[tuple[Value, ...]] = [
        (
            view.facts.name(f"kind/{kind}"),
            *(said.value(stage, kind) for stage in _STAGES),
            said.share("done", kind, "proposed", kind),
        )
        for kind in kinds
    ]
    if rows:
        totals = {stage: said.total(stage, kinds) for stage in _STAGES}
        rows.append((_EVERY, *totals.values(), share(totals["done"], totals["proposed"])))
    note = Text(
        "按推荐提出的季度计；各列为统计时已经走到过的环节，晚提出的还会继续。达成即已录用或已投资；"
        "一年后是否仍在岗不由推荐登记，见“人才工程的留任”。",
        "By the quarter in which a pair was put forward; a column counts those that had come so far when it was "
        "counted, and late ones go on. Done means hired or invested; whether somebody is still there after a year is "
        "not entered with proposals (see what programmes kept).",
    )
    return Table(
        "match-funnel", Text("推荐的进展", "how far proposals came"), columns, tuple(rows), NONE, note
    )


def _reasons(view: View, said: Reported) -> Table:
    columns = (
        Column(Text("主要理由", "what spoke for it most")),
        Column(_STAGES["proposed"], 0),
        Column(_STAGES["accepted"], 0),
        Column(_STAGES["done"], 0),
        Column(Text("接受率", "share accepted"), 0, percent=True),
    )
    rows = tuple(
        (
            view.facts.name(f"part/{part}"),
            *(said.value(f"reason_{stage}", part) for stage in ("proposed", "accepted", "done")),
            said.share("reason_accepted", part, "reason_proposed", part),
        )
        for part in said.kinds("reason_proposed")
    )
    note = Text(
        "主要理由：得分中贡献最大的一项（提出时）。",
        "The part of the score that spoke for the pair most when it was put forward.",
    )
    return Table("match-reasons", Text("按解释类型", "by explanation"), columns, rows, NONE, note)


def _refusals(view: View, said: Reported) -> Table:
    rows = tuple(
        (view.facts.name(f"refusal/{reason}"), said.value("refused", reason))
        for reason in said.kinds("refused")
    )
    columns = (Column(Text("拒绝的理由", "why refused")), COUNT)
    return Table("match-refusals", Text("拒绝的理由", "why proposals were refused"), columns, rows, NONE)
