"""How words of the trade are said in Taiwan and Hong Kong: other words, not only other characters."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from itertools import islice, product

import yaml

from services.catalogue.terms import IndustryTerms, LeafTerms, compared

MOST = 16
"""So many forms of a word at most; hardly any has more than two parts that are said otherwise."""


def regional_forms(word: str) -> tuple[str, ...]:
    """The word with every choice of its parts said as there; nothing for one that is said alike."""
    forms = _forms()
    parts = _parts().split(word)
    if len(parts) == 1:
        return ()
    said = product(*((part, *forms.get(part, ())) for part in parts))
    return tuple(dict.fromkeys(form for form in map("".join, islice(said, MOST)) if form != word))


def with_regional(vocabulary: Sequence[IndustryTerms]) -> tuple[IndustryTerms, ...]:
    """The vocabulary with the regional forms of its words, which mean what the words mean; what is a word of it already
    keeps its meaning. Those of `terms` are among the words `abroad`.
    """
    known = {compared(word) for each in vocabulary for word in _words(each)}

    def forms(words: Iterable[str]) -> tuple[str, ...]:
        said = (form for word in words for form in regional_forms(word))
        return tuple(dict.fromkeys(form for form in said if compared(form) not in known))

    def of_leaf(leaf: LeafTerms) -> LeafTerms:
        return replace(
            leaf,
            near=(*leaf.near, *forms(leaf.near)),
            alone=(*leaf.alone, *forms(leaf.alone)),
            abroad=(*leaf.abroad, *forms(leaf.terms)),
        )

    return tuple(
        replace(
            each,
            context=(*each.context, *forms(each.context)),
            leaves=tuple(map(of_leaf, each.leaves)),
            alone=(*each.alone, *forms(each.alone)),
        )
        for each in vocabulary
    )


def _words(industry: IndustryTerms) -> Iterable[str]:
    yield from (*industry.context, *industry.alone)
    for leaf in industry.leaves:
        yield from (*leaf.terms, *leaf.near, *leaf.alone, *leaf.abroad)


@cache
def _forms() -> Mapping[str, Sequence[str]]:
    """By the word of the mainland; read once per process."""
    data = resources.files("services.catalogue").joinpath("terms_regional.yaml").read_bytes()
    read: Mapping[str, Sequence[str]] = yaml.load(data, yaml.CSafeLoader)
    return read


@cache
def _parts() -> re.Pattern[str]:
    longest_first = sorted(_forms(), key=len, reverse=True)
    return re.compile(f"({'|'.join(map(re.escape, longest_first))})")
