"""Reasons in words for gates, in Chinese and English: of one that is passed, and of one that is shut."""

from services.kernel.text import Text
from services.matcher.domain.item import Item

GATE_REASONS: dict[str, tuple[Text, Text]] = {
    "open": (
        Text("双方均有效", "both take part"),
        Text("有一方已关闭或撤下", "one side is closed or withdrawn"),
    ),
    "consent": (
        Text("本人（团队全体成员）同意该用途", "everybody concerned allows this purpose"),
        Text("本人或团队成员未同意该用途", "somebody concerned has not allowed this purpose"),
    ),
    "industry_scope": (
        Text("属于投资范围内产业的业务占比足够", "enough of it lies in the mandate's industries"),
        Text(
            "属于投资范围内产业的业务占比不足或未知",
            "too little of it lies in the mandate's industries, or none is known",
        ),
    ),
    "city_scope": (
        Text("城市在投资范围内", "a city of the mandate"),
        Text("城市不在投资范围内或未知", "not a city of the mandate, or not known"),
    ),
    "stage_scope": (
        Text("阶段在投资范围内", "a stage of the mandate"),
        Text("阶段不在投资范围内或未知", "not a stage of the mandate, or not known"),
    ),
    "valuation_limit": (
        Text("估值低于上限或未知", "valuation below the limit, or not known"),
        Text("估值达到或超过上限", "valuation at or over the limit"),
    ),
    "ticket_limit": (
        Text("融资额不超过单笔上限或未知", "ticket within the limit, or not known"),
        Text("融资额超过单笔上限", "ticket over the limit"),
    ),
    "not_a_member": (
        Text("不是该团队成员", "not in the team"),
        Text("已是该团队成员，或即将加入", "in the team already, or about to come"),
    ),
    "lacks_somebody": (
        Text("团队有缺口", "the team lacks somebody"),
        Text(
            "没有哪个团队有缺口：都没有登记需要的方向与人数，或所需均已具备",
            "no team lacks anybody: each has told of no need or has everybody it needs",
        ),
    ),
}
_NO_NEED = Text("团队没有登记需要的方向与人数，没有缺口", "the team has told of no need: it lacks nobody")
_COMPLETE = Text("团队所需均已具备，没有缺口", "the team has everybody it needs: it lacks nobody")


def gate_reason(name: str, anchor: Item | None, *, passed: bool) -> Text:
    """The reason of a gate with an anchor; None where it is of many anchors."""
    if name == "lacks_somebody" and anchor is not None and not passed:
        return _COMPLETE if anchor.staff and anchor.staff.needs else _NO_NEED
    return GATE_REASONS[name][0 if passed else 1]
