"""Reasons in words for contributions, in Chinese and English: of texts and directions here, of the rest beside."""

from services.catalogue.succession import WHOLE, Shares
from services.kernel.text import Text, counted, in_per_cent
from services.matcher.score.circumstances import Circumstances, Reason
from services.matcher.score.fact_reasons import (
    adviser,
    availability,
    category,
    city,
    founder,
    home_city,
    same_stage,
    stage,
    technical_lead,
    ticket,
)
from services.matcher.score.features import TEXT_GAIN, WHOLLY_KNOWN
from services.matcher.score.text_words import (
    Counted,
    doubt_of,
    words_for,
    words_for_directions,
    words_that_count,
)

_NO_DIRECTION = Text("对方没有申报方向，不计", "the other side declares no direction; not counted")
_OF_NO_DIRECTION = Text("所给文字不属于任何方向，不计", "the text given is of no direction; not counted")
_ALIKE = Text("两段文本有相同的用词", "the two texts have words in common")
_UNLIKE = Text("两段文本用词少有相同", "the two texts have few words in common")
_BY_MEANING = Text(
    "文本没有共同的术语，但意思相近", "no terms are shared, but the texts are alike in meaning"
)
_SOME_ALIKE = Text("两段文本有零星的字词相同", "the two texts share a few words, or parts of words")
_HALF_OF_IT = 0.5
"""Of a text of which less is known, the reasons say so."""
_NAMED = 3
"""Directions that are named of several in equal parts."""
_SCATTERED = Text("文本没有共同的术语，只有零散的字词相同", "no terms are shared, only scattered characters")


def constant(_: Circumstances) -> Text:
    """Where every pair of the kind starts."""
    return Text("同类配对的起点", "where every pair of this kind starts")


def text(about: Circumstances) -> Text:
    """How many terms the texts share, or why none. The terms themselves are words of a person, shown elsewhere."""
    if not (about.pair.anchor.text.strip() and about.pair.candidate.text.strip()):
        return Text("一方没有文本，不计", "one side has no text; not counted")
    told, known = _compared(about), _as_far_as_known(about.known)
    return Text(f"{told.zh}{known.zh}", f"{told.en}{known.en}")


def _as_far_as_known(known: float) -> Text:
    """That what is not compared counts for nothing, where it is more than half."""
    if known >= _HALF_OF_IT:
        return Text("", "")
    share = "<1%" if known < 0.01 else f"{known:.0%}"
    return Text(
        f"；所给文字的用词只有{share}见于库中，其余不加分也不减分",
        f"; only {share} of the words of the text given occur in the library, the rest counts neither for nor against",
    )


def _compared(about: Circumstances) -> Text:
    """What two texts have in common."""
    if about.terms is None:
        if about.value <= 0:
            return _UNLIKE
        lifted = TEXT_GAIN * WHOLLY_KNOWN * (1.0 - about.known)
        return _ALIKE if about.value > lifted else _SOME_ALIKE
    if not about.terms.matched:
        if about.value <= 0:
            return Text("文本没有共同的术语", "the texts share no terms")
        return _BY_MEANING if about.terms.by_meaning else _SCATTERED
    same, lacking = len(about.terms.matched), len(about.terms.missing)
    if not lacking:
        return Text(
            f"文本有{same}个共同的术语，对方要求的都已见到",
            f"the texts share {counted(same, 'term')}; none of the other side's is missing",
        )
    return Text(
        f"文本有{same}个共同的术语，对方要求中有{lacking}个未见",
        f"the texts share {counted(same, 'term')}; {lacking} of the other side's "
        f"{'is' if lacking == 1 else 'are'} not found",
    )


def placed(about: Circumstances) -> Text:
    """The words of the text that speak for the anchor's directions, or for which others."""
    anchor, candidate = about.pair.anchor, about.pair.candidate
    if not candidate.text.strip():
        return Text("没有文本，不计", "there is no text; not counted")
    if not anchor.leaves:
        return _OF_NO_DIRECTION if anchor.given else _NO_DIRECTION
    own, near, elsewhere = words_for_directions(about)
    if own:
        return Text(f"文中属于该方向的词：{'、'.join(own)}", f"words of the direction: {', '.join(own)}")
    if near:
        return Text(
            f"文中只有同产业的词：{'、'.join(near)}", f"only words of its industry: {', '.join(near)}"
        )
    if elsewhere is not None:
        return Text(f"文中的词属于{elsewhere.zh}", f"its words belong to {elsewhere.en}")
    return Text("文中没有目录方向的词", "no word of any direction of the catalogue")


