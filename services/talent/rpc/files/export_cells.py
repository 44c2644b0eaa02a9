"""Records as the cells of the exchange workbook: what the import reads again."""

from collections.abc import Mapping
from typing import Any

from bole.common.v1 import data_origin_pb2
from bole.talent.v1 import evidence_pb2, move_pb2, person_pb2, position_pb2, team_pb2, training_pb2
from services.catalogue import Catalogue
from services.kernel.text import in_per_cent
from services.talent.domain.axes import OUTSIDE
from services.talent.rpc.files import export_biography as biography
from services.talent.rpc.files.export_biography import day
from services.workbook.choices import AVAILABILITY, MOVE_REASON, ORIGIN, OUTCOME, PURPOSE, Choices, label_zh
from services.workbook.evidence_sheet import EVIDENCE_KIND

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
        "orcid": "orcid",
        "birth_year": "birth_year",
        "other_names": "other_names",
        "affiliations": "affiliations",
        "education": "education",
        "work_items": "work_items",
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
        "needs": "needs",
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
    "outcomes": {
        "ref": "name",
        "position": "name",
        "kind": "kind",
        "heads": "headcount",
        "day": "outcome_date",
        "person": "person",
        "skill": "missing_skill",
        "note": "note",
    },
    "training": {
        "ref": "source_ref",
        "provider": "provider",
        "provider_code": "provider_uscc",
        "programme": "programme",
        "city": "city_code",
        "direction": "direction_code",
        "category": "category_code",
        "places": "place_count",
        "starts": "start_date",
        "completes": "completion_date",
        "completion": "completion_permille",
        "retention": "retention_permille",
        "origin": "origin",
    },
    "moves": {
        "ref": "source_ref",
        "person": "person",
        "category": "category_code",
        "directions": "direction_shares",
        "from_city": "from_city_code",
        "to_city": "to_city_code",
        "day": "move_date",
        "heads": "headcount",
        "reason": "reason",
        "note": "note",
        "origin": "origin",
    },
    "evidence": {
        "ref": "source_ref",
        "kind": "kind",
        "title": "title",
        "type_code": "type_code",
        "city": "city_code",
        "industry": "industry_code",
        "approved": "approved_date",
        "opened": "opened_date",
        "closed": "closed_date",
        "document": "document",
        "department": "department_code",
        "person": "subject",
        "team": "subject",
        "quantity": "quantity",
        "remark": "remark",
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
        self._directions = {each.code: each.name_zh for each in catalogue.leaves}
        self._industries = {each.id: each.name_zh for each in catalogue.industries}
        self._departments = {each.id: each.name_zh for each in catalogue.departments}

    def of_person(self, person: person_pb2.Person) -> dict[str, str]:
        """By column key; what was taken out by policy is empty."""
        cells = self._common(person, "persons")
        availability = person_pb2.Availability.Name(person.availability).removeprefix("AVAILABILITY_")
        return cells | {
            "mobility": ";".join(self._cities[code] for code in person.mobility_city_codes),
            "availability": "" if not person.availability else label_zh(AVAILABILITY, availability),
            "directions": self._shares({each.code: each.permille for each in person.direction_shares}),
            "works": "\n".join(person.works),
            "observed": day(person.observed_date) if person.HasField("observed_date") else "",
            "purposes": ";".join(_purpose(each) for each in person.purposes),
            "birth_year": str(person.birth_year or ""),
            "other_names": biography.names(person),
            "affiliations": biography.affiliations(person),
            "education": biography.education(person),
            "work_items": biography.works(person),
        }

    def of_team(self, team: team_pb2.Team, refs: Mapping[str, str]) -> dict[str, str]:
        """`refs`: source numbers of people by resource name."""
        members = [refs.get(name, "") for name in team.members]
        codes = team.direction_codes
        names = [self._direction(code) for code in codes]
        shares = ";".join(f"{name}:1/{len(names)}" for name in names) if len(names) > 1 else "".join(names)
        return self._common(team, "teams") | {
            "lead": refs.get(team.lead, ""),
            "members": ";".join(ref for ref in members if ref),
            "directions": shares,
            "needs": ";".join(
                f"{self._direction(each.direction_code)}={each.headcount}" for each in team.needs
            ),
        }

    def of_position(self, position: position_pb2.Position) -> dict[str, str]:
        """By column key."""
        return self._common(position, "positions") | {
            "direction": self._direction(position.direction_code),
            "headcount": str(position.headcount),
            "filled": str(position.filled_count),
            "opened": day(position.opened_date),
            "closed": day(position.closed_date) if position.HasField("closed_date") else "",
        }

    def of_outcome(
        self, outcome: position_pb2.PositionOutcome, ref: str, position: str, refs: Mapping[str, str]
    ) -> dict[str, str]:
        """`ref` and `position`: numbers of the outcome and its position; `refs`: of people by resource name."""
        kind = position_pb2.PositionOutcome.Kind.Name(outcome.kind).removeprefix("KIND_")
        return {
            "ref": ref,
            "position": position,
            "kind": _label(OUTCOME, kind),
            "heads": str(outcome.headcount or ""),
            "day": day(outcome.outcome_date),
            "person": refs.get(outcome.person, ""),
            "skill": outcome.missing_skill,
            "note": outcome.note,
        }

    def of_training(self, place: training_pb2.TrainingPlace) -> dict[str, str]:
        """By column key."""
        return self._common(place, "training") | {
            "direction": self._direction(place.direction_code),
            "places": str(place.place_count),
            "starts": day(place.start_date),
            "completes": day(place.completion_date),
            "completion": in_per_cent(place.completion_permille),
            "retention": in_per_cent(place.retention_permille),
        }

    def of_move(self, move: move_pb2.Move, refs: Mapping[str, str]) -> dict[str, str]:
        """`refs`: source numbers of people by resource name."""
        reason = move_pb2.Move.Reason.Name(move.reason).removeprefix("REASON_")
        return self._common(move, "moves") | {
            "person": refs.get(move.person, ""),
            "directions": self._shares({each.code: each.permille for each in move.direction_shares}),
            "from_city": self._cities.get(move.from_city_code, move.from_city_code),
            "to_city": self._cities.get(move.to_city_code, move.to_city_code),
            "day": day(move.move_date) if move.HasField("move_date") else "",
            "heads": str(move.headcount or ""),
            "reason": _label(MOVE_REASON, reason),
        }

    def of_evidence(self, record: evidence_pb2.EvidenceRecord, refs: Mapping[str, str]) -> dict[str, str]:
        """`refs`: source numbers of people and teams by resource name."""
        kind = evidence_pb2.EvidenceKind.Name(record.kind).removeprefix("EVIDENCE_KIND_")
        subject = refs.get(record.subject, "")
        return self._common(record, "evidence") | {
            "kind": _label(EVIDENCE_KIND, kind),
            "industry": self._industries.get(record.industry_code, record.industry_code),
            "approved": _date(record, "approved_date"),
            "opened": _date(record, "opened_date"),
            "closed": _date(record, "closed_date"),
            "department": self._departments.get(record.department_code, record.department_code),
            "person": subject if record.subject.startswith("persons/") else "",
            "team": subject if record.subject.startswith("teams/") else "",
            "quantity": str(record.quantity or ""),
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
        named = {self._direction(code): permille for code, permille in shares.items()}
        if len(named) <= 1:
            return next(iter(named), "")
        return ";".join(f"{name}:{permille / 1000:g}" for name, permille in named.items())

    def _direction(self, code: str) -> str:
        """Its name, as the template offers it; a direction of an earlier edition keeps its code."""
        return self._directions.get(code, code)


def _purpose(value: int) -> str:
    code = person_pb2.ConsentPurpose.Name(value).removeprefix("CONSENT_PURPOSE_")
    return label_zh(PURPOSE, code.lower().replace("_", "-"))


def _label(choices: Choices, code: str) -> str:
    return next((choice.zh for choice in choices if choice.code == code), "")


def _date(record: Any, field: str) -> str:
    return day(getattr(record, field)) if record.HasField(field) else ""
