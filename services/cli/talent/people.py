"""`bole talent …`: people of the library."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import grpc
from google.protobuf.json_format import MessageToDict

from bole.talent.v1 import library_service_pb2 as service
from bole.talent.v1 import library_service_pb2_grpc, person_pb2
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.answers.facets import note_facets
from services.cli.answers.searching import words_of
from services.cli.session import Session
from services.kernel.text import Language, Text
from services.wording import persons
from services.wording.places import part_of

FACETS = ("industry_code", "city_code", "category_code")
TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("name", Text("姓名", "name")),
    Column("category", Text("类别", "category")),
    Column("city", Text("城市", "city")),
    Column("directions", Text("方向", "directions"), wraps=True),
    Column("title", Text("职务", "title"), wraps=True),
    Column("id", Text("编号", "resource"), whole=True),
)
_FIELD_COLUMNS = (
    Column("field", Text("字段", "field")),
    Column("value", Text("内容", "value"), wraps=True),
)

_HIDDEN_NOTE = Text(
    "未写明使用目的：姓名已遮盖，单位、职务、简介、成果、联系方式不显示；加 --purpose talent-service 或 contact 查看",
    "no purpose stated: names are masked; employer, title, profile, works and contact are withheld; "
    "add --purpose talent-service or contact",
)
_UNSEARCHED_NOTE = Text(
    "未写明使用目的时，不按姓名、单位、简介查找，只按方向、城市等",
    "without a purpose, names, employers and profiles are not searched: directions, cities and the like are",
)


def stub(session: Session) -> library_service_pb2_grpc.LibraryServiceStub:
    """The library."""
    return library_service_pb2_grpc.LibraryServiceStub(session.channel("talent"))


def search(
    session: Session, query: str, filter_: str, order_by: str, limit: int
) -> service.SearchPersonsResponse:
    """People by text and filter, in an order, with facets."""
    request = service.SearchPersonsRequest(
        query=words_of(query), filter=filter_, order_by=order_by, page_size=limit, facets=FACETS
    )
    return stub(session).SearchPersons(request, timeout=TIMEOUT_SECONDS)


def get(session: Session, name: str) -> person_pb2.Person:
    """One person."""
    return stub(session).GetPerson(service.GetPersonRequest(name=name), timeout=TIMEOUT_SECONDS)


def show_search(session: Session, query: str, found: service.SearchPersonsResponse) -> None:
    """People, then the counts of each dimension; a small count is not told."""
    title = Text(f"人才 {found.total_size} 人", f"{found.total_size} people")
    session.output.rows(title, _COLUMNS, [_row(each, session.language) for each in found.persons])
    note_facets(session, found.facets)
    if not found.persons and (district := part_of(wording.catalogue(), query)):
        session.output.note(district[1].to(session.language))
    if query and session.purpose is None:
        session.output.note(_UNSEARCHED_NOTE.to(session.language))
    note_withheld(session)


def show_one(session: Session, person: person_pb2.Person) -> None:
    """Every field the caller may see, in words; in JSON named and written as in the contract."""
    given = MessageToDict(person, preserving_proto_field_name=True)
    origin = wording.origin(person.origin)
    if session.output.for_programs:
        listed = [(name, value) for name, value in given.items() if name != "etag"]
    else:
        listed = [
            (
                persons.field(name, session.language),
                persons.value(name, given[name], wording.words(session.language)),
            )
            for name in persons.FIELDS
            if name in given
        ]
        listed.append((Text("编号", "resource").to(session.language), person.name))
    rows = [{"field": name, "value": value, "origin": origin} for name, value in listed]
    title = Text(person.display_name, person.display_name)
    session.output.rows(title, _FIELD_COLUMNS, rows)
    note_withheld(session)


def origin_of(session: Session, name: str) -> str:
    """REAL or SYNTHETIC of a person, asked for without a purpose: nothing personal is looked at for it.

    REAL of somebody whose record the caller may not read.
    """
    with replace(session, purpose=None, _channels={}) as plain:
        try:
            return wording.origin(get(plain, name).origin)
        except grpc.RpcError:
            return "REAL"


def name_of(session: Session, person: str) -> str:
    """What somebody is called as far as the caller may see it; nothing where they may not read the record."""
    try:
        return get(session, person).display_name
    except grpc.RpcError:
        return ""


def note_withheld(session: Session) -> None:
    """Below a table: that more is seen by who states a purpose."""
    if session.purpose is None:
        session.output.note(_HIDDEN_NOTE.to(session.language))


def withdraw(session: Session, name: str, reason: str) -> None:
    """Record that consent was withdrawn."""
    person = get(session, name)
    request = service.WithdrawPersonRequest(
        name=name, etag=person.etag, reason=reason, request_id=str(uuid4())
    )
    stub(session).WithdrawPerson(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已撤回，不再用于任何用途", f"{name} is withdrawn from every use"))


def erase(session: Session, name: str, reason: str) -> None:
    """Destroy the record and its key."""
    request = service.ErasePersonRequest(name=name, reason=reason, request_id=str(uuid4()))
    stub(session).ErasePerson(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"{name} 已彻底删除", f"{name} is erased"))


def _row(person: person_pb2.Person, language: Language) -> dict[str, Any]:
    return {
        "name": person.display_name,
        "category": wording.category(person.category_code, language),
        "city": wording.city(person.city_code, language),
        "directions": [wording.direction(each.code, language) for each in person.direction_shares],
        "title": person.job_title,
        "id": person.name,
        "origin": wording.origin(person.origin),
    }
