"""Rows of the sheet 岗位."""

from collections.abc import Sequence

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.chassis.storage.snapshots import difference, snapshot
from services.talent.domain.position import Position
from services.talent.service.imports.facts import Values, position_facts
from services.talent.service.imports.sheet import Run
from services.talent.store import repository, schema
from services.workbook.tables import Row


class PositionRows:
    """Rows about positions."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[str, Position] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the positions of these rows."""
        self._known = repository.by_refs(self._run.session, Position, schema.position, refs_of(chunk))

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        known, positions = self._known.get(values["ref"]), self._run.positions
        self._run.require_cities({values["city"], known.city} if known else (values["city"],))
        facts, now = position_facts(values, known), positions.clock.now()
        if known is None:
            origin = values["origin"] or "REAL"
            made = Position.register(
                facts, id_=positions.ids.new(), origin=origin, axes=positions.axes, now=now
            )
            return Judged(row, RowOutcome.NEW, made)
        before = snapshot(schema.position, known)
        if not known.revise(facts, axes=positions.axes, now=now):
            return Judged(row, None)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them and tell of them."""
        positions, session, actor = self._run.positions, self._run.session, self._run.actor
        session.add_all([each.subject for each in judged if each.kind is RowOutcome.NEW])
        positions.changed(session, [each.subject for each in judged if each.kind is not None], actor)
        return [
            Outcome(
                each.row,
                each.kind,
                each.subject.id,
                each.subject.version,
                difference(schema.position, each.subject, each.before),
            )
            for each in judged
            if each.kind is not None
        ]
