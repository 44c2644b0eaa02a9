"""What reads text and bytes of others: each reader, what it is given when all is well, and how it may refuse."""

import csv
import io
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import openpyxl
from google.protobuf.descriptor import Descriptor, FieldDescriptor

from bole.events.v1 import person_event_pb2
from services.catalogue import load
from services.chassis.feed.received import Poison
from services.chassis.filtering.canonical import canonical
from services.chassis.filtering.parser import parse
from services.chassis.filtering.schema import Field, Schema
from services.chassis.log import cloudevents
from services.chassis.log.log import Stored
from services.chassis.storage.paging import PageTokens
from services.console.gateway.bindings import WHOLE, Binding, bindings
from services.console.gateway.headers import Headers
from services.console.gateway.requests import build
from services.kernel.errors import BoleError, InvalidArgument
from services.sample import write_sample
from services.workbook.reading import open_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from tests.fuzz.plain import NAMES, QUERIES, VALUES, WORDS, read_name, read_query, read_value, read_words
from tests.fuzz.spoiling import (
    delimited,
    spoilt_archive,
    spoilt_json,
    spoilt_record,
    spoilt_table,
    spoilt_text,
    written,
)

ROWS: Final = 12
"""Of the sample, in each file."""
_NOW: Final = datetime(2026, 1, 2, tzinfo=UTC)
_TOKENS: Final = PageTokens(b"a secret of sixteen or more")
_QUERY: Final = {"filter": ""}
_JSON: Final = Headers(((b"content-type", b"application/json"),))
_TEXTS: Final = {
    "google.protobuf.Timestamp": "2026-01-02T03:04:05Z",
    "google.protobuf.FieldMask": "title",
    "google.type.Date": "2026-01-02",
}
"""Messages that are written as one text."""
_DEPTH: Final = 3
_FILTERS: Final = (
    'city_code = "320100" AND (availability = NOW OR NOT direction_code:sic)',
    "industry_code:hydrogen AND -state = ACTIVE",
    "city_code = suzhou AND direction_code:* OR origin = SYNTHETIC",
    'ask >= 500万 AND score < 0.5 AND words:"苏州 qnkj" AND eligible = true',
    "create_time > 2026-01-31T08:00:00+08:00 OR observed_date <= 2026-01-31 AND heads = 3",
)


def _itself(good: Any) -> Any:
    return good


class Reading(NamedTuple):
    """`good` makes what is well; `spoil` spoils it; `read` reads it, and may raise `refusals`. `whole`: what is well in
    the form in which it is read.
    """

    good: Callable[[], Sequence[Any]]
    spoil: Callable[[Any, random.Random], Any]
    read: Callable[[Any], object]
    refusals: tuple[type[Exception], ...] = (BoleError,)
    whole: Callable[[Any], Any] = _itself


@cache
def _tables() -> Sequence[Sequence[Sequence[str]]]:
    """The mark, the header and the first rows of each sheet of the small sample."""
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory) / "sample"
        write_sample(folder, "small")
        return [
            list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))[: ROWS + 2]
            for file in sorted(folder.glob("*.csv"))
        ]


