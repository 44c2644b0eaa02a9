"""Who did what to a release or a report, and what the caller may do next: the same words for both."""

from collections.abc import Iterable
from typing import Any

from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.text import Text
from services.wording.reports import ACTIONS

_STEPS = (
    Column("action", Text("步骤", "step")),
    Column("actor", Text("经办", "by")),
    Column("time", Text("时间", "time")),
    Column("remark", Text("意见", "remark"), wraps=True),
)

_DONE = {
    "STATE_SIGNED": Text(
        "已签发，不再改动；更正须另行起草",
        "signed: it does not change any more; a correction is a further draft",
    ),
    "STATE_REJECTED": Text(
        "已退回，留存备查；须另行起草", "turned down: it stays on record as it is; a new draft is needed"
    ),
}


def show_steps(session: Session, of: Any, said: Iterable[Text] = ()) -> None:
    """The steps in a table; above it what is said first, and each step that may come next, with why not."""
    rows = [
        {
            "action": _action(each).to(session.language),
            "actor": each.actor,
            "time": wording.minute(each.time),
            "remark": each.remark,
        }
        for each in of.steps
    ]
    above = [*said, *_next(of)]
    session.output.rows(Text("经办", "steps"), _STEPS, rows, above=above)


def _next(of: Any) -> Iterable[Text]:
    """What can be done; of one that is done with, what to do instead."""
    enum = of.DESCRIPTOR.fields_by_name["state"].enum_type
    done = _DONE.get(enum.values_by_number[of.state].name)
    return [done] if done else map(_option, of.options)


def _option(option: Any) -> Text:
    name = _action(option)
    if not option.HasField("reason"):
        return Text(f"可以{name.zh}", f"you can {name.en}")
    return Text(f"不能{name.zh}：{option.reason.zh}", f"you cannot {name.en}: {option.reason.en}")


def _action(of: Any) -> Text:
    enum = of.DESCRIPTOR.fields_by_name["action"].enum_type
    return ACTIONS[enum.values_by_number[of.action].name.removeprefix("ACTION_")]
