"""Rows of the sheet 团队."""

from collections.abc import Sequence

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.chassis.storage.snapshots import difference, snapshot
from services.kernel.errors import InvalidArgument
from services.talent.domain.people.team import Member, Team, TeamFacts
from services.talent.service.imports.facts import Values
from services.talent.service.imports.sheet import Run
from services.talent.store import repository, schema
from services.talent.store.people.known import known_by_refs
from services.workbook.tables import Row


class TeamRows:
    """Rows about teams."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[str, Team] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the teams of these rows."""
        self._known = repository.by_refs(self._run.session, Team, schema.team, refs_of(chunk))

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        known, people = self._known.get(values["ref"]), self._run.people
        self._run.require_cities({values["city"], known.city} if known else (values["city"],))
        lead, *members = self._members(values)
        parts = {each.person_id: each for each in known.members} if known else {}
        facts = TeamFacts(
            ref=values["ref"],
            name=values["name"],
            lead=lead,
            members=tuple(parts.get(id_, Member(id_)) for id_ in members),
            directions=tuple(values["directions"]),
            city=values["city"],
            profile=values["profile"],
            needs=values["needs"] or (known.needs if known else ()),
        )
        if known is None:
            origin = values["origin"] or "REAL"
            made = Team.register(
                facts, id_=people.ids.new(), origin=origin, axes=people.axes, now=people.clock.now()
            )
            return Judged(row, RowOutcome.NEW, made)
        before = snapshot(schema.team, known)
        if not known.revise(facts, axes=people.axes, now=people.clock.now()):
            return Judged(row, None)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them and tell of them."""
        session, people, actor = self._run.session, self._run.people, self._run.actor
        session.add_all([each.subject for each in judged if each.kind is RowOutcome.NEW])
        session.flush()
        touched: list[Team] = [each.subject for each in judged if each.kind is not None]
        repository.index_teams(session, touched, people.catalogue)
        people.tell_teams(session, touched, actor)
        return [
            Outcome(
                each.row,
                each.kind,
                each.subject.id,
                each.subject.version,
                difference(schema.team, each.subject, each.before),
            )
            for each in judged
            if each.kind is not None
        ]

    def _members(self, values: Values) -> list[str]:
        """Ids of the lead and the members, merged ones as whom they are.

        Raises InvalidArgument that names the numbers nobody has.
        """
        refs = [values["lead"], *(ref for ref in values["members"] if ref != values["lead"])]
        found = known_by_refs(self._run.session, refs)
        missing = [ref for ref in refs if ref not in found]
        if missing:
            header = "负责人编号" if values["lead"] in missing else "成员编号"
            raise InvalidArgument.field(
                header,
                "UNKNOWN_PERSON",
                f"人才库中没有编号 {'、'.join(missing[:10])}，请先导入该人才或更正编号",
                f"nobody in the library has the number {', '.join(missing[:10])}; import them first or correct it",
            )
        return list(dict.fromkeys(found[ref].person_id for ref in refs))