def directions(about: Circumstances) -> Text:
    """The declared leaves of both sides."""
    anchor, candidate = about.pair.anchor.leaves, about.pair.candidate.leaves
    if not anchor:
        return _OF_NO_DIRECTION if about.pair.anchor.given else _NO_DIRECTION
    if not candidate:
        return Text("没有申报方向，不计", "declares no direction; not counted")
    shared = [code for code, _ in anchor if code in dict(candidate)]
    if shared:
        names = [about.codes.label(code) for code in shared]
        zh, en = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
        doubt = doubt_of(words_for_directions(about))
        if about.pair.anchor.given:
            return Text(
                f"申报的方向与所给文字一致：{zh}{doubt.zh}", f"declares that of the text: {en}{doubt.en}"
            )
        return Text(f"申报方向一致：{zh}{doubt.zh}", f"both declare {en}{doubt.en}")
    a, c = _main(about, anchor), _main(about, candidate)
    both = _industries(about, anchor) & _industries(about, candidate)
    if both:
        within = about.codes.label(min(both))
        return Text(
            f"同属{within.zh}，方向不同：一方为{a.zh}，一方申报{c.zh}",
            f"both in {within.en}, of different directions: {a.en}, and {c.en} is declared",
        )
    if about.pair.anchor.given:
        return Text(f"所给文字属于{a.zh}，申报方向为{c.zh}", f"the text is of {a.en}, and {c.en} is declared")
    return Text(f"对方的方向为{a.zh}，其申报{c.zh}", f"the other side is of {a.en}; {c.en} is declared")


def _industries(about: Circumstances, leaves: Shares) -> set[str]:
    return {about.codes.industry_of(code) for code, _ in leaves}


def gap_words(about: Circumstances) -> Text:
    """The words of the text that speak for one of the directions that the team lacks, the one that counts, or for which
    others.
    """
    if not _lacking(about):
        return _LACKS_NOBODY
    best = words_that_count(about, (code for code, amount in _lacking(about) if amount > 0))
    if best is None:
        return placed(about)
    own, near, _ = best.words
    name, rest = about.codes.label(best.leaf), _beside(best)
    if own:
        return Text(
            f"文中属于所缺的{name.zh}的词：{'、'.join(own)}{rest.zh}",
            f"words of {name.en}, which it lacks: {', '.join(own)}{rest.en}",
        )
    return Text(
        f"文中只有与所缺的{name.zh}同产业的词：{'、'.join(near)}{rest.zh}",
        f"only words of the industry of {name.en}, which it lacks: {', '.join(near)}{rest.en}",
    )


def _beside(best: Counted) -> Text:
    """That words of another direction add nothing beside those that count."""
    other = best.beside
    if other is None:
        return Text("", "")
    return Text(
        f"；另有{other.zh}的词，只计最符合的一个方向",
        f"; there are words of {other.en} too, but only the direction that fits best counts",
    )


def fills(about: Circumstances) -> Text:
    """What the team lacks of what the candidate declares, with heads."""
    declared = dict(about.pair.candidate.leaves)
    if not _lacking(about):
        return _LACKS_NOBODY
    if not declared:
        return Text("没有申报方向，不计", "declares no direction; not counted")
    told = [
        _heads(about, code, min(amount, declared[code]), amount)
        for code, amount in _lacking(about)
        if declared.get(code)
    ]
    if not told:
        return Text("申报的方向都不是团队所缺的", "declares none of the directions that the team lacks")
    return Text(
        f"可补团队所缺：{'、'.join(each.zh for each in told)}",
        f"would fill what the team lacks: {', '.join(each.en for each in told)}",
    )


_LACKS_NOBODY = Text("团队没有缺口，不计", "the team lacks nobody; not counted")


def _lacking(about: Circumstances) -> Shares:
    team = about.pair.anchor.staff
    return (team and team.lacking) or ()


