import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.sealing import DataKey, KeyRing, SealBroken, digest, open_sealed, seal

RING = KeyRing({1: bytes(32)})
NAMES = st.text(max_size=30).filter(lambda text: text.isprintable())


@given(st.binary(max_size=200), NAMES, NAMES)
def test_what_is_sealed_opens_with_the_wrapped_key(plaintext: bytes, subject: str, schema: str) -> None:
    key, wrapped = RING.create(subject, generation=7)
    sealed = seal(subject, plaintext, key, schema=schema)
    assert open_sealed(subject, sealed, RING.unwrap(subject, wrapped), schema=schema) == plaintext
    assert len(plaintext) < 4 or plaintext not in sealed


@given(st.binary(max_size=50), st.data())
def test_every_changed_bit_and_every_cut_is_noticed(plaintext: bytes, data: st.DataObject) -> None:
    key, _ = RING.create("persons/a")
    sealed = bytearray(seal("persons/a", plaintext, key, schema="s"))
    bit = data.draw(st.integers(0, len(sealed) * 8 - 1))
    cut = bytes(sealed[: data.draw(st.integers(0, len(sealed) - 1))])
    sealed[bit // 8] ^= 1 << bit % 8
    for broken in (bytes(sealed), cut, bytes(sealed) + b"\0"):
        with pytest.raises(SealBroken, match="persons/a"):
            open_sealed("persons/a", broken, key, schema="s")


@pytest.mark.parametrize(("subject", "schema"), [("persons/b", "s"), ("persons/a", "t"), ("apersons/", "s")])
def test_a_sealed_value_opens_only_where_it_belongs(subject: str, schema: str) -> None:
    key, _ = RING.create("persons/a")
    sealed = seal("persons/a", b"name", key, schema="s")
    with pytest.raises(SealBroken):
        open_sealed(subject, sealed, key, schema=schema)


def test_length_prefixes_keep_subject_and_schema_apart() -> None:
    key, _ = RING.create("x")
    with pytest.raises(SealBroken):
        open_sealed("bc", seal("c", b"", key, schema="ab"), key, schema="a")


def test_another_subjects_key_cannot_be_unwrapped_or_used() -> None:
    _, wrapped = RING.create("persons/a")
    with pytest.raises(SealBroken):
        RING.unwrap("persons/b", wrapped)
    mine, _ = RING.create("persons/a")
    theirs, _ = RING.create("persons/a")
    with pytest.raises(SealBroken):
        open_sealed("persons/a", seal("persons/a", b"x", mine, schema="s"), theirs, schema="s")


def test_key_encryption_keys_are_rotated_by_rewrapping() -> None:
    key, wrapped = RING.create("persons/a")
    both = KeyRing({1: bytes(32), 2: b"\1" * 32})
    renewed = both.rewrap("persons/a", wrapped)
    assert both.unwrap("persons/a", wrapped) == both.unwrap("persons/a", renewed) == key
    assert both.rewrap("persons/a", renewed) == renewed
    assert KeyRing({2: b"\1" * 32}).unwrap("persons/a", renewed) == key
    with pytest.raises(SealBroken, match="key encryption key 2"):
        RING.unwrap("persons/a", renewed)


def test_keys_do_not_show_in_messages() -> None:
    assert "secret" not in repr(DataKey(1, b"secret"))


def test_digests_depend_on_the_secret() -> None:
    assert digest(b"a", "320101199001011234") == digest(b"a", "320101199001011234")
    assert digest(b"a", "320101199001011234") != digest(b"b", "320101199001011234")
    assert len(digest(b"a", "")) == 64


def test_a_ring_handed_to_another_process_opens_the_same_keys() -> None:
    key, wrapped = RING.create("persons/a")
    assert pickle.loads(pickle.dumps(RING)).unwrap("persons/a", wrapped) == key  # noqa: S301 (our own bytes)
