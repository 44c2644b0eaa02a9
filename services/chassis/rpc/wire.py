"""Between the wire and the domain: money, dates, instants, texts and etags."""

import re
from datetime import UTC, date, datetime
from typing import Final

from google.protobuf.timestamp_pb2 import Timestamp
from google.type import date_pb2, money_pb2

from bole.common.v1 import text_pb2
from services.kernel.errors import Aborted, InvalidArgument
from services.kernel.money import Money
from services.kernel.text import Text

_NANOS_PER_FEN: Final = 10_000_000
_SECONDS_A_DAY: Final = 86_400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ETAG: Final = re.compile(r'"v([1-9][0-9]{0,17})"')


def money_to_wire(money: Money) -> money_pb2.Money:
    """Units and nanos carry the same sign, as google.type.Money demands."""
    units, fen = divmod(abs(money.fen), 100)
    sign = -1 if money.fen < 0 else 1
    return money_pb2.Money(
        currency_code=money.currency, units=sign * units, nanos=sign * fen * _NANOS_PER_FEN
    )


def money_from_wire(money: money_pb2.Money) -> Money:
    """Exact fen. The message has passed request validation: whole fen, one sign, within the limit."""
    return Money(money.units * 100 + money.nanos // _NANOS_PER_FEN, money.currency_code)


def date_to_wire(day: date) -> date_pb2.Date:
    """A full date."""
    return date_pb2.Date(year=day.year, month=day.month, day=day.day)


def date_from_wire(day: date_pb2.Date) -> date:
    """The date. The message has passed request validation."""
    return date(day.year, day.month, day.day)


def instant_to_wire(instant: datetime) -> Timestamp:
    """Microseconds are kept. Raises ValueError for a naive datetime."""
    if instant.tzinfo is None:
        raise ValueError("a naive datetime is no instant")
    since = instant - _EPOCH  # several times faster than `FromDatetime`
    return Timestamp(seconds=since.days * _SECONDS_A_DAY + since.seconds, nanos=since.microseconds * 1_000)


def instant_from_wire(stamp: Timestamp) -> datetime:
    """Aware, in UTC, truncated to microseconds."""
    return stamp.ToDatetime(tzinfo=UTC)


def text_to_wire(text: Text) -> text_pb2.Text:
    """Both languages."""
    return text_pb2.Text(zh=text.zh, en=text.en)


def text_from_wire(text: text_pb2.Text) -> Text:
    """Both languages."""
    return Text(text.zh, text.en)


def etag_of(version: int) -> str:
    """The strong tag of a version (RFC 9110): 3 becomes `"v3"`, quotation marks included."""
    return f'"v{version}"'


def version_of(etag: str, *, field: str = "etag") -> int:
    """The version that an etag stands for.

    Raises InvalidArgument: ETAG_REQUIRED if it is empty, ETAG_INVALID if it is none of ours.
    """
    if not etag:
        raise InvalidArgument.field(
            field,
            "ETAG_REQUIRED",
            "缺少 etag，请先读取记录并带回其 etag",
            "an etag is required: read the record and send the etag that came with it",
        )
    match = _ETAG.fullmatch(etag)
    if match is None:
        raise InvalidArgument.field(
            field,
            "ETAG_INVALID",
            "etag 格式不正确，请原样带回读取时得到的 etag",
            "this is not an etag of this service; send it back exactly as it was read",
        )
    return int(match[1])


def check_etag(etag: str, current: int, name: str, *, field: str = "etag") -> None:
    """Raise InvalidArgument as `version_of` does, or Aborted (STALE_ETAG) if `current` is another version."""
    if version_of(etag, field=field) != current:
        raise Aborted.stale(name, etag_of(current))
