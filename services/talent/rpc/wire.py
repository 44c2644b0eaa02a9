"""Between the talent contract and the talent domain."""

from datetime import date
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import person_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.chassis.storage.listing import Query
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.id_number import IdNumber
from services.talent.domain.people.person import Person, PersonFacts, Purpose
from services.talent.events import origin_to_wire, shares_to_wire
from services.talent.rpc.people.biography_wire import (
    affiliations_from_wire,
    affiliations_to_wire,
    education_from_wire,
    education_to_wire,
    names_from_wire,
    names_to_wire,
    works_from_wire,
    works_to_wire,
)

PERSON_FIELDS = {
    "display_name": "name",
    "category_code": "category",
    "city_code": "city",
    "mobility_city_codes": "mobility",
    "availability": "availability",
    "direction_shares": "direction_shares",
    "employer": "employer",
    "job_title": "title",
    "profile": "profile",
    "works": "works",
    "phone": "phone",
    "email": "email",
    "identity_number": "id_digest",
    "observed_date": "observed",
    "purposes": "purposes",
    "other_names": "other_names",
    "affiliations": "affiliations",
    "education": "education",
    "work_items": "work_items",
    "birth_year": "birth_year",
    "orcid": "orcid",
}


def id_of(name: str, collection: str, *, field: str = "name") -> str:
    """The bare id of `collection/{id}`. Raises InvalidArgument (INVALID_NAME)."""
    prefix, _, id_ = name.partition("/")
    if prefix != collection or not id_ or "/" in id_:
        raise InvalidArgument.field(
            field,
            "INVALID_NAME",
            f"名称应写成 {collection}/编号",
            f"the name must read {collection}/{{id}}",
        )
    return id_


def origin_from_wire(origin: data_origin_pb2.DataOrigin) -> str:
    """`REAL` unless the record says that it is sample data."""
    return "SYNTHETIC" if origin == data_origin_pb2.DATA_ORIGIN_SYNTHETIC else "REAL"


def person_to_wire(person: Person) -> person_pb2.Person:
    """The record without the sensitive facts; the policy takes out what its reader may not see."""
    return person_pb2.Person(
        name=f"persons/{person.id}",
        etag=etag_of(person.version),
        state=f"STATE_{person.status.name}",
        source_ref=person.ref,
        display_name=person.name,
        category_code=person.category,
        city_code=person.city,
        mobility_city_codes=person.mobility,
        availability=f"AVAILABILITY_{person.availability.name}",
        direction_shares=shares_to_wire(person.direction_shares),
        employer=person.employer,
        job_title=person.title,
        profile=person.profile,
        works=person.works,
        other_names=names_to_wire(person.other_names),
        affiliations=affiliations_to_wire(person.affiliations),
        education=education_to_wire(person.education),
        work_items=works_to_wire(person.work_items),
        orcid=person.orcid,
        observed_date=date_to_wire(person.observed),
        purposes=[f"CONSENT_PURPOSE_{each.name}" for each in sorted(person.purposes)],
        origin=origin_to_wire(person.origin),
        create_time=instant_to_wire(person.created_at),
        update_time=instant_to_wire(person.updated_at),
    )


def person_facts(person: person_pb2.Person, digest_key: bytes, today: date) -> PersonFacts:
    """What a request states about a person. Raises InvalidArgument for the identity number."""
    digest = _number_digest(person, digest_key, today) if person.identity_number else None
    return PersonFacts(
        ref=person.source_ref,
        name=person.display_name,
        category=person.category_code,
        city=person.city_code,
        mobility=tuple(person.mobility_city_codes),
        availability=Availability[
            person_pb2.Availability.Name(person.availability).removeprefix("AVAILABILITY_")
        ],
        direction_shares=tuple((each.code, each.permille) for each in person.direction_shares),
        employer=person.employer,
        title=person.job_title,
        profile=person.profile,
        works=tuple(person.works),
        phone=person.phone,
        email=person.email,
        id_digest=digest,
        other_names=names_from_wire(person.other_names),
        affiliations=affiliations_from_wire(person.affiliations),
        education=education_from_wire(person.education),
        work_items=works_from_wire(person.work_items),
        birth_year=person.birth_year or None,
        orcid=person.orcid,
        observed=date_from_wire(person.observed_date),
        purposes=frozenset(
            Purpose[person_pb2.ConsentPurpose.Name(each).removeprefix("CONSENT_PURPOSE_")]
            for each in person.purposes
            if each
        ),
    )


def _number_digest(person: person_pb2.Person, digest_key: bytes, today: date) -> str:
    number = IdNumber.parse(person.identity_number, today=today, name="person.identity_number")
    if person.birth_year not in (0, number.birth_year):
        raise InvalidArgument.field(
            "person.birth_year",
            "BIRTH_YEAR_DIFFERS",
            "出生年份与证件号码不一致，请核对",
            "the year of birth is not that of the identity number; check both",
        )
    return number.digest(digest_key)


def search_query(request: Any) -> Query:
    """The page that a search asks for: its token belongs to its words."""
    return Query(
        request.filter,
        request.order_by,
        request.page_size,
        request.page_token,
        {"query": request.query, "search": "1"},
    )