@cache
def _archives() -> Sequence[bytes]:
    """The same as one workbook."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "sample.xlsx"
        write_sample(file, "small")
        book = openpyxl.load_workbook(file)
    for page in book.worksheets:
        page.delete_rows(ROWS + 3, page.max_row)
    made = io.BytesIO()
    book.save(made)
    return [made.getvalue()]


@cache
def _readers() -> Mapping[str, RowReader]:
    return {key: RowReader(sheet, load()) for key, sheet in SHEETS.items()}


def _read_file(data: bytes) -> None:
    opened = open_workbook(io.BytesIO(data), filename="file")
    for key, table in opened.tables.items():
        for row in table.rows:
            with suppress(InvalidArgument):
                _readers()[key].read(row)


@cache
def _fields() -> Schema:
    """A field of every kind; those of codes are resolved as the lists of the services do."""
    catalogue = load()
    return Schema.of(
        Field.code("city_code", resolve=catalogue.resolve_place),
        Field.codes("direction_code", resolve=catalogue.resolve_direction),
        Field.codes("industry_code", resolve=catalogue.resolve_industry),
        Field.enum("availability", "AVAILABILITY", ("NOW", "LATER")),
        Field.enum("state", "STATE", ("ACTIVE", "MERGED")),
        Field.enum("origin", "DATA_ORIGIN", ("REAL", "SYNTHETIC")),
        Field.text("source_ref"),
        Field.search("words"),
        Field.integer("heads", minimum=0),
        Field.number("score"),
        Field.money("ask"),
        Field.date("observed_date"),
        Field.instant("create_time"),
        Field.boolean("eligible"),
    )


def _read_filter(text: str) -> None:
    """A filter that is read says the same when it is written down and read again."""
    written = canonical(parse(text, _fields()))
    assert canonical(parse(written, _fields())) == written, f"{text!r} becomes another filter"


@cache
def _bodies() -> Sequence[tuple[Binding, Any]]:
    """A body for every method that takes one."""
    return [(each, _object(_body_of(each))) for each in bindings() if each.body]


def _body_of(binding: Binding) -> Descriptor:
    if binding.body == WHOLE:
        return binding.request
    described = binding.request.fields_by_name[binding.body].message_type
    assert described is not None, f"{binding.body} of {binding.rpc} is no message"
    return described


def _object(descriptor: Descriptor, depth: int = 0) -> Any:
    """The JSON of a message that has every field, down to some depth; of a oneof the first one."""
    if descriptor.full_name in _TEXTS:
        return _TEXTS[descriptor.full_name]
    taken = (
        each for each in descriptor.fields if _is_first(each) and (depth < _DEPTH or not each.message_type)
    )
    return {
        each.name: [value] if each.is_repeated else value for each in taken for value in [_value(each, depth)]
    }


def _is_first(field: FieldDescriptor) -> bool:
    choice = field.containing_oneof
    return choice is None or choice.fields[0].name == field.name


def _value(field: FieldDescriptor, depth: int) -> Any:
    if field.message_type:
        return _object(field.message_type, depth + 1)
    if field.enum_type:
        return field.enum_type.values[-1].name
    return {FieldDescriptor.CPPTYPE_STRING: "MQ==", FieldDescriptor.CPPTYPE_BOOL: True}.get(field.cpp_type, 1)


def _read_body(given: tuple[Binding, bytes]) -> None:
    binding, body = given
    build(binding, {}, b"", _JSON, body)


def _read_token(text: str) -> None:
    _TOKENS.read(text, method="M", query=_QUERY, subject="tester")


def _records() -> Sequence[Stored]:
    event = person_event_pb2.PersonState(id="p1", version=3)
    outgoing = cloudevents.OutgoingEvent(
        id="0195f0a0-0000-7000-8000-000000000001",
        topic="bole.talent.persons.v1",
        aggregatetype="person",
        aggregateid="p1",
        type="bole.talent.person.changed.v1",
        source="talent",
        subject="persons/p1",
        version=3,
        time=_NOW,
        payload=event.SerializeToString(),
        dataschema="bole.events.v1.PersonState",
        traceparent=f"00-{'1' * 32}-{'2' * 16}-01",
    )
    return [Stored(outgoing.topic, 7, "p1", outgoing.payload, cloudevents.make_headers(outgoing), _NOW)]


PARSERS: Final[Mapping[str, Reading]] = {
    "csv": Reading(_tables, spoilt_table, _read_file, whole=delimited),
    "xlsx": Reading(_archives, spoilt_archive, _read_file),
    "filter": Reading(lambda: _FILTERS, spoilt_text, _read_filter),
    "json": Reading(_bodies, spoilt_json, _read_body, whole=written),
    "page token": Reading(
        lambda: [_TOKENS.issue((1, "a", _NOW), method="M", query=_QUERY, subject="tester")],
        spoilt_text,
        _read_token,
    ),
    "event": Reading(_records, spoilt_record, cloudevents.parse, (Poison,)),
    "query": Reading(lambda: QUERIES, spoilt_text, read_query),
    "name": Reading(lambda: NAMES, spoilt_text, read_name),
    "words": Reading(lambda: WORDS, spoilt_text, read_words),
    "value": Reading(lambda: VALUES, spoilt_text, read_value),
}
