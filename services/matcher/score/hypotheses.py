"""What would change a score most: the same pair, one fact of the candidate supposed to be another."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.kernel.text import Text
from services.matcher.domain.codes import Codes
from services.matcher.domain.columns import NO_LIMIT, STAGES, WHOLE
from services.matcher.domain.item import Availability, Item, Mandate
from services.matcher.domain.kinds import PairKind
from services.matcher.encode.grams import normalise
from services.matcher.score.block import Pair
from services.matcher.score.fact_reasons import STAGE_WORDS
from services.matcher.score.terms import Term, TermEvidence

TERM_ADDED, TERM_REMOVED = "TERM_ADDED", "TERM_REMOVED"
_ADDED = Text("若文中还写有该词", "if the text also held this term")
_REMOVED = Text("若文中没有该词", "if the text did not hold this term")
# In the place of a term: what stood around it is not read as one word.
_NOTHING = "\n\n"


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A fact supposed to be another; `code` says which, `candidate` is whom one would look at then.

    `term` is the word of a text that is supposed to be there or not, kept apart because it is personal.
    """

    code: str
    text: Text
    candidate: Item
    term: str = ""


def hypotheses(kind: PairKind, pair: Pair, codes: Codes) -> list[Hypothesis]:
    """One for every fact but words that the kind counts or that a gate asks for, that is not at its best, and that
    could be another. Consent is never supposed: it is nobody's to ask for by the score.
    """
    used = {use.name for use in kind.features} | {*kind.gates}
    supposed: list[Hypothesis] = []
    if not used.isdisjoint(("directions", "fills")):
        supposed += _direction(pair, codes)
    if "industry_scope" in used:
        supposed += _industry(pair, codes)
    if "city" in used:
        supposed += _move(pair, codes)
    if "city_scope" in used:
        supposed += _seat(pair, codes)
    if "category" in used:
        supposed += _category(pair, codes)
    if "stage_scope" in used or "same_stage" in used:
        supposed += _stage(pair, same="same_stage" in used)
    if "availability" in used and pair.candidate.availability is not Availability.NOW:
        sooner = replace(pair.candidate, availability=Availability.NOW)
        supposed.append(Hypothesis("AVAILABILITY", Text("若可立即到岗", "if available now"), sooner))
    if "ticket" in used:
        supposed += _ticket(pair)
    if "valuation_limit" in used:
        supposed += _valuation(pair)
    if not pair.candidate.open:
        opened = replace(pair.candidate, open=True)
        supposed.append(Hypothesis("OPEN", Text("若重新开放", "if open again"), opened))
    return supposed


def of_terms(pair: Pair, terms: TermEvidence) -> Mapping[Term, Hypothesis]:
    """For every term that is told of: the candidate's text without a matched one, or with a missing one."""
    candidate = pair.candidate
    removed = {
        term: Hypothesis(
            TERM_REMOVED, _REMOVED, replace(candidate, texts=without(candidate.texts, term.text)), term.text
        )
        for term in terms.matched
    }
    added = {
        term: Hypothesis(
            TERM_ADDED, _ADDED, replace(candidate, texts=(*candidate.texts, term.text)), term.text
        )
        for term in terms.missing
    }
    return removed | added


def without(passages: tuple[str, ...], term: str) -> tuple[str, ...]:
    """The passages in their normal form with every occurrence of a normalised term taken out."""
    return tuple(normalise(passage).replace(term, _NOTHING) for passage in passages)


def _direction(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    """The anchor's main direction declared, and nothing else; of a team the one that it lacks most."""
    if not pair.anchor.leaves:
        return
    main, _ = max(pair.anchor.leaves, key=lambda leaf: leaf[1])
    if pair.candidate.leaves != ((main, WHOLE),):
        name = codes.label(main)
        text = Text(f"若只申报{name.zh}", f"if they declared {name.en} alone")
        yield Hypothesis("DIRECTION", text, replace(pair.candidate, leaves=((main, WHOLE),)))


def _industry(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    """All of it in the mandate: the main one of the declared directions that it covers, or else its first."""
    scope = _mandate(pair).industries or {leaf.industry for leaf in codes.leaves}
    covered = [each for each in pair.candidate.leaves if codes.industry_of(each[0]) in scope]
    if sum(share for _, share in covered) >= WHOLE:
        return
    first = next((leaf.code for leaf in codes.leaves if leaf.industry in scope), None)
    inside = max(covered, key=lambda each: each[1])[0] if covered else first
    if inside is not None:
        text = Text(
            "若申报的业务全部属于投资范围内的产业",
            "if all of what they declared were in the mandate's industries",
        )
        yield Hypothesis("DIRECTION", text, replace(pair.candidate, leaves=((inside, WHOLE),)))


def _move(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    wanted = pair.anchor.city
    if wanted is not None and wanted != pair.candidate.city and wanted not in pair.candidate.mobility:
        there = replace(pair.candidate, mobility=pair.candidate.mobility | {wanted})
        name = codes.label(wanted)
        yield Hypothesis("MOBILITY", Text(f"若愿意到{name.zh}", f"if they would move to {name.en}"), there)


def _seat(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    """The fund's own city, if the mandate admits it, else the first that it admits, where the firm's is none."""
    scope, home, now = _mandate(pair).cities, pair.anchor.city, pair.candidate.city
    if home is None or (scope and home not in scope):
        if now is not None and (not scope or now in scope):
            return
        home = next((city for city in codes.cities if not scope or city in scope), None)
    if home is not None and home != now:
        name = codes.label(home)
        text = Text(f"若设在{name.zh}", f"if they were seated in {name.en}")
        yield Hypothesis("CITY", text, replace(pair.candidate, city=home))


def _stage(pair: Pair, *, same: bool) -> Iterator[Hypothesis]:
    """The other firm's stage; for a fund the earliest that the mandate admits."""
    admitted = _mandate(pair).stages or STAGES
    wanted = pair.anchor.stage if same else min(admitted, key=STAGES.index)
    if wanted is not None and wanted is not pair.candidate.stage:
        name = STAGE_WORDS[wanted]
        text = Text(f"若处于{name.zh}", f"if they were at the {name.en}")
        yield Hypothesis("STAGE", text, replace(pair.candidate, stage=wanted))


def _category(pair: Pair, codes: Codes) -> Iterator[Hypothesis]:
    wanted = pair.anchor.category
    if wanted is not None and wanted != pair.candidate.category:
        name = codes.label(wanted)
        other = replace(pair.candidate, category=wanted)
        yield Hypothesis("CATEGORY", Text(f"若为{name.zh}", f"if they were {name.en}"), other)


def _ticket(pair: Pair) -> Iterator[Hypothesis]:
    limit = _mandate(pair).ticket_max or NO_LIMIT
    if pair.candidate.ask is not None and limit // 2 < pair.candidate.ask and limit < NO_LIMIT:
        less = replace(pair.candidate, ask=limit // 2)
        text = Text("若融资额不超过单笔上限的一半", "if they asked for half of the largest ticket at most")
        yield Hypothesis("ASK", text, less)


def _valuation(pair: Pair) -> Iterator[Hypothesis]:
    below, valued = _mandate(pair).valuation_below, pair.candidate.valuation
    if below is not None and valued is not None and valued >= below > 0:
        text = Text("若估值低于上限", "if they were valued below the limit")
        yield Hypothesis("VALUATION", text, replace(pair.candidate, valuation=below - 1))


def _mandate(pair: Pair) -> Mandate:
    return pair.anchor.mandate or Mandate()
