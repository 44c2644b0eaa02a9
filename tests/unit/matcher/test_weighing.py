"""Learnt weights change scores and no row: nothing is encoded again for them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from scipy.sparse import csr_array

from services.catalogue import load
from services.matcher.domain.item import Item
from services.matcher.domain.kinds import KINDS, Weighing
from services.matcher.domain.known import Known
from services.matcher.encode.encoder import Encoded
from services.matcher.encode.lexical import LexicalEncoder, LexicalFamily, LexicalSettings
from services.matcher.service.engine import Engine, Stored
from tests.unit.matcher.examples import FIRMS, PERSONS, POSITIONS

AT = datetime(2026, 5, 1, tzinfo=UTC)
KEY = "person-position"


class Narrow(LexicalFamily):
    """The default in few dimensions."""

    def fitted(self, texts: Sequence[str]) -> LexicalEncoder:
        return LexicalEncoder.fitted(texts, LexicalSettings(dimensions=8))


def known(item: Item) -> Known:
    return Known(item.kind, item.id, item.version, item, "", "", "SYNTHETIC", AT)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = Engine(load(), tmp_path, Narrow())
    made.load(Stored([], {}, None, {}))
    made.follow([known(item) for item in (*PERSONS, *POSITIONS, *FIRMS)])
    return made


def test_other_weights_keep_every_row(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    encoded: list[str] = []
    encode = LexicalEncoder.encode

    def noted(encoder: LexicalEncoder, texts: Sequence[str], counts: csr_array | None = None) -> Encoded:
        encoded.extend(texts)
        return encode(encoder, texts, counts)

    monkeypatch.setattr(LexicalEncoder, "encode", noted)
    before, version, encoder = dict(engine.lists.all()), engine.version, engine.space.encoder
    factors = {use.name: 2.0 for use in KINDS[KEY].features}
    engine.weigh([Weighing(KEY, "learnt", -1.0, factors, "lexical")])
    assert engine.due
    followed = engine.follow([])
    assert followed.anew
    assert engine.version != version
    assert engine.space.encoder is encoder
    assert {key[0] for key in followed.lists} == {KEY}
    assert {key: each for key, each in before.items() if key[0] != KEY} == {
        key: each for key, each in engine.lists.all().items() if key[0] != KEY
    }
    assert not set(encoded) & {item.text for item in (*PERSONS, *POSITIONS, *FIRMS)}
