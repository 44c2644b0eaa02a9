"""Records as the cells of the exchange workbook: what the import reads again."""

from collections.abc import Mapping
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import person_pb2, position_pb2, team_pb2
from services.catalogue import Catalogue
from services.talent.domain.axes import OUTSIDE
from services.workbook.choices import AVAILABILITY, ORIGIN, PURPOSE, Choices, label_zh

FIELDS: Mapping[str, Mapping[str, str]] = {
    "persons": {
        "ref": "source_ref",
        "name": "display_name",
        "category": "category_code",
        "city": "city_code",
        "mobility": "mobility_city_codes",
        "availability": "availability",
        "directions": "direction_shares",
        "employer": "employer",
        "title": "job_title",
        "profile": "profile",
        "works": "works",
        "phone": "phone",
        "email": "email",
        "observed": "observed_date",
        "purposes": "purposes",
        "origin": "origin",
    },
    "teams": {
        "ref": "source_ref",
        "name": "display_name",
        "lead": "lead",
        "members": "members",
        "directions": "direction_codes",
        "city": "city_code",
        "profile": "profile",
        "origin": "origin",
    },
    "positions": {
        "ref": "source_ref",
        "title": "title",
        "employer": "employer",
        "employer_code": "employer_uscc",
        "city": "city_code",
        "direction": "direction_code",
        "category": "category_code",
        "headcount": "headcount",
        "opened": "opened_date",
        "filled": "filled_count",
        "closed": "closed_date",
        "requirement": "requirement",
        "origin": "origin",
    },
}
"""Columns that can be exported, and the field of the contract that each shows. Identity numbers are nowhere."""


class Cells:
    """Writes the fields of records as cells."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cities = {city.id: city.short_zh for city in catalogue.cities} | {OUTSIDE: "省外"}
        self._categories = {each.id: each.name_zh for each in catalogue.categories}

    def of_person(self, person: person_pb2.Person) -> dict[str, str]:
        """By column key; what was taken out by policy is empty."""
        cells = self._common(person, "persons")
        availability = person_pb2.Availability.Name(person.availability).removeprefix("AVAILABILITY_")
        return cells | {
            "mobility": ";".join(self._cities[code] for code in person.mobility_city_codes),
            "availability": "" if not person.availability else label_zh(AVAILABILITY, availability),
            "directions": self._shares({each.code: each.permille for each in person.direction_shares}),
            "works": "\n".join(person.works),
            "observed": _day(person.observed_date) if person.HasField("observed_date") else "",
            "purposes": ";".join(_purpose(each) for each in person.purposes),
        }

    def of_team(self, team: team_pb2.Team, refs: Mapping[str, str]) -> dict[str, str]:
        """`refs`: source numbers of people by resource name."""
        members = [refs.get(name, "") for name in team.members]
        codes = team.direction_codes
        shares = ";".join(f"{code}:1/{len(codes)}" for code in codes) if len(codes) > 1 else "".join(codes)
        return self._common(team, "teams") | {
            "lead": refs.get(team.lead, ""),
            "members": ";".join(ref for ref in members if ref),
            "directions": shares,
        }

    def of_position(self, position: position_pb2.Position) -> dict[str, str]:
        """By column key."""
        return self._common(position, "positions") | {
            "direction": position.direction_code,
            "headcount": str(position.headcount),
            "filled": str(position.filled_count),
            "opened": _day(position.opened_date),
            "closed": _day(position.closed_date) if position.HasField("closed_date") else "",
        }

    def _common(self, record: Any, sheet: str) -> dict[str, str]:
        """Plain texts, city, category and origin."""
        cells: dict[str, str] = {}
        for key, field in FIELDS[sheet].items():
            value: Any = getattr(record, field)
            if isinstance(value, str):
                cells[key] = value
        for key, names in (("city", self._cities), ("category", self._categories)):
            if key in cells:
                cells[key] = names.get(cells[key], cells[key])
        origin = data_origin_pb2.DataOrigin.Name(record.origin).removeprefix("DATA_ORIGIN_")
        return cells | {"origin": _label(ORIGIN, origin)}

    def _shares(self, shares: Mapping[str, int]) -> str:
        if len(shares) == 1:
            return next(iter(shares))
        return ";".join(f"{code}:{permille / 1000:g}" for code, permille in shares.items())


def _purpose(value: int) -> str:
    code = person_pb2.ConsentPurpose.Name(value).removeprefix("CONSENT_PURPOSE_")
    return label_zh(PURPOSE, code.lower().replace("_", "-"))


def _label(choices: Choices, code: str) -> str:
    return next((choice.zh for choice in choices if choice.code == code), "")


def _day(day: Any) -> str:
    return f"{day.year:04d}-{day.month:02d}-{day.day:02d}" if day.year else ""
