"""What the words of a candidate's text say of directions, and against what is declared."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from services.kernel.text import Text
from services.matcher.domain.placement import degree_of
from services.matcher.score.circumstances import Circumstances

_TOLD = 5


class Words(NamedTuple):
    """Words of the candidate's text for some leaves, for their industries, and the first direction that is neither."""

    own: list[str]
    near: list[str]
    elsewhere: Text | None


def words_for(about: Circumstances, leaves: Collection[str], industries: Collection[str]) -> Words:
    """Of the candidate's text, for some leaves and the other leaves of some industries; some of each."""
    own: list[str] = []
    near: list[str] = []
    elsewhere = None
    for share in about.place(about.pair.candidate.text).shares:
        if share.code in leaves:
            own += share.words
        elif about.codes.industry_of(share.code) in industries:
            near += share.words
        elif elsewhere is None:
            elsewhere = about.codes.label(share.code)
    return Words(_few(own), _few(near), elsewhere)


def words_for_directions(about: Circumstances) -> Words:
    """For the anchor's directions."""
    leaves = {code for code, share in about.pair.anchor.leaves if share > 0}
    return words_for(about, leaves, {about.codes.industry_of(code) for code in leaves})


class Counted(NamedTuple):
    """The one leaf of several that counts, its words with those of its industry, and the first other industry of theirs
    that the text speaks of too, if any.
    """

    leaf: str
    words: Words
    beside: Text | None


def words_that_count(about: Circumstances, leaves: Iterable[str]) -> Counted | None:
    """Of these leaves that to which the candidate's text belongs furthest, as `Block.within_degree` and
    `Block.gap_degree` have it: the others add nothing. None where it belongs to none.
    """
    industry_of = about.codes.industry_of
    own: dict[str, float] = {}
    spoken_of: dict[str, float] = {}
    for share in about.place(about.pair.candidate.text).shares:
        own[share.code] = share.share
        industry = industry_of(share.code)
        spoken_of[industry] = spoken_of.get(industry, 0.0) + share.share
    degrees = {leaf: degree_of(own.get(leaf, 0.0), spoken_of.get(industry_of(leaf), 0.0)) for leaf in leaves}
    leaf = max(degrees, key=degrees.__getitem__, default=None)
    if leaf is None or degrees[leaf] <= 0:
        return None
    industry = industry_of(leaf)
    others = {industry_of(each) for each in degrees} - {industry}
    beside = next((about.codes.label(each) for each in spoken_of if each in others), None)
    return Counted(leaf, words_for(about, (leaf,), (industry,)), beside)


def doubt_of(words: Words) -> Text:
    """What the candidate's text says against a declaration that both sides share; nothing where it bears it out."""
    if words.own or words.near:
        return Text("", "")
    elsewhere = words.elsewhere
    if elsewhere is not None:
        return Text(
            f"；但文中的词属于{elsewhere.zh}，不计",
            f"; but the words of the text belong to {elsewhere.en}: not counted",
        )
    return Text("；文中未见佐证，只计一小部分", "; the text does not bear it out: counted in small part")


def _few(words: list[str]) -> list[str]:
    return list(dict.fromkeys(words))[:_TOLD]
