"""Scores that come out otherwise are another edition, by which lists that were made before are made anew."""

from dataclasses import replace
from hashlib import sha256

import pytest

from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain import codes as code_tables
from services.matcher.domain import placement
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score import features
from services.matcher.score.scoring import EDITION
from tests.unit.matcher.examples import FIRMS, FUND, PERSONS, POSITIONS, TEAMS

RECORDED = 5
WEIGHTS = "1327e18ca3987390"
SUMS = {
    "person-position": -1341.565582,
    "team-position": -357.705,
    "person-firm": -1190.648115,
    "firm-fund": -16.35,
    "person-team": -1318.7,
    "similar-persons": -4225.9,
    "similar-firms": -92.0,
}
# Of functions, and what follows from the constants.
_DERIVED = {"FEATURES", "READ", "MOST", "OF_SIMILARITY"}
_TOLD = "scores come out otherwise: raise EDITION in score/scoring.py and record here what this test finds"


def weights() -> str:
    """A digest of all numbers set by hand: constants of features and placement, and the kinds as declared."""
    constants = {
        f"{module.__name__}.{name}": value
        for module in (features, placement, code_tables)
        for name, value in vars(module).items()
        if name.isupper() and name not in _DERIVED
    }
    kinds = [(kind.key, kind.constant, kind.gates, kind.features) for kind in KINDS.values()]
    return sha256(repr((sorted(constants.items()), kinds)).encode()).hexdigest()[:16]


def sums(codes: Codes, encoder: LexicalEncoder) -> dict[str, float]:
    """Of each kind, the parts of the scores of the examples without their texts, which are read by the catalogue's
    words; each part counts by its place, so that none makes up for another.
    """
    items = [replace(item, texts=()) for item in (*PERSONS, *POSITIONS, *FIRMS, *TEAMS, FUND)]
    space = MatchSpace(codes, encoder, items)
    finder = Finder(space, Pairs(space))
    found = {}
    for kind in KINDS.values():
        if kind.anchor in (ItemKind.DIRECTION, ItemKind.CELL):
            continue
        anchors, candidates = (
            sorted(space.population(sort).items, key=lambda item: item.id)
            for sort in (kind.anchor, kind.candidate)
        )
        parts = [
            part.value
            for anchor in anchors
            for candidate in candidates
            for part in finder.explain(kind.key, anchor, candidate, terms=False).contributions
        ]
        found[kind.key] = sum(place * part for place, part in enumerate(parts, start=1))
    return found


def test_no_weight_set_by_hand_changes_within_an_edition() -> None:
    assert (EDITION, weights()) == (RECORDED, WEIGHTS), _TOLD


def test_no_formula_changes_within_an_edition(codes: Codes, encoder: LexicalEncoder) -> None:
    found = sums(codes, encoder)
    assert found == {kind: pytest.approx(value, abs=1e-6) for kind, value in SUMS.items()}, _TOLD


def test_every_constant_and_every_declared_factor_is_a_weight(monkeypatch: pytest.MonkeyPatch) -> None:
    before = weights()
    for module, name in ((features, "HOME_CITY"), (placement, "SIBLING"), (code_tables, "SAME_PARENT")):
        with monkeypatch.context() as changed:
            changed.setattr(module, name, getattr(module, name) * 2)
            assert weights() != before
    for key, kind in KINDS.items():
        first, *others = kind.features
        heavier = replace(kind, features=(replace(first, factor=first.factor * 2), *others))
        for other in (heavier, replace(kind, constant=kind.constant + 0.1)):
            with monkeypatch.context() as changed:
                changed.setitem(KINDS, key, other)
                assert weights() != before
    assert weights() == before
