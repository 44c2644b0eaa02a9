"""Rows of the sheet 佐证."""

from collections.abc import Sequence

from sqlalchemy import select

from services.chassis.imports.batch import RowOutcome
from services.chassis.imports.outcomes import Outcome
from services.chassis.imports.sheets import Judged, refs_of
from services.chassis.storage.snapshots import difference, snapshot
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.evidence.kinds import EvidenceKind
from services.talent.domain.evidence.record import Evidence, EvidenceFacts
from services.talent.service.imports.facts import Values
from services.talent.service.imports.sheet import Run
from services.talent.store import repository, schema
from services.talent.store.people import evidence as store
from services.workbook.tables import Row


class EvidenceRows:
    """Rows of the evidence register. What is imported is entered by the importer, and confirmed by another."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._known: dict[str, Evidence] = {}

    def begin(self, chunk: Sequence[Row]) -> None:
        """Look up the records of these rows."""
        self._known = repository.by_refs(self._run.session, Evidence, schema.evidence, refs_of(chunk))

    def judge(self, row: int, values: Values) -> Judged:
        """New, changed or the same. Raises what the domain raises."""
        known, people, actor = self._known.get(values["ref"]), self._run.people, self._run.actor
        self._run.require_cities({values["city"], known.city} if known else (values["city"],))
        facts, catalogue, now = self._facts(values), people.catalogue, people.clock.now()
        store.require_present(self._run.session, facts.subject)
        if known is None:
            origin = values["origin"] or "REAL"
            made = Evidence.enter(
                facts, id_=people.ids.new(), origin=origin, actor=actor, catalogue=catalogue, now=now
            )
            return Judged(row, RowOutcome.NEW, made)
        before = snapshot(schema.evidence, known)
        if not known.revise(facts, actor=actor, catalogue=catalogue, now=now):
            return Judged(row, None)
        return Judged(row, RowOutcome.CHANGED, known, before)

    def write(self, judged: Sequence[Judged]) -> list[Outcome]:
        """Keep them."""
        session = self._run.session
        session.add_all([each.subject for each in judged if each.kind is RowOutcome.NEW])
        session.flush()
        return [
            Outcome(
                each.row,
                each.kind,
                each.subject.id,
                each.subject.version,
                difference(schema.evidence, each.subject, each.before),
            )
            for each in judged
            if each.kind is not None
        ]

    def _facts(self, values: Values) -> EvidenceFacts:
        names = ("ref", "title", "type_code", "city", "industry", "approved", "opened", "closed")
        return EvidenceFacts(
            **{name: values[name] for name in (*names, "document", "department", "remark")},
            kind=EvidenceKind[values["kind"]],
            quantity=values["quantity"] or 0,
            subject=self._subject(values["person"], values["team"]),
        )

    def _subject(self, person: str, team: str) -> str:
        """The name of the person or team of a number. Raises InvalidArgument for both, or for a number nobody has."""
        if person and team:
            raise InvalidArgument.field(
                "team", "ONE_SUBJECT", "人才编号与团队编号只能填写一项", "give a person or a team, not both"
            )
        if person:
            link = schema.record_link
            id_ = self._id(schema.person.c.ref == person, schema.person.c.id)
            return f"persons/{id_ or self._id(link.c.ref == person, link.c.person_id) or _nobody('person', person)}"
        if team:
            return f"teams/{self._id(schema.team.c.ref == team, schema.team.c.id) or _nobody('team', team)}"
        return ""

    def _id(self, where: object, column: object) -> str | None:
        found: str | None = self._run.session.scalar(select(column).where(where))  # type: ignore[call-overload]
        return found


def _nobody(field: str, ref: str) -> str:
    noun = {"person": Text("人才", "person"), "team": Text("团队", "team")}[field]
    raise InvalidArgument.field(
        field,
        f"UNKNOWN_{field.upper()}",
        f"库中没有编号为“{ref}”的{noun.zh}，请先导入",
        f"no {noun.en} has the number {ref!r}; import it first",
    )
