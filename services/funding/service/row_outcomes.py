"""What became of the rows of a sheet, once they are written."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome, said_of
from services.chassis.imports.sheets import Judged
from services.chassis.storage.columns import canonical_json
from services.chassis.storage.snapshots import difference


def of_kinds(judged: Sequence[Judged]) -> tuple[list[Any], list[Any]]:
    """The records that are new, and those that changed."""
    made, changed = (
        [each.subject for each in judged if each.kind is kind]
        for kind in (RowOutcome.NEW, RowOutcome.CHANGED)
    )
    return made, changed


def outcomes(
    judged: Sequence[Judged], stored: Table, also: Callable[[Judged], Mapping[str, Any]] = lambda _: {}
) -> list[Outcome]:
    """New and changed rows with what changed, how their amounts were read (`Judged.beside`), and what `also` says."""
    found = []
    for each in judged:
        if each.kind is not None:
            said = said_of(difference(stored, each.subject, each.before))
            detail = canonical_json({**said, **also(each), "amounts": each.beside or []}).encode()
            found.append(Outcome(each.row, each.kind, each.subject.id, each.subject.version, detail))
    return found
