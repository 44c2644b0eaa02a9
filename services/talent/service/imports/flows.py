"""Rows of the sheets 培养名额 and 人才流动."""

from collections.abc import Sequence
from typing import Any

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.chassis.storage.snapshots import difference, snapshot
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.axes import OUTSIDE
from services.talent.domain.flows.move import Move, MoveFacts, MoveReason
from services.talent.domain.flows.training import TrainingFacts, TrainingPlace
from services.talent.domain.people.person import WHOLE
from services.talent.service.imports.facts import Values, shares_of
from services.talent.service.imports.sheet import Run
from services.talent.service.people.moves import Moves
from services.talent.service.people.training import Training
from services.talent.store import repository, schema
from services.workbook.tables import Row


class TrainingRows:
    """Rows about training places."""

    def __init__(self, run: Run) -> None:
        people = run.people
        self._run = run
        self._training = Training(people.catalogue, people.axes, people.clock, people.ids)
        self._known: dict[str, TrainingPlace] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the records of these rows."""
        self._known = repository.by_refs(
            self._run.session, TrainingPlace, schema.training_place, refs_of(chunk)
        )

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        known = self._known.get(values["ref"])
        self._run.require_cities({values["city"], known.city} if known else (values["city"],))
        facts = training_facts(values)
        if known is None:
            made = self._training.make(facts, values["origin"] or "REAL", self._run.actor)
            return Judged(row, RowOutcome.NEW, made)
        before = snapshot(schema.training_place, known)
        if not known.revise(facts, axes=self._training.axes, now=self._training.clock.now()):
            return Judged(row, None)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them."""
        return _write(self._run, schema.training_place, judged)


class MoveRows:
    """Rows about moves. A move that is known does not change: a row that differs is refused."""

    def __init__(self, run: Run) -> None:
        people = run.people
        self._run = run
        self._moves = Moves(people.catalogue, people.axes, people.clock, people.ids)
        self._known: dict[str, Move] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the records of these rows."""
        self._known = repository.by_refs(self._run.session, Move, schema.move, refs_of(chunk))

    def judge(self, row: int, values: Values) -> Judged:
        """New or the same. Raises what the domain raises, and for a move that is known otherwise."""
        run, session = self._run, self._run.session
        cities = [city for city in (values["from_city"], values["to_city"]) if city and city != OUTSIDE]
        granted = next((city for city in cities if run.cities is not None and city in run.cities), None)
        run.require_cities([granted or values["from_city"]])
        made = self._moves.make(session, self._facts(values), values["origin"] or "REAL", run.actor)
        known = self._known.get(values["ref"])
        if known is None:
            return Judged(row, RowOutcome.NEW, made)
        if known.movement != made.movement or known.reason is not made.reason:
            raise FailedPrecondition(
                Text(
                    f"流动记录 {values['ref']} 已登记且内容不同；如有误请先撤销原记录，再以新编号登记",
                    f"move {values['ref']} is recorded otherwise; void that record and use a new number",
                ),
                reason="MOVE_KNOWN_OTHERWISE",
            )
        return Judged(row, None)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them."""
        return _write(self._run, schema.move, judged)

    def _facts(self, values: Values) -> MoveFacts:
        return MoveFacts(
            ref=values["ref"],
            person_id=self._run.person_of(values["person"]),
            category=values["category"] or "",
            shares=shares_of(values["directions"]) if values["directions"] else (),
            from_city=values["from_city"],
            to_city=values["to_city"] or "",
            day=values["day"],
            heads=values["heads"] or 1,
            reason=MoveReason[values["reason"]] if values["reason"] else MoveReason.UNSTATED,
            note=values["note"],
        )


def training_facts(values: Values) -> TrainingFacts:
    """The facts of a row of the sheet 培养名额."""
    return TrainingFacts(
        ref=values["ref"],
        provider=values["provider"],
        provider_code=values["provider_code"],
        programme=values["programme"],
        city=values["city"],
        leaf=values["direction"],
        category=values["category"],
        places=values["places"],
        starts=values["starts"],
        completes=values["completes"],
        completion=round(values["completion"] * WHOLE),
        retention=round(values["retention"] * WHOLE),
    )


def _write(run: Run, table: Any, judged: Sequence[Judged]) -> list[Outcome]:
    written = [each for each in judged if each.kind is not None]
    run.session.add_all(each.subject for each in written if each.kind is RowOutcome.NEW)
    run.session.flush()
    return [
        Outcome(
            each.row,
            each.kind,
            each.subject.id,
            each.subject.version,
            difference(table, each.subject, each.before),
        )
        for each in written
        if each.kind is not None
    ]
