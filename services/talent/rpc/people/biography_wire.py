"""Names, affiliations, education and works between the contract and the domain."""

from collections.abc import Iterable

from bole.talent.v1 import person_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire
from services.talent.domain.people.biography import (
    Affiliation,
    Degree,
    Education,
    NameKind,
    OtherName,
    Work,
    WorkKind,
)


def names_to_wire(names: Iterable[OtherName]) -> list[person_pb2.OtherName]:
    """Other names."""
    return [person_pb2.OtherName(kind=f"KIND_{each.kind.name}", text=each.text) for each in names]


def names_from_wire(names: Iterable[person_pb2.OtherName]) -> tuple[OtherName, ...]:
    """Other names. The message has passed request validation."""
    kinds = person_pb2.OtherName.Kind
    return tuple(
        OtherName(NameKind[kinds.Name(each.kind).removeprefix("KIND_")], each.text) for each in names
    )


def affiliations_to_wire(affiliations: Iterable[Affiliation]) -> list[person_pb2.Affiliation]:
    """Affiliations."""
    return [
        person_pb2.Affiliation(
            employer=each.employer,
            job_title=each.title,
            start_date=date_to_wire(each.since) if each.since else None,
            end_date=date_to_wire(each.until) if each.until else None,
        )
        for each in affiliations
    ]


def affiliations_from_wire(affiliations: Iterable[person_pb2.Affiliation]) -> tuple[Affiliation, ...]:
    """Affiliations."""
    return tuple(
        Affiliation(
            each.employer,
            each.job_title,
            date_from_wire(each.start_date) if each.HasField("start_date") else None,
            date_from_wire(each.end_date) if each.HasField("end_date") else None,
        )
        for each in affiliations
    )


def education_to_wire(education: Iterable[Education]) -> list[person_pb2.Education]:
    """Schools."""
    return [
        person_pb2.Education(
            school=each.school,
            degree="DEGREE_UNSPECIFIED" if each.degree is Degree.NONE else f"DEGREE_{each.degree.name}",
            subject=each.subject,
            year=each.year,
        )
        for each in education
    ]


def education_from_wire(education: Iterable[person_pb2.Education]) -> tuple[Education, ...]:
    """Schools."""
    degrees = person_pb2.Education.Degree
    return tuple(
        Education(
            each.school,
            Degree[degrees.Name(each.degree).removeprefix("DEGREE_")] if each.degree else Degree.NONE,
            each.subject,
            each.year or None,
        )
        for each in education
    )


def works_to_wire(works: Iterable[Work]) -> list[person_pb2.Work]:
    """Works."""
    return [
        person_pb2.Work(
            title=each.title,
            kind="KIND_UNSPECIFIED" if each.kind is WorkKind.OTHER else f"KIND_{each.kind.name}",
            year=each.year,
            link=each.link,
        )
        for each in works
    ]


def works_from_wire(works: Iterable[person_pb2.Work]) -> tuple[Work, ...]:
    """Works."""
    kinds = person_pb2.Work.Kind
    return tuple(
        Work(
            each.title,
            WorkKind[kinds.Name(each.kind).removeprefix("KIND_")] if each.kind else WorkKind.OTHER,
            each.year or None,
            each.link,
        )
        for each in works
    )