def _heads(about: Circumstances, code: str, filled: int, lacking: int) -> Text:
    """Thousandths of heads as people write them, with what the text says against it."""
    name, some, all_ = about.codes.label(code), f"{filled / WHOLE:g}", f"{lacking / WHOLE:g}"
    doubt = doubt_of(words_for(about, {code}, {about.codes.industry_of(code)}))
    return Text(
        f"{name.zh}{some}人（缺{all_}人）{doubt.zh}", f"{some} of {all_} heads in {name.en}{doubt.en}"
    )


def in_scope(about: Circumstances) -> Text:
    """How much of what the firm declares lies in the mandate's industries."""
    scope, declared = _scope(about), about.pair.candidate.leaves
    if not scope:
        return Text("投资范围不限产业，不计", "the mandate names no industry; not counted")
    if not declared:
        return Text("企业没有申报方向，不计", "the firm declares no direction; not counted")
    within = sum(share for code, share in declared if about.codes.industry_of(code) in scope)
    told, doubt = in_per_cent(within), doubt_of(words_for(about, (), scope)) if within else Text("", "")
    return Text(
        f"申报业务的{told}属于投资范围内的产业{doubt.zh}",
        f"{told} of what it declares lies in the mandate's industries{doubt.en}",
    )


def scope_words(about: Circumstances) -> Text:
    """The words of the firm's text for the one industry of the mandate that counts, or to which others they belong."""
    scope = _scope(about)
    if not scope:
        return Text("投资范围不限产业，不计", "the mandate names no industry; not counted")
    if not about.pair.candidate.text.strip():
        return Text("没有文本，不计", "there is no text; not counted")
    best = words_that_count(about, (leaf.code for leaf in about.codes.leaves if leaf.industry in scope))
    if best is not None:
        industry, rest = about.codes.label(about.codes.industry_of(best.leaf)), _beside(best)
        words = [*best.words.own, *best.words.near]
        return Text(
            f"文中属于投资范围内{industry.zh}的词：{'、'.join(words)}{rest.zh}",
            f"words of {industry.en}, which is in the mandate: {', '.join(words)}{rest.en}",
        )
    elsewhere = words_for(about, (), scope).elsewhere
    if elsewhere is not None:
        return Text(f"文中的词属于{elsewhere.zh}", f"its words belong to {elsewhere.en}")
    return Text("文中没有目录方向的词", "no word of any direction of the catalogue")


def _scope(about: Circumstances) -> frozenset[str]:
    mandate = about.pair.anchor.mandate
    return frozenset() if mandate is None else mandate.industries


def field(about: Circumstances) -> Text:
    """The directions of which both texts speak."""
    one, other = (
        {share.code for share in about.place(item.text).shares}
        for item in (about.pair.anchor, about.pair.candidate)
    )
    if not (one and other):
        return Text("一方的文字不属于任何方向，不计", "one text belongs to no direction; not counted")
    shared = [about.codes.label(code) for code in sorted(one & other)][:3]
    if shared:
        zh, en = "、".join(name.zh for name in shared), ", ".join(name.en for name in shared)
        return Text(f"两段文字都属于{zh}", f"both texts belong to {en}")
    return Text("两段文字属于不同方向", "the texts belong to different directions")


REASONS: dict[str, Reason] = {
    reason.__name__: reason
    for reason in (
        constant,
        text,
        placed,
        directions,
        gap_words,
        fills,
        in_scope,
        scope_words,
        field,
        city,
        home_city,
        category,
        availability,
        founder,
        technical_lead,
        adviser,
        stage,
        same_stage,
        ticket,
    )
}


def _main(about: Circumstances, leaves: Shares) -> Text:
    """The direction that is most of it, or several that are in equal parts; the industry where they are all of it."""
    most = max(share for _, share in leaves)
    main = [code for code, share in leaves if share == most]
    industry = about.codes.industry_of(main[0])
    if len(main) > 1 and set(main) == {leaf.code for leaf in about.codes.leaves if leaf.industry == industry}:
        return about.codes.label(industry)
    names = [about.codes.label(code) for code in main[:_NAMED]]
    more = Text("等", " and others") if len(main) > _NAMED else Text("", "")
    return Text(
        f"{'、'.join(name.zh for name in names)}{more.zh}", f"{', '.join(name.en for name in names)}{more.en}"
    )
