"""An explanation on the wire: terms with where they stand, gates, and what would change the answer."""

from collections.abc import Iterable, Mapping

from bole.matcher.v1 import match_pb2
from services.chassis.rpc.wire import text_to_wire
from services.matcher.corpus.verdict import Change, WhyNot
from services.matcher.domain.item import Item, ItemKind
from services.matcher.score.block import Pair
from services.matcher.score.explaining import GateOutcome
from services.matcher.score.places import Passages, Place
from services.matcher.score.terms import Term

_Wire = match_pb2.MatchExplanation


def explanation_to_wire(
    why: WhyNot, pair: Pair, candidate: match_pb2.Candidate
) -> match_pb2.MatchExplanation:
    """One pair in full."""
    explanation = why.explanation
    every = (*explanation.terms.matched, *explanation.terms.missing)
    asked, has = Passages(pair.anchor.texts), Passages(pair.candidate.texts)
    written = {each.text: _written(each, asked) for each in every}
    return _Wire(
        candidate=candidate,
        matched_terms=_terms(explanation.terms.matched, why.worths, written, asked, has),
        missing_terms=_terms(explanation.terms.missing, why.worths, written, asked, Passages(())),
        gates=[gate_to_wire(gate) for gate in explanation.gates],
        standing=text_to_wire(why.reason),
        changes=[_change(each, written, explanation.log_odds) for each in why.changes],
        city_code=_city_of_people(pair),
        unmet_conditions=why.unmet,
        order_rank=why.ordered,
        name=next((f"{each.kind.collection}/{each.id}" for each in _people(pair)), ""),
    )


def gate_to_wire(gate: GateOutcome) -> match_pb2.MatchExplanation.Gate:
    """One gate with its reason."""
    return _Wire.Gate(code=gate.name.upper(), passed=gate.passed, reason=text_to_wire(gate.reason))


def _people(pair: Pair) -> list[Item]:
    """Who is in a pair, the anchor first: people and teams that are stored; the words of a text are the caller's."""
    both = (pair.anchor, pair.candidate)
    return [item for item in both if item.kind in (ItemKind.PERSON, ItemKind.TEAM) and item.id]


def _city_of_people(pair: Pair) -> str:
    """The one city of the people and teams in a pair, or nothing."""
    cities = {item.city for item in _people(pair)}
    return (cities.pop() or "") if len(cities) == 1 else ""


def _terms(
    terms: Iterable[Term],
    worths: Mapping[Term, float],
    written: Mapping[str, str],
    asked: Passages,
    has: Passages,
) -> list[match_pb2.MatchExplanation.Term]:
    """Those worth most first, with where they stand; what is missing stands nowhere, if only within other words."""
    return [
        _Wire.Term(
            text=written[each.text],
            value=worths[each],
            anchor_places=_places(asked.places(each.text)),
            candidate_places=_places(has.places(each.text)),
        )
        for each in sorted(terms, key=lambda term: -worths[term])
    ]


def _written(term: Term, asked: Passages) -> str:
    """A term as the anchor first writes it; of one that stands there nowhere the form in which it was looked for."""
    return next((place.written for place in asked.places(term.text)), term.text)


def _places(found: Iterable[Place]) -> list[match_pb2.MatchExplanation.Place]:
    return [
        _Wire.Place(
            passage=each.passage,
            start=each.start,
            end=each.end,
            excerpt=each.excerpt,
            excerpt_start=each.excerpt_start,
        )
        for each in found
    ]


def _change(change: Change, written: Mapping[str, str], log_odds: float) -> match_pb2.MatchExplanation.Change:
    return _Wire.Change(
        code=change.hypothesis.code,
        supposition=text_to_wire(change.hypothesis.text),
        term=written.get(change.hypothesis.term, change.hypothesis.term),
        difference=change.log_odds - log_odds,
        probability=change.probability,
        rank=change.rank,
    )
