"""Between the contract of imports and what is kept of them."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bole.common.v1 import text_pb2, workbook_import_pb2
from bole.talent.v1 import import_pb2, person_pb2, position_pb2, team_pb2
from bole.talent.v1 import import_service_pb2 as wire
from services.chassis.imports.batch import ImportedRow, RowOutcome
from services.chassis.imports.outcomes import said_of
from services.chassis.rpc.wire import date_to_wire
from services.chassis.sealing import DataKey, SealBroken, open_sealed
from services.chassis.storage.listing import Query
from services.chassis.storage.paging import PageTokens
from services.chassis.storage.snapshots import values_of
from services.talent.domain.people.person import Purpose
from services.talent.events import shares_to_wire
from services.talent.rpc.people.biography_wire import (
    affiliations_to_wire,
    education_to_wire,
    names_to_wire,
    works_to_wire,
)
from services.talent.rpc.people.duplicate_wire import evidence_to_wire
from services.talent.rpc.wire import PERSON_FIELDS
from services.talent.service.imports.doubles import Double
from services.talent.service.imports.lost_moves import DETAIL
from services.talent.service.imports.private import masked
from services.talent.service.people.people import People
from services.talent.store import lists, repository, schema
from services.talent.store.imports.imports import refs_of
from services.talent.store.people.facts import facts_of

_PERSON = {domain: field for field, domain in PERSON_FIELDS.items()}
_BIOGRAPHY: Mapping[str, Callable[[Any], Any]] = {
    "other_names": names_to_wire,
    "affiliations": affiliations_to_wire,
    "education": education_to_wire,
    "work_items": works_to_wire,
}
_POSITION = {
    "title": "title",
    "employer": "employer",
    "employer_code": "employer_uscc",
    "city": "city_code",
    "leaf": "direction_code",
    "category": "category_code",
    "headcount": "headcount",
    "filled": "filled_count",
    "opened": "opened_date",
    "closed": "closed_date",
    "requirement": "requirement",
}
_TRAINING = {
    "provider": "provider",
    "provider_code": "provider_uscc",
    "programme": "programme",
    "city": "city_code",
    "leaf": "direction_code",
    "category": "category_code",
    "places": "place_count",
    "starts": "start_date",
    "completes": "completion_date",
    "completion": "completion_permille",
    "retention": "retention_permille",
}
_EVIDENCE = {
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
    "quantity": "quantity",
    "remark": "remark",
}
_NAMED_ONLY = {"training": _TRAINING, "evidence": _EVIDENCE}
"""Sheets of whose changes the names of the fields are told, and no values."""
_COLLECTIONS = {"training": "trainingPlaces", "evidence": "evidenceRecords"}
"""Where resource names begin otherwise than the sheet is called."""
_TEAM = {
    "name": "display_name",
    "lead": "lead",
    "members": "members",
    "directions": "direction_codes",
    "city": "city_code",
    "profile": "profile",
    "needs": "needs",
}


@dataclass(frozen=True)
class ImportRows:
    """The rows of an import, with what was and what is."""

    people: People

    def page(
        self, session: Session, id_: str, query: Query, pages: PageTokens, subject: str
    ) -> wire.ListImportRowsResponse:
        """One page, sheet by sheet and in the order of the file."""
        tables = schema.imports
        page = tables.rows(lists.SHEETS).page(
            session, tables.row_kind, query, pages, subject, tables.row.c.batch_id == id_
        )
        persons = _named(page.items, "persons")
        keys = self.people.assertions.keys_of(session, persons)
        cities = repository.cities_of(session, persons)
        refs = {sheet: refs_of(session, sheet, _named(page.items, sheet)) for sheet in lists.SHEETS}
        return wire.ListImportRowsResponse(
            rows=[_row(row, keys, cities, refs[row.sheet]) for row in page.items],
            next_page_token=page.next_page_token,
            total_size=page.total,
        )


def _named(rows: Sequence[ImportedRow], sheet: str) -> list[str]:
    """The records that rows of a sheet made or changed."""
    return [row.resource_id for row in rows if row.sheet == sheet and row.resource_id]


def _row(
    row: ImportedRow, keys: Mapping[str, DataKey], cities: Mapping[str, str], refs: Mapping[str, str]
) -> import_pb2.ImportRow:
    made = import_pb2.ImportRow(
        sheet=row.sheet,
        row=row.row,
        outcome=f"OUTCOME_{row.outcome.name}",
        resource=resource_of(row.sheet, row.resource_id) if row.resource_id else "",
        source_ref=refs.get(row.resource_id or "", ""),
    )
    if row.outcome is RowOutcome.CHANGED and row.sheet == "persons":
        id_ = row.resource_id or ""
        _show_person(made, row, keys.get(id_), cities.get(id_, ""))
    elif row.outcome is RowOutcome.CHANGED:
        _show(made, row)
    else:
        said, clean = said_of(row.detail), masked if row.sheet == "persons" else str
        made.problems.extend(
            workbook_import_pb2.RowProblem(
                sheet=row.sheet,
                row=row.row,
                field=field,
                reason=reason,
                text=text_pb2.Text(zh=clean(zh), en=clean(en)),
            )
            for field, reason, zh, en in said.get("problems", ())
        )
        _show_doubles(made, [Double.of(each) for each in said.get("doubles", ())])
    return made


def resource_of(sheet: str, id_: str) -> str:
    """Name of the record that a row made or changed."""
    if sheet == "outcomes":
        position, _, number = id_.partition("/")
        return f"positions/{position}/outcomes/{number}"
    return f"{_COLLECTIONS.get(sheet, sheet)}/{id_}"


def _show_doubles(made: import_pb2.ImportRow, doubles: Sequence[Double]) -> None:
    """Whom a new row may be about, with the evidence."""
    made.possible_duplicates.extend(f"persons/{each.person_id}" for each in doubles if each.person_id)
    made.resemblances.extend(
        import_pb2.RowResemblance(
            city_code=each.city,
            person=f"persons/{each.person_id}" if each.person_id else "",
            ref=each.ref,
            band=f"DUPLICATE_BAND_{each.band}",
            bits=each.millibits / 1000,
            evidence=evidence_to_wire(each.evidence),
        )
        for each in doubles
    )


def _show_person(made: import_pb2.ImportRow, row: ImportedRow, key: DataKey | None, city: str) -> None:
    """Before and after of a person; nothing of somebody who was erased since."""
    if key is None or row.detail is None:
        return
    try:
        said = json.loads(open_sealed(f"persons/{row.resource_id}", row.detail, key, schema=DETAIL))
    except SealBroken:
        return
    made.changed_fields.extend(_PERSON[name] for name in said["before"])
    for side in ("before", "after"):
        facts = facts_of({name: value for name, value in said[side].items() if value is not None})
        message = getattr(made, f"person_{side}")
        message.CopyFrom(_person(facts))
        message.city_code = message.city_code or city


def _person(facts: Mapping[str, Any]) -> person_pb2.Person:
    given: dict[str, Any] = {_PERSON[name]: value for name, value in facts.items()}
    if "availability" in given:
        given["availability"] = f"AVAILABILITY_{given['availability'].name}"
    if "direction_shares" in given:
        given["direction_shares"] = shares_to_wire(given["direction_shares"])
    if "observed_date" in given:
        given["observed_date"] = date_to_wire(given["observed_date"])
    if "purposes" in given:
        allowed: frozenset[Purpose] = given["purposes"]
        given["purposes"] = [f"CONSENT_PURPOSE_{each.name}" for each in sorted(allowed)]
    for name, to_wire in _BIOGRAPHY.items():
        if name in given:
            given[name] = to_wire(given[name])
    return person_pb2.Person(**given)


def _show(made: import_pb2.ImportRow, row: ImportedRow) -> None:
    """Before and after of a team or a position; of the rest, which fields changed."""
    said = said_of(row.detail)
    if row.sheet in _NAMED_ONLY:
        fields = _NAMED_ONLY[row.sheet]
        made.changed_fields.extend(fields[name] for name in said["before"] if name in fields)
        return
    kind, table, names = (
        ("team", schema.team, _TEAM) if row.sheet == "teams" else ("position", schema.position, _POSITION)
    )
    made.changed_fields.extend(names[name] for name in said["before"] if name in names)
    for side in ("before", "after"):
        values = values_of(table, {name: value for name, value in said[side].items() if name in names})
        build = _team if kind == "team" else _position
        getattr(made, f"{kind}_{side}").CopyFrom(build(values))


def _team(values: Mapping[str, Any]) -> team_pb2.Team:
    given: dict[str, Any] = {_TEAM[name]: value for name, value in values.items()}
    if "lead" in given:
        given["lead"] = f"persons/{given['lead']}"
    if "members" in given:
        given["members"] = [f"persons/{each.person_id}" for each in given["members"]]
    if "needs" in given:
        given["needs"] = [
            team_pb2.TeamNeed(direction_code=leaf, headcount=heads) for leaf, heads in given["needs"]
        ]
    return team_pb2.Team(**given)


def _position(values: Mapping[str, Any]) -> position_pb2.Position:
    given: dict[str, Any] = {_POSITION[name]: value for name, value in values.items()}
    for name in ("opened_date", "closed_date"):
        if given.get(name) is not None:
            given[name] = date_to_wire(given[name])
    return position_pb2.Position(**{name: value for name, value in given.items() if value is not None})
