"""What the kept reports of imports say of rows of people that were refused."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select, tuple_, update
from sqlalchemy.orm import Session

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import said_of
from services.chassis.storage.columns import canonical_json
from services.talent.store import schema

Place = tuple[str, int]
"""The import and the number of the row, which are in the order in which rows are looked at."""
BEFORE_ALL: Place = ("", -1)
_PORTION = 500


def revise(session: Session, clean: Callable[[str], str], after: Place) -> tuple[int, Place | None]:
    """Put every text of the next rows through `clean`; how many rows that changed, and where to go on: None at the end.
    Safe to repeat.
    """
    table = schema.imports.row
    mine = (table.c.sheet == "persons") & (table.c.outcome == RowOutcome.REFUSED)
    where = tuple_(table.c.batch_id, table.c.row)
    query = select(table.c.batch_id, table.c.row, table.c.detail).where(mine, where > after)
    found = session.execute(query.order_by(table.c.batch_id, table.c.row).limit(_PORTION)).all()
    changed = 0
    for row in found:
        detail = _cleaned(said_of(row.detail), clean)
        if row.detail is not None and detail != row.detail:
            one = (table.c.batch_id == row.batch_id) & (table.c.row == row.row) & (table.c.sheet == "persons")
            session.execute(update(table).where(one).values(detail=detail))
            changed += 1
    return changed, (found[-1].batch_id, found[-1].row) if len(found) == _PORTION else None


def _cleaned(said: dict[str, Any], clean: Callable[[str], str]) -> bytes:
    problems = [[field, reason, clean(zh), clean(en)] for field, reason, zh, en in said.get("problems", ())]
    return canonical_json(said | {"problems": problems}).encode()
