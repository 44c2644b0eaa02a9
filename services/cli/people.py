"""`bole talent …`: people of the library."""

from typing import Any

from bole.talent.v1 import library_service_pb2 as service
from bole.talent.v1 import library_service_pb2_grpc, person_pb2
from services.cli import wording
from services.cli.output import Column
from services.cli.session import Session
from services.kernel.text import Language, Text

FACETS = ("industry_code", "city_code", "category_code")
_COLUMNS = (
    Column("name", Text("姓名", "name")),
    Column("category", Text("类别", "category")),
    Column("city", Text("城市", "city")),
    Column("directions", Text("方向", "directions")),
    Column("title", Text("职务", "title")),
    Column("id", Text("编号", "resource")),
)


def stub(session: Session) -> library_service_pb2_grpc.LibraryServiceStub:
    """The library."""
    return library_service_pb2_grpc.LibraryServiceStub(session.channel("talent"))


def search(session: Session, query: str, filter_: str, limit: int) -> service.SearchPersonsResponse:
    """People by text and filter, with facets."""
    request = service.SearchPersonsRequest(query=query, filter=filter_, page_size=limit, facets=FACETS)
    return stub(session).SearchPersons(request)


def get(session: Session, name: str) -> person_pb2.Person:
    """One person."""
    return stub(session).GetPerson(service.GetPersonRequest(name=name))


def show_search(session: Session, found: service.SearchPersonsResponse) -> None:
    """People, then the counts of each dimension."""
    title = Text(f"人才 {found.total_size} 人", f"{found.total_size} people")
    session.output.rows(title, _COLUMNS, [_row(each, session.language) for each in found.persons])
    words = {"industry_code": wording.industry, "city_code": wording.city, "category_code": wording.category}
    for facet in found.facets:
        shown = [
            f"{words[facet.field](each.value, session.language)} {each.count if each.HasField('count') else '<5'}"
            for each in facet.values
        ]
        session.output.say(Text(" · ".join(shown), " · ".join(shown)), style="dim")


def show_one(session: Session, person: person_pb2.Person) -> None:
    """Every field the caller may see."""
    from google.protobuf.json_format import MessageToDict

    session.output.document(MessageToDict(person, preserving_proto_field_name=True))


def withdraw(session: Session, name: str, reason: str) -> None:
    """Record that consent was withdrawn."""
    person = get(session, name)
    stub(session).WithdrawPerson(service.WithdrawPersonRequest(name=name, etag=person.etag, reason=reason))
    session.output.say(Text(f"{name} 已撤回，不再用于任何用途", f"{name} is withdrawn from every use"))


def erase(session: Session, name: str, reason: str) -> None:
    """Destroy the record and its key."""
    stub(session).ErasePerson(service.ErasePersonRequest(name=name, reason=reason))
    session.output.say(Text(f"{name} 已彻底删除", f"{name} is erased"))


def _row(person: person_pb2.Person, language: Language) -> dict[str, Any]:
    return {
        "name": person.display_name,
        "category": wording.category(person.category_code, language),
        "city": wording.city(person.city_code, language),
        "directions": "；".join(wording.direction(each.code, language) for each in person.direction_shares),
        "title": person.job_title,
        "id": person.name,
    }
