from datetime import UTC, date, datetime

import pytest
from google.type import money_pb2
from hypothesis import given
from hypothesis import strategies as st

from bole.common.v1 import text_pb2
from services.chassis.rpc import wire
from services.kernel.errors import Aborted, InvalidArgument
from services.kernel.money import MAX_FEN, Money
from services.kernel.text import Text


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_money_goes_there_and_back(fen: int) -> None:
    sent = wire.money_to_wire(Money(fen))
    assert sent.units * sent.nanos >= 0
    assert wire.money_from_wire(sent) == Money(fen)


def test_money_below_zero_has_one_sign() -> None:
    expected = money_pb2.Money(currency_code="CNY", units=-1, nanos=-50_000_000)
    assert wire.money_to_wire(Money(-105)) == expected


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_dates_go_there_and_back(day: date) -> None:
    assert wire.date_from_wire(wire.date_to_wire(day)) == day


@given(st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_instants_go_there_and_back(instant: datetime) -> None:
    assert wire.instant_from_wire(wire.instant_to_wire(instant)) == instant


def test_a_naive_instant_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="naive"):
        wire.instant_to_wire(datetime(2026, 1, 1))  # noqa: DTZ001


def test_texts_go_there_and_back() -> None:
    assert wire.text_to_wire(Text("中", "en")) == text_pb2.Text(zh="中", en="en")
    assert wire.text_from_wire(text_pb2.Text(zh="中", en="en")) == Text("中", "en")


@given(st.integers(1, 10**17))
def test_etags_go_there_and_back(version: int) -> None:
    assert wire.version_of(wire.etag_of(version)) == version


@pytest.mark.parametrize(
    "etag", ["v3", '"3"', '"v0"', '"v03"', 'W/"v3"', '"v3" ', '"v' + "9" * 40 + '"', '"v３"']
)
def test_foreign_etags_are_refused(etag: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        wire.version_of(etag)
    assert caught.value.reason == "ETAG_INVALID"


def test_an_etag_is_required_and_must_be_current() -> None:
    wire.check_etag('"v3"', 3, "persons/1")
    with pytest.raises(InvalidArgument) as missing:
        wire.check_etag("", 3, "persons/1", field="person.etag")
    assert (missing.value.reason, missing.value.violations[0].field) == ("ETAG_REQUIRED", "person.etag")
    with pytest.raises(Aborted) as stale:
        wire.check_etag('"v2"', 3, "persons/1")
    assert stale.value.metadata == {"resource": "persons/1", "currentEtag": '"v3"'}
