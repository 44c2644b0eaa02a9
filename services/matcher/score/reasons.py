"""Reasons in words for contributions and gates, in Chinese and English."""

from collections.abc import Callable
from dataclasses import dataclass

from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Availability, Stage
from services.matcher.domain.placement import place
from services.matcher.score.block import Pair
from services.matcher.score.terms import Term, TermEvidence


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reason may speak of: both items, the names of codes, the terms (None = not looked up), and its value."""

    pair: Pair
    codes: Codes
    terms: TermEvidence | None
    value: float


Reason = Callable[[Circumstances], Text]

_AVAILABILITY = {
    Availability.NOW: Text("随时可到岗", "available now"),
    Availability.HALF_YEAR: Text("半年内可到岗", "available within half a year"),
    Availability.FLEXIBLE: Text("可柔性或兼职", "part-time or flexible only"),
    Availability.SETTLED: Text("暂不流动", "not moving for now"),
}
_STAGE = {
    Stage.SEED: Text("种子期", "seed stage"),
    Stage.STARTUP: Text("初创期", "start-up stage"),
    Stage.EARLY_GROWTH: Text("成长早期", "early growth stage"),
    Stage.GROWTH: Text("成长期", "growth stage"),
}


def constant(_: Circumstances) -> Text:
    """Where every pair of the kind starts."""
    return Text("同类配对的起点", "where every pair of this kind starts")


def text(about: Circumstances) -> Text:
    """The shared terms, or why there are none."""
    if not (about.pair.anchor.text.strip() and about.pair.candidate.text.strip()):
        return Text("一方没有文本，不计", "one side has no text; not counted")
    if about.terms is None:
        return Text("两段文本的相似程度", "how similar the texts are")
    if not about.terms.matched:
        return Text("文本没有共同的术语", "the texts share no terms")
    zh = "、".join(term.text for term in about.terms.matched[:5])
    en = ", ".join(term.text for term in about.terms.matched[:5])
    missing_zh, missing_en = _missing(about.terms.missing)
    return Text(f"文本共同的术语：{zh}{missing_zh}", f"terms in both texts: {en}{missing_en}")


def placed(about: Circumstances) -> Text:
    """The words of the text that speak for the direction, or for which others."""
    if not about.pair.candidate.text.strip():
        return Text("没有文本，不计", "there is no text; not counted")
    leaf = about.codes.leaves[about.codes.leaf(about.pair.anchor.id)]
    shares = place(about.codes.wording, about.pair.candidate.text).shares
    own = [word for share in shares if share.code == leaf.code for word in share.words]
    near = [
        word
        for share in shares
        if about.codes.industry_of(share.code) == leaf.industry
        for word in share.words
    ]
    words = list(dict.fromkeys(own or near))[:5]
    zh, en = "、".join(words), ", ".join(words)
    if own:
        return Text(f"文中属于该方向的词：{zh}", f"words of the direction: {en}")
    if near:
        return Text(f"文中只有同产业的词：{zh}", f"only words of its industry: {en}")
    if shares:
        label = about.codes.label(shares[0].code)
        return Text(f"文中的词属于{label.zh}", f"its words belong to {label.en}")
    return Text("文中没有目录方向的词", "no word of any direction of the catalogue")


def directions(about: Circumstances) -> Text:
    """The declared leaves of both sides."""
    anchor, candidate = about.pair.anchor.leaves, about.pair.candidate.leaves
    if not (anchor and candidate):
        return Text("一方没有申报方向，不计", "one side declares no direction; not counted")
    shared = [code for code, _ in anchor if code in dict(candidate)]
    if shared:
        names = [about.codes.label(code) for code in shared]
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        return Text(f"申报方向一致：{zh}", f"both declare {en}")
    a, c = about.codes.label(_main(anchor)), about.codes.label(_main(candidate))
    return Text(f"申报方向为{a.zh}与{c.zh}", f"they declare {a.en} and {c.en}")


def city(about: Circumstances) -> Text:
    """Where the anchor is and where the candidate is or would go."""
    wanted, there = about.pair.anchor.city, about.pair.candidate.city
    if wanted is None or (there is None and not about.pair.candidate.mobility):
        return Text("城市未知，不计", "a city is not known; not counted")
    name = about.codes.label(wanted)
    if wanted == there:
        return Text(f"同在{name.zh}", f"both in {name.en}")
    if wanted in about.pair.candidate.mobility:
        return Text(f"愿意到{name.zh}", f"would move to {name.en}")
    return Text(f"不在{name.zh}，也未表示愿意前往", f"not in {name.en} and has not offered to move there")


def home_city(about: Circumstances) -> Text:
    """Whether the firm sits in the fund's own city."""
    place = about.pair.anchor.city
    if place is None or place != about.pair.candidate.city:
        return Text("不在基金所在城市，不计", "not in the fund's own city; not counted")
    name = about.codes.label(place)
    return Text(f"与基金同在{name.zh}", f"in {name.en} like the fund")


def category(about: Circumstances) -> Text:
    """The category asked for and the one had."""
    wanted, had = about.pair.anchor.category, about.pair.candidate.category
    if wanted is None or had is None:
        return Text("人才类别未知，不计", "a talent category is not known; not counted")
    w, h = about.codes.label(wanted), about.codes.label(had)
    if wanted == had:
        return Text(f"正是所需的{w.zh}", f"the category asked for: {w.en}")
    return Text(f"需要{w.zh}，其为{h.zh}", f"asked for {w.en}, is {h.en}")


def availability(about: Circumstances) -> Text:
    """How soon the candidate could come."""
    known = about.pair.candidate.availability
    return Text("流动意愿未知，不计", "availability is not known") if known is None else _AVAILABILITY[known]


def stage(about: Circumstances) -> Text:
    """The firm's stage."""
    known = about.pair.candidate.stage
    return (
        Text("发展阶段未知，不计", "the stage is not known; not counted") if known is None else _STAGE[known]
    )


def ticket(about: Circumstances) -> Text:
    """Whether the ticket asked for leaves room under the limit."""
    if about.value > 0:
        return Text("融资额不超过单笔上限的一半", "asks for at most half of the fund's largest ticket")
    return Text("融资额未知、无上限或接近上限，不计", "ask unknown, no limit, or near the limit; not counted")


REASONS: dict[str, Reason] = {
    reason.__name__: reason
    for reason in (constant, text, placed, directions, city, home_city, category, availability, stage, ticket)
}

GATE_REASONS: dict[str, tuple[Text, Text]] = {
    "open": (
        Text("双方均有效", "both take part"),
        Text("有一方已关闭或撤下", "one side is closed or withdrawn"),
    ),
    "consent": (
        Text("本人同意该用途", "the person allows this purpose"),
        Text("本人未同意该用途", "the person has not allowed this purpose"),
    ),
    "industry_scope": (
        Text("产业在投资范围内", "an industry of the mandate"),
        Text("产业不在投资范围内或未知", "no industry of the mandate, or none known"),
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
}


def _main(leaves: tuple[tuple[str, int], ...]) -> str:
    return max(leaves, key=lambda leaf: leaf[1])[0]


def _missing(terms: tuple[Term, ...]) -> tuple[str, str]:
    names = [term.text for term in terms[:3]]
    return (f"；未见：{'、'.join(names)}", f"; not found: {', '.join(names)}") if names else ("", "")
