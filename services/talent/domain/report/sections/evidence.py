"""佐证: what stands behind the goals, record by record, and why other records do not count. Internal edition only."""

from collections.abc import Iterator

from services.kernel.text import Text
from services.paper.document import Column, Table, Value
from services.talent.domain.report.facts import GoalFacts
from services.talent.domain.report.registered import Proof
from services.talent.domain.report.view import View

GOAL = Column(Text("目标", "goal"))
_NONE = Text("没有计入的佐证。", "No record counts.")


def brief(goal: GoalFacts) -> Text:
    """A goal by what it counts: its own words are long, and stand in full beside the counting rule."""
    return goal.counts or goal.text


def evidence(view: View) -> tuple[Table, ...]:
    """Both tables; none of facts that do not have them."""
    told = [goal.progress.proven for goal in view.facts.goals if goal.progress and goal.progress.proven]
    return (_listed(view), _uncounted(view)) if told else ()


def _listed(view: View) -> Table:
    columns = (
        GOAL,
        Column(Text("计数截至", "counted to")),
        Column(Text("佐证", "record")),
        Column(Text("来源编号", "source number")),
        Column(Text("设区市", "city")),
        Column(Text("启用/到岗/批准日", "opened, in post or approved")),
        Column(Text("文件", "document")),
        Column(Text("确认部门", "confirmed by")),
    )
    note = Text(
        "佐证台账中由另一人确认、按计数规则计入的记录，每项目标至多列最近的 20 条，其余见台账。"
        "人才的姓名与文件只保存在人才库"
        "与台账，此处只列来源编号。",
        "Records of the register of evidence that a second person has confirmed and that count by the rule, up to "
        "the 20 newest of each goal; the register has the rest. Names and documents of talents stay in the library "
        "and the register: here is the source number.",
    )
    title = Text("佐证明细", "evidence, record by record")
    return Table("goals-evidence", title, columns, tuple(_rows(view)), _NONE, note)


def _rows(view: View) -> Iterator[tuple[Value, ...]]:
    for goal in view.facts.goals:
        proven = goal.progress.proven if goal.progress else None
        for proof in proven.newest if proven else ():
            yield brief(goal), proven.until.isoformat() if proven else None, *_proof(view, proof)
    for milestone in view.facts.milestones:
        for proof in milestone.proofs or ():
            yield milestone.text, view.period.end.isoformat(), *_proof(view, proof)


def _proof(view: View, proof: Proof) -> tuple[Value, ...]:
    began = proof.opened.isoformat() if proof.opened else None
    return proof.what, proof.ref, view.facts.name(proof.city), began, proof.document, proof.department


def _uncounted(view: View) -> Table:
    rows = [
        (brief(goal), why, count)
        for goal in view.facts.goals
        if goal.progress and goal.progress.proven
        for why, count in goal.progress.proven.others
    ]
    columns = (GOAL, Column(Text("不计的原因", "why not")), Column(Text("条数", "records"), 0))
    title, empty = Text("未计入的记录", "records that do not count"), Text("没有。", "None.")
    return Table("goals-uncounted", title, columns, tuple(rows), empty)
