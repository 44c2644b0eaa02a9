"""Rows of the sheet 岗位结果. An outcome that is known does not change: a row that differs is refused."""

import re
from collections.abc import Sequence

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.kernel.clock import civil_date
from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.position import OutcomeKind, OutcomeStated, Position, PositionOutcome
from services.talent.service.imports.facts import Values
from services.talent.service.imports.sheet import Run
from services.talent.service.positions import outcomes
from services.talent.store import positions as store
from services.talent.store import repository, schema
from services.workbook.tables import Row

_GIVEN = re.compile(r"O-(.+)-([0-9]{1,9})")


def ref_of(outcome: PositionOutcome) -> str:
    """The number of an outcome in files: its source's own, else one that says which it is."""
    return outcome.ref or f"O-{outcome.position_id}-{outcome.number}"


def name_of(outcome: PositionOutcome) -> str:
    """What an import's report and its undo call an outcome."""
    return f"{outcome.position_id}/{outcome.number}"


class OutcomeRows:
    """Rows about how heads were filled and searches ended, each taken in the order of the file."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[str, PositionOutcome] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the outcomes of these rows."""
        session, refs = self._run.session, refs_of(chunk)
        self._known = {each.ref or "": each for each in store.outcomes_by_ref(session, refs)}
        for ref in refs:
            given = _GIVEN.fullmatch(ref)
            found = store.outcome(session, given[1], int(given[2])) if given else None
            if found is not None and found.stands:
                self._known[ref] = found

    def judge(self, row: int, values: Values) -> Judged:
        """New or the same; a new one is recorded at once, so that the next row sees it. Raises what the domain raises,
        and for an outcome that is known otherwise.
        """
        session = self._run.session
        position = self._position(values["position"])
        self._run.require_cities((position.city,))
        stated = self._stated(values)
        known = self._known.get(values["ref"])
        if known is not None:
            _require_same(known, position, stated, values["ref"])
            return Judged(row, None)
        now, actor = self._run.positions.clock.now(), self._run.actor
        if stated.kind in (OutcomeKind.WITHDRAWN, OutcomeKind.EXPIRED):
            day = stated.day or civil_date(now)
            outcomes.end(session, position, stated.kind, stated.note, day, now, actor)
        else:
            outcomes.record(session, position, stated, now, actor)
        made = store.outcome(session, position.id, store.last_outcome_number(session, position.id))
        assert made is not None  # noqa: S101 (just recorded)
        made.ref = values["ref"]
        self._known[values["ref"]] = made
        return Judged(row, RowOutcome.NEW, (position, made))

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Tell of the positions."""
        new = [each for each in judged if each.kind is not None]
        touched = {position.id: position for position, _ in (each.subject for each in new)}
        self._run.positions.changed(self._run.session, list(touched.values()), self._run.actor)
        return [
            Outcome(each.row, RowOutcome.NEW, name_of(each.subject[1]), each.subject[0].version)
            for each in new
        ]

    def _position(self, ref: str) -> Position:
        found: dict[str, Position] = repository.by_refs(self._run.session, Position, schema.position, [ref])
        if not found:
            raise InvalidArgument.field(
                "岗位编号",
                "UNKNOWN_POSITION",
                f"没有编号 {ref} 的岗位，请先导入该岗位或更正编号",
                f"no position has the number {ref}; import it first or correct the number",
            )
        return found[ref]

    def _stated(self, values: Values) -> OutcomeStated:
        return OutcomeStated(
            kind=OutcomeKind[values["kind"]],
            heads=values["heads"] or 1,
            day=values["day"],
            person_id=self._run.person_of(values["person"]),
            note=values["note"],
            skill=values["skill"],
        )


def _require_same(known: PositionOutcome, position: Position, stated: OutcomeStated, ref: str) -> None:
    ends = known.kind in (OutcomeKind.WITHDRAWN, OutcomeKind.EXPIRED)
    same = (
        known.position_id == position.id
        and known.kind is stated.kind
        and (ends or known.heads == stated.heads)
        and stated.day in (None, known.day)
        and stated.person_id in (None, known.person_id)
        and (known.note, known.skill) == (stated.note, stated.skill)
    )
    if not same:
        raise FailedPrecondition(
            Text(
                f"岗位结果 {ref} 已登记且内容不同；如有误请先撤销原记录，再以新编号登记",
                f"outcome {ref} is recorded otherwise; void that record and use a new number",
            ),
            reason="OUTCOME_KNOWN_OTHERWISE",
        )
