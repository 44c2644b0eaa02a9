"""The technical vocabulary of the directions: editorial words of the trade, beside the policy's own names."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from services.catalogue.catalogue import Catalogue
from services.catalogue.loading import load
from services.catalogue.model import Industry, LocalDirection


@dataclass(frozen=True, slots=True)
class LeafTerms:
    """Words of one leaf: `terms` are evidence by themselves, in German, Korean and Russian those `abroad`; `near` only
    beside a word of the industry, `alone` where they are all that a text says.
    """

    code: str
    terms: tuple[str, ...]
    near: tuple[str, ...]
    alone: tuple[str, ...] = ()
    abroad: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndustryTerms:
    """Words of one industry: `context` speaks of it as a whole, `alone` where they are all that a text says; `leaves`
    in the catalogue's order.

    A name that industry and leaf share is the leaf's.
    """

    code: str
    context: tuple[str, ...]
    leaves: tuple[LeafTerms, ...]
    alone: tuple[str, ...] = ()


@cache
def load_terms() -> tuple[IndustryTerms, ...]:
    """The vocabulary that ships with the product; read once per process. Raises as `parse_terms`."""
    here = resources.files("services.catalogue")
    return parse_terms(
        here.joinpath("terms.yaml").read_bytes(), load(), here.joinpath("terms_abroad.yaml").read_bytes()
    )


def parse_terms(data: bytes, catalogue: Catalogue, abroad: bytes = b"{}") -> tuple[IndustryTerms, ...]:
    """The vocabulary of every industry and leaf, names and aliases of the catalogue and words `abroad` included.

    Raises KeyError when an industry or leaf is missing, ValueError for one that the catalogue does not have.
    """
    tree: Mapping[str, Any] = yaml.load(data, yaml.CSafeLoader)
    _require_known(tree, catalogue)
    others: Mapping[str, Any] = yaml.load(abroad, yaml.CSafeLoader)
    _require_known(others, catalogue)
    return tuple(
        _with_abroad(_industry(industry, tree[industry.id]), others.get(industry.id, {}))
        for industry in catalogue.industries
    )


def with_local(
    vocabulary: tuple[IndustryTerms, ...], local: Iterable[LocalDirection]
) -> tuple[IndustryTerms, ...]:
    """The vocabulary with the words of local directions. A word of a leaf or of another industry keeps its place; one
    that speaks of the own industry as a whole goes to the local direction, which says it more exactly.
    """
    found = {each.code: each for each in vocabulary}
    taken = {compared(word) for each in vocabulary for word in _of_leaves(each)}
    for each in local:
        own = (each.name_zh, each.name_en, *each.aliases, *each.terms)
        others = (industry.context for code, industry in found.items() if code != each.industry)
        elsewhere = taken | {compared(word) for context in others for word in context}
        terms = _distinct(word for word in own if compared(word) not in elsewhere)
        here = set(map(compared, terms))
        taken |= here
        industry = found[each.industry]
        found[each.industry] = replace(
            industry,
            context=tuple(word for word in industry.context if compared(word) not in here),
            leaves=(*industry.leaves, LeafTerms(each.id, terms, ())),
        )
    return tuple(found.values())


def _with_abroad(industry: IndustryTerms, node: Mapping[str, Any]) -> IndustryTerms:
    leaves = node.get("leaves", {})
    return replace(
        industry,
        context=(*industry.context, *node.get("context", ())),
        leaves=tuple(replace(each, abroad=tuple(leaves.get(each.code, ()))) for each in industry.leaves),
    )


def _of_leaves(industry: IndustryTerms) -> Iterable[str]:
    return (word for leaf in industry.leaves for word in (*leaf.terms, *leaf.near, *leaf.abroad))


def _require_known(tree: Mapping[str, Any], catalogue: Catalogue) -> None:
    known = {industry.id: {each.id for each in industry.directions} for industry in catalogue.industries}
    strange = [name for name in tree if name not in known]
    strange += [
        leaf
        for name, leaves in known.items()
        for leaf in tree.get(name, {}).get("leaves", ())
        if leaf not in leaves
    ]
    if strange:
        raise ValueError(f"the vocabulary speaks of {strange}, which the catalogue does not have")


def _industry(industry: Industry, node: Mapping[str, Any]) -> IndustryTerms:
    names = (industry.name_zh, industry.name_en, *industry.aliases)
    leaves = []
    for direction in industry.directions:
        entry = node["leaves"][direction.id]
        own = (direction.name_zh, direction.name_en, *direction.aliases)
        plain = [
            name for name in own if entry.get("bound") and not _speaks_of(name, (*names, *node["context"]))
        ]
        terms = (*(name for name in own if name not in plain), *entry.get("terms", ()))
        near = (*plain, *entry.get("near", ()))
        leaves.append(
            LeafTerms(direction.id, _distinct(terms), _distinct(near), tuple(entry.get("alone", ())))
        )
    taken = {compared(word) for leaf in leaves for word in (*leaf.terms, *leaf.near)}
    context = (word for word in (*names, *node["context"]) if compared(word) not in taken)
    return IndustryTerms(industry.id, _distinct(context), tuple(leaves), tuple(node.get("alone", ())))


def _speaks_of(name: str, words: Iterable[str]) -> bool:
    """Whether a name of plain words holds a word of its industry: then it means the leaf by itself."""
    spaced = f" {compared(name)} "
    return any((f" {compared(word)} " if word.isascii() else compared(word)) in spaced for word in words)


def compared(word: str) -> str:
    """Words of which this is the same are one word."""
    return unicodedata.normalize("NFKC", word).lower()


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
