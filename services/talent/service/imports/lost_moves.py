"""Moves that an import deletes because it withdraws consent to be counted: kept in its report, sealed under the key
of the person, so that an undo can bring them back and an erasure reaches them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from services.chassis.sealing import open_sealed
from services.chassis.storage.snapshots import snapshot, values_of
from services.talent.domain.flows.move import Move
from services.talent.domain.people.person import Person
from services.talent.service.people.people import People
from services.talent.store import schema
from services.talent.store.people import flows

DETAIL = "bole.talent.import-row"
Moves = Mapping[str, list[dict[str, Any]]]


def moves_by_person(session: Session, person_ids: Sequence[str]) -> Moves:
    """The moves of people as JSON, by person."""
    found: dict[str, list[dict[str, Any]]] = {id_: [] for id_ in person_ids}
    for move in flows.moves_of(session, person_ids):
        if move.person_id is not None:
            found[move.person_id].append({"id": move.id, **snapshot(schema.move, move)})
    return found


def lost(before: Moves, after: Moves, person_id: str) -> list[dict[str, Any]]:
    """Those of a person that are gone."""
    left = {each["id"] for each in after[person_id]}
    return [each for each in before[person_id] if each["id"] not in left]


def bring_back(session: Session, people: People, changed: Sequence[tuple[Person, bytes | None]]) -> None:
    """Record again what was lost by rows of a report, each with the person that it changed."""
    keys = people.assertions.keys_of(session, [person.id for person, _ in changed])
    for person, detail in changed:
        if detail is None:
            continue
        said = json.loads(open_sealed(f"persons/{person.id}", detail, keys[person.id], schema=DETAIL))
        for each in said.get("moves", ()):
            values = values_of(schema.move, {name: each[name] for name in each if name != "id"})
            session.add(Move(id=each["id"], version=0, **values))
    session.flush()
