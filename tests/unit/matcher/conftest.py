import pytest

from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings
from tests.unit.matcher.examples import FIRMS, FUND, ORDINARY, PERSONS, POSITIONS, TEAMS


@pytest.fixture(scope="session")
def codes() -> Codes:
    return codes_of(load())


@pytest.fixture(scope="session")
def directions() -> tuple[Item, ...]:
    return direction_items(load())


@pytest.fixture(scope="session")
def encoder(directions: tuple[Item, ...]) -> LexicalEncoder:
    texts = [*(item.text for item in directions), *ORDINARY * 20]
    return LexicalEncoder.fitted(texts, LexicalSettings(dimensions=32))


@pytest.fixture
def space(codes: Codes, directions: tuple[Item, ...], encoder: LexicalEncoder) -> MatchSpace:
    return MatchSpace(codes, encoder, (*directions, *PERSONS, *POSITIONS, *FIRMS, *TEAMS, FUND))


@pytest.fixture
def finder(space: MatchSpace) -> Finder:
    return Finder(space, Pairs(space))
