"""The records because of which an import is not taken back (不能撤销的记录), each by its name with its page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from services.chassis.rpc.failures import Failure
from services.console.pages.called import Called, called
from services.console.web.visits import Visit
from services.kernel.text import Text

_CHANGED_SINCE = "IMPORT_CHANGED_SINCE"


@dataclass(frozen=True, slots=True)
class Kept:
    """A record that an undo would have to leave as it is, and why."""

    of: Called
    why: Text


def kept_by(visit: Visit, problem: Failure | None) -> tuple[Failure | None, Sequence[Kept]]:
    """The failure as the page says it, and the records that it names, on lines of their own; none of any other."""
    if problem is None or problem.reason != _CHANGED_SINCE:
        return problem, ()
    names = called(visit, [each.field for each in problem.violations], visit.purpose)
    kept = [Kept(names[each.field], each.text) for each in problem.violations]
    count = problem.metadata.get("kept", str(len(kept)))
    said = Text(
        f"没有撤销任何内容：有 {count} 条记录导入后有变更、在用或已合并。"
        "请逐条处理后再撤销，或勾选下面一项，让它们保持不变、只撤销其余的。",
        f"Nothing was undone: {count} records were changed since, are in use or are merged. See to them and undo "
        "again, or tick the box below to leave them as they are and undo the others.",
    )
    return replace(problem, text=said, violations=()), kept
