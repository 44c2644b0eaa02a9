"""What would change a score most: the same pair, one fact of the candidate supposed to be another."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import NO_LIMIT
from services.matcher.domain.item import Availability, Item, Mandate
from services.matcher.domain.kinds import PairKind
from services.matcher.encode.grams import normalise
from services.matcher.score.block import Pair
from services.matcher.score.terms import TermEvidence

_TERMS = 3
_ADDED = Text("若文中还写有该词", "if the text also held this term")
_REMOVED = Text("若文中没有该词", "if the text did not hold this term")


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A fact supposed to be another; `code` says which, `candidate` is whom one would look at then.

    `term` is the word of a text that is supposed to be there or not, kept apart because it is personal.
    """

    code: str
    text: Text
    candidate: Item
    term: str = ""


def hypotheses(kind: PairKind, pair: Pair, terms: TermEvidence, codes: Codes) -> list[Hypothesis]:
    """One for every fact that the kind counts, that is not at its best, and that could be another."""
    used = {use.name for use in kind.features}
    supposed = [*_words(pair, terms, counts="text" in used)]
    if "city" in used:
        supposed += _move(pair, codes)
    if "category" in used:
        supposed += _category(pair, codes)
    if "availability" in used and pair.candidate.availability is not Availability.NOW:
        sooner = replace(pair.candidate, availability=Availability.NOW)
        supposed.append(Hypothesis("AVAILABILITY", Text("若可立即到岗", "if available now"), sooner))
    if "ticket" in used:
        supposed += _ticket(pair)
    if not pair.candidate.open:
        opened = replace(pair.candidate, open=True)
        supposed.append(Hypothesis("OPEN", Text("若重新开放", "if open again"), opened))
    return supposed


def without(passages: tuple[str, ...], term: str) -> tuple[str, ...]:
    """The passages in their normal form with every occurrence of a normalised term taken out."""
    return tuple(normalise(passage).replace(term, " ") for passage in passages)


def _words(pair: Pair, terms: TermEvidence, *, counts: bool) -> Iterator[Hypothesis]:
    if not counts:
        return
    for term in terms.missing[:_TERMS]:
        told = replace(pair.candidate, texts=(*pair.candidate.texts, term.text))
        yield Hypothesis("TERM_ADDED", _ADDED, told, term.text)
    for term in terms.matched[:1]:
        silent = replace(pair.candidate, texts=without(pair.candidate.texts, term.text))
        yield Hypothesis("TERM_REMOVED", _REMOVED, silent, term.text)


def _move(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    wanted = pair.anchor.city
    if wanted is not None and wanted != pair.candidate.city and wanted not in pair.candidate.mobility:
        there = replace(pair.candidate, mobility=pair.candidate.mobility | {wanted})
        name = codes.label(wanted)
        yield Hypothesis("MOBILITY", Text(f"若愿意到{name.zh}", f"if they would move to {name.en}"), there)


def _category(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    wanted = pair.anchor.category
    if wanted is not None and wanted != pair.candidate.category:
        name = codes.label(wanted)
        other = replace(pair.candidate, category=wanted)
        yield Hypothesis("CATEGORY", Text(f"若为{name.zh}", f"if they were {name.en}"), other)


def _ticket(pair: Pair) -> Iterator[Hypothesis]:
    limit = (pair.anchor.mandate or Mandate()).ticket_max or NO_LIMIT
    if pair.candidate.ask is not None and limit // 2 < pair.candidate.ask and limit < NO_LIMIT:
        less = replace(pair.candidate, ask=limit // 2)
        text = Text("若融资额不超过单笔上限的一半", "if they asked for half of the largest ticket at most")
        yield Hypothesis("ASK", text, less)
