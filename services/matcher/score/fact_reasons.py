"""Reasons in words for what is known beside texts and directions: place, category, availability, stage, amounts.

A fact that is not counted says why: which side does not tell it, or that it sets no limit.
"""

from services.kernel.text import Text
from services.matcher.domain.item import Availability, Item, Stage
from services.matcher.score.circumstances import Circumstances
from services.wording.codes import ITEMS

_AVAILABILITY = {
    Availability.NOW: Text("随时可到岗", "available now"),
    Availability.HALF_YEAR: Text("半年内可到岗", "available within half a year"),
    Availability.FLEXIBLE: Text("可柔性或兼职", "part-time or flexible only"),
    Availability.SETTLED: Text("暂不流动", "not moving for now"),
}
STAGE_WORDS = {
    Stage.SEED: Text("种子期", "seed stage"),
    Stage.STARTUP: Text("初创期", "start-up stage"),
    Stage.EARLY_GROWTH: Text("成长早期", "early growth stage"),
    Stage.GROWTH: Text("成长期", "growth stage"),
}


def city(about: Circumstances) -> Text:
    """Where the anchor is and where the candidate is or would go."""
    anchor, candidate = about.pair.anchor, about.pair.candidate
    if anchor.city is None:
        return _not_known(anchor, Text("城市", "city"))
    if candidate.city is None and not candidate.mobility:
        return _not_known(candidate, Text("城市", "city"))
    name = about.codes.label(anchor.city)
    if anchor.city == candidate.city:
        return Text(f"同在{name.zh}", f"both in {name.en}")
    if anchor.city in candidate.mobility:
        return Text(f"愿意到{name.zh}", f"would move to {name.en}")
    return Text(f"不在{name.zh}，也未表示愿意前往", f"not in {name.en} and has not offered to move there")


def home_city(about: Circumstances) -> Text:
    """Whether the firm sits in the fund's own city."""
    anchor, candidate = about.pair.anchor, about.pair.candidate
    for side in (anchor, candidate):
        if side.city is None:
            return _not_known(side, Text("城市", "city"))
    name = about.codes.label(anchor.city or "")
    if anchor.city != candidate.city:
        return Text(f"不在基金所在的{name.zh}，不计", f"not in {name.en}, the fund's own city; not counted")
    return Text(f"与基金同在{name.zh}", f"in {name.en} like the fund")


def category(about: Circumstances) -> Text:
    """The category asked for and the one had; of two of a sort, of whom neither asks, what both are."""
    anchor, candidate = about.pair.anchor, about.pair.candidate
    for side in (anchor, candidate):
        if side.category is None:
            return _not_known(side, Text("人才类别", "talent category"))
    w, h = (about.codes.label(side.category or "") for side in (anchor, candidate))
    same = anchor.category == candidate.category
    if anchor.kind is candidate.kind:
        return (
            Text(f"同为{w.zh}", f"both are {w.en}")
            if same
            else Text(f"人才类别不同：{w.zh}与{h.zh}", f"the talent categories differ: {w.en} and {h.en}")
        )
    if same:
        return Text(f"正是所需的{w.zh}", f"the category asked for: {w.en}")
    return Text(f"需要{w.zh}，其为{h.zh}", f"asked for {w.en}, is {h.en}")


def availability(about: Circumstances) -> Text:
    """How soon the candidate could come."""
    known = about.pair.candidate.availability
    return (
        Text("流动意愿未知，不计", "availability is not known; not counted")
        if known is None
        else _AVAILABILITY[known]
    )


def founder(about: Circumstances) -> Text:
    """The category of who would found the firm."""
    return _role(about, Text("作为创始人", "as a founder"))


def technical_lead(about: Circumstances) -> Text:
    """The category of who would lead its technology."""
    return _role(about, Text("作为技术负责人", "as the technical lead"))


def adviser(about: Circumstances) -> Text:
    """The category of who would advise it."""
    return _role(about, Text("作为顾问", "as an adviser"))


def _role(about: Circumstances, role: Text) -> Text:
    had = about.pair.candidate.category
    if had is None:
        return Text(
            f"{role.zh}：人才类别未知，不计", f"{role.en}: the talent category is not known; not counted"
        )
    name = about.codes.label(had)
    return Text(f"{role.zh}：其为{name.zh}", f"{role.en}: they are {name.en}")


def stage(about: Circumstances) -> Text:
    """The firm's stage."""
    known = about.pair.candidate.stage
    return (
        Text("发展阶段未知，不计", "the stage is not known; not counted")
        if known is None
        else STAGE_WORDS[known]
    )


def same_stage(about: Circumstances) -> Text:
    """Whether both firms have come as far."""
    one, other = about.pair.anchor.stage, about.pair.candidate.stage
    if one is None or other is None:
        return Text("一方的发展阶段未知，不计", "the stage of one of the two is not known; not counted")
    a, c = STAGE_WORDS[one], STAGE_WORDS[other]
    if one is not other:
        return Text(
            f"发展阶段不同：{a.zh}与{c.zh}，不计", f"the stages differ: {a.en} and {c.en}; not counted"
        )
    return Text(f"同为{a.zh}", f"both at the {a.en}")


def ticket(about: Circumstances) -> Text:
    """Whether the ticket asked for leaves room under the limit."""
    mandate, ask = about.pair.anchor.mandate, about.pair.candidate.ask
    if ask is None:
        return Text("未给出融资额，不计", "no ticket is given; not counted")
    if mandate is None or mandate.ticket_max is None:
        return Text("基金没有单笔上限，不计", "the fund has no largest ticket; not counted")
    if about.value > 0:
        return Text("融资额不超过单笔上限的一半", "asks for at most half of the fund's largest ticket")
    return Text(
        "融资额超过单笔上限的一半，不计", "asks for more than half of the fund's largest ticket; not counted"
    )


def _not_known(side: Item, what: Text) -> Text:
    return Text(
        f"{ITEMS[side.kind].zh}的{what.zh}未知，不计",
        f"the {side.kind}'s {what.en} is not known; not counted",
    )
