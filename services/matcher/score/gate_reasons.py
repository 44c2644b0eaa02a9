"""Reasons in words for gates, in Chinese and English: of one that is passed, and of one that is shut.

Of one pair a reason says what was seen; of many anchors at once, which the rule is.
"""

from collections.abc import Callable, Mapping

from services.kernel.text import Text
from services.matcher.domain.item import Item, ItemKind
from services.matcher.score.circumstances import Circumstances
from services.matcher.score.fact_reasons import STAGE_WORDS
from services.wording.codes import ITEMS

GATE_REASONS: Mapping[str, tuple[Text, Text]] = {
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
_NO_DIRECTION = Text(
    "没有申报方向，看不出是否属于投资范围", "declares no direction, so nothing says that it is in scope"
)


def gate_reason(name: str, anchor: Item | None, *, passed: bool) -> Text:
    """The reason of a gate with an anchor and whomever; None where it is of many anchors."""
    if name == "lacks_somebody" and anchor is not None and not passed:
        return _COMPLETE if anchor.staff and anchor.staff.needs else _NO_NEED
    return GATE_REASONS[name][0 if passed else 1]


def pair_gate_reason(name: str, about: Circumstances, *, passed: bool) -> Text:
    """The reason of a gate of one pair: what was seen of it, or that nothing was there to be held against a limit."""
    seen = _SEEN[name](about, passed) if name in _SEEN else None
    return gate_reason(name, about.pair.anchor, passed=passed) if seen is None else seen


def _open(about: Circumstances, passed: bool) -> Text | None:
    shut = [side.kind for side in (about.pair.anchor, about.pair.candidate) if not side.open]
    if passed or len(shut) != 1:
        return None
    return Text(f"{ITEMS[shut[0]].zh}已关闭或撤下", f"the {shut[0]} is closed or withdrawn")


def _consent(about: Circumstances, passed: bool) -> Text | None:
    asked = [side.kind for side in (about.pair.anchor, about.pair.candidate) if side.kind in _ALLOWED]
    return _ALLOWED[asked[0]][0 if passed else 1] if len(asked) == 1 else None


_ALLOWED = {
    ItemKind.PERSON: (
        Text("本人同意该用途", "the person allows this purpose"),
        Text("本人未同意该用途", "the person has not allowed this purpose"),
    ),
    ItemKind.TEAM: (
        Text("团队全体成员同意该用途", "everybody in the team allows this purpose"),
        Text("团队成员中有人未同意该用途", "somebody in the team has not allowed this purpose"),
    ),
}


def _industry(about: Circumstances, passed: bool) -> Text | None:
    if passed:
        return None
    if not about.pair.candidate.leaves:
        return _NO_DIRECTION
    return Text("属于投资范围内产业的业务占比不足", "too little of it lies in the mandate's industries")


def _city(about: Circumstances, passed: bool) -> Text:
    known = about.pair.candidate.city
    if known is None:
        return Text("城市未知", "its city is not known")
    return _within(about.codes.label(known), passed)


def _stage(about: Circumstances, passed: bool) -> Text:
    known = about.pair.candidate.stage
    if known is None:
        return Text("发展阶段未知", "its stage is not known")
    name = STAGE_WORDS[known]
    return _within(Text(name.zh, f"the {name.en}"), passed)


def _within(name: Text, passed: bool) -> Text:
    return (
        Text(f"{name.zh}在投资范围内", f"{name.en} is in the mandate")
        if passed
        else Text(f"{name.zh}不在投资范围内", f"{name.en} is not in the mandate")
    )


def _valuation(about: Circumstances, passed: bool) -> Text | None:
    mandate = about.pair.anchor.mandate
    if mandate is None or mandate.valuation_below is None:
        return Text("投资范围没有估值上限", "the mandate has no limit of the valuation")
    if about.pair.candidate.valuation is None:
        return Text("未给出估值，没有核对上限", "no valuation is given: the limit was not checked")
    return Text("估值低于上限", "valuation below the limit") if passed else None


def _ticket(about: Circumstances, passed: bool) -> Text | None:
    mandate = about.pair.anchor.mandate
    if mandate is None or mandate.ticket_max is None:
        return Text("投资范围没有单笔上限", "the mandate has no limit of the ticket")
    if about.pair.candidate.ask is None:
        return Text("未给出融资额，没有核对上限", "no ticket is given: the limit was not checked")
    return Text("融资额不超过单笔上限", "ticket within the limit") if passed else None


_SEEN: Mapping[str, Callable[[Circumstances, bool], Text | None]] = {
    "open": _open,
    "consent": _consent,
    "industry_scope": _industry,
    "city_scope": _city,
    "stage_scope": _stage,
    "valuation_limit": _valuation,
    "ticket_limit": _ticket,
}
