"""The facts that the rows of a file state, as the domain takes them."""

from collections.abc import Collection, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from services.talent.domain.people.availability import Availability
from services.talent.domain.people.biography import (
    Affiliation,
    Degree,
    Education,
    NameKind,
    OtherName,
    Work,
    WorkKind,
)
from services.talent.domain.people.id_number import document_digest
from services.talent.domain.people.person import PersonFacts, Purpose, per_mille
from services.talent.domain.position import Position, PositionFacts
from services.workbook.sheets import SHEETS

Values = Mapping[str, Any]


def person_facts(values: Values, digest_key: bytes, today: date) -> PersonFacts:
    """The facts of a row of the sheet 人才. Raises InvalidArgument for the identity number."""
    number = values["id_number"]
    return PersonFacts(
        ref=values["ref"],
        name=values["name"],
        category=values["category"],
        city=values["city"],
        mobility=values["mobility"],
        availability=Availability[values["availability"]],
        direction_shares=shares_of(values["directions"]),
        employer=values["employer"],
        title=values["title"],
        profile=values["profile"],
        works=tuple(line for line in values["works"].splitlines() if line.strip()),
        phone=values["phone"],
        email=values["email"],
        id_digest=document_digest(number, digest_key, today=today, name="证件号码") if number else None,
        orcid=values["orcid"],
        birth_year=values["birth_year"],
        other_names=tuple(OtherName(NameKind[kind], name) for name, kind in values["other_names"]),
        affiliations=tuple(Affiliation(*each) for each in values["affiliations"]),
        education=tuple(
            Education(school, Degree[degree], subject, year)
            for school, degree, subject, year in values["education"]
        ),
        work_items=tuple(
            Work(title, WorkKind[kind], year, link) for title, kind, year, link in values["work_items"]
        ),
        observed=values["observed"],
        purposes=frozenset(Purpose(code) for code in values["purposes"]),
    )


def position_facts(values: Values, known: Position | None = None) -> PositionFacts:
    """The facts of a row of the sheet 岗位; heads filled that it does not state are as `known`."""
    return PositionFacts(
        ref=values["ref"],
        title=values["title"],
        employer=values["employer"],
        employer_code=values["employer_code"],
        city=values["city"],
        leaf=values["direction"],
        category=values["category"],
        headcount=values["headcount"],
        opened=values["opened"],
        filled=(known.filled if known else 0) if values["filled"] is None else values["filled"],
        closed=values["closed"],
        requirement=values["requirement"],
    )


def silent(columns: Collection[str]) -> frozenset[str]:
    """The facts of a person that a file without these columns says nothing about."""
    return frozenset(
        _FACTS.get(each.key, each.key) for each in SHEETS["persons"].columns if each.key not in columns
    )


_FACTS = {"directions": "direction_shares", "id_number": "id_digest"}


def shares_of(shares: Mapping[str, Fraction]) -> tuple[tuple[str, int], ...]:
    """Exact shares as thousandths that sum to 1000."""
    return per_mille({code: float(share) for code, share in shares.items()})


def headers_of(sheet: str) -> dict[str, str]:
    """The file's headers by the domain's field names."""
    headers = {column.key: column.header_zh for column in SHEETS[sheet].columns}
    for field, key in (
        ("direction_shares", "directions"),
        ("direction", "directions"),
        ("leaf", "direction"),
        ("subject", "person"),
        ("fills", "heads"),
        ("reason", "note"),
    ):
        if key in headers:
            headers.setdefault(field, headers[key])
    return {
        **headers,
        "id_digest": headers.get("id_number", ""),
        "employer_code": headers.get("employer_code", ""),
    }
