"""Import of people, teams and positions: every row is read, judged and reported; good rows are written together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Table as SqlTable
from sqlalchemy.orm import Session

from bole.common.v1.workbook_import_pb2 import ImportReport
from services.catalogue import Catalogue
from services.chassis.importing import Tally, Upload
from services.chassis.journal import Change
from services.chassis.policy import require_granted
from services.chassis.topics import TEAMS
from services.kernel.clock import civil_date, midnight
from services.kernel.errors import BoleError, InvalidArgument
from services.talent import events
from services.talent.domain.availability import Availability
from services.talent.domain.id_number import document_digest
from services.talent.domain.person import Person, PersonFacts, Purpose, check_facts, per_mille
from services.talent.domain.position import Position, PositionFacts
from services.talent.domain.statement import IMPORT
from services.talent.domain.team import Member, Team, TeamFacts
from services.talent.service.assertions import is_news, last_word, whole
from services.talent.service.people import Entered, People
from services.talent.service.positions import Positions
from services.talent.store import repository, schema
from services.workbook.duplicates import find_duplicates
from services.workbook.reading import hold, open_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Table

SHEET_ORDER = ("persons", "teams", "positions")
Values = Mapping[str, Any]
Judge = Callable[[Values, Any], "Judgement"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one good row amounts to: what is to be written, and whether it is new or changed (neither: the same)."""

    aggregate: Any
    new: bool
    changed: bool


@dataclass(frozen=True)
class TalentImport:
    """The import use case."""

    catalogue: Catalogue
    people: People
    positions: Positions
    digest_key: bytes

    def run(
        self, session: Session, upload: Upload, actor: str, cities: frozenset[str] | None
    ) -> ImportReport:
        """Write what the mode allows within the transaction of `session`, for these `cities` (None: all).

        Raises InvalidArgument for a file that is no workbook or has none of the sheets, and NothingWritten,
        which carries the report, when nothing may be written.
        """
        header = upload.header
        book = hold(
            open_workbook(
                upload.file, filename=header.filename, sheet=header.sheet or None, encoding=header.encoding
            )
        )
        if not set(SHEET_ORDER) & set(book.tables):
            raise InvalidArgument.field(
                "file",
                "SHEET_MISSING",
                "文件中没有人才、团队或岗位表，请使用模板",
                "the file has no sheet of persons, teams or positions; use the template",
            )
        tally = Tally()
        for key in SHEET_ORDER:
            if key in book.tables:
                self._sheet(session, book.tables[key], tally, actor, cities)
        return tally.settle(upload, book)

    def _sheet(
        self, session: Session, table: Table, tally: Tally, actor: str, cities: frozenset[str] | None
    ) -> None:
        tally.read(table.sheet)
        refs = [ref for row in table.rows if (ref := row.cells.get("ref", ""))]
        aggregate, sql_table, judge, write = self._ways(session, table.sheet, refs)
        known = repository.by_refs(session, aggregate, sql_table, refs)
        reader = RowReader(SHEETS[table.sheet], self.catalogue)
        repeated = find_duplicates(table)
        new: list[Any] = []
        changed: list[Any] = []
        for row in table.rows:
            if row.number in repeated.same:
                tally.same(table.sheet)
                continue
            try:
                values = reader.read(row)
                if row.number in repeated.conflicting:
                    raise InvalidArgument.of(repeated.conflicting[row.number])
                standing = known.get(row.cells["ref"])
                for city in {str(values["city"]), standing.city if standing else str(values["city"])}:
                    require_granted(cities, city, "city")
                judged = judge(values, standing)
            except BoleError as error:
                tally.refused(table.sheet, row.number, error.renamed(_headers(table.sheet)))
                continue
            _count(tally, table.sheet, judged)
            (new if judged.new else changed if judged.changed else []).append(judged.aggregate)
        write(new, changed, actor)

    def _ways(
        self, session: Session, sheet: str, refs: list[str]
    ) -> tuple[type[Any], SqlTable, Judge, Callable[[list[Any], list[Any], str], None]]:
        if sheet == "persons":
            said = self._said(session, refs)
            return (
                Person,
                schema.person,
                lambda values, known: self._person(values, known, said.get(known.id) if known else None),
                lambda n, c, a: self._write_people(session, n, c, a),
            )
        if sheet == "positions":
            return (
                Position,
                schema.position,
                self._position,
                lambda n, c, a: self._write_positions(session, n, c, a),
            )
        return (
            Team,
            schema.team,
            lambda values, known: self._team(session, values, known),
            lambda n, c, a: self._write_teams(session, n, c, a),
        )

    def _person(self, values: Values, known: Person | None, said: Mapping[str, Any] | None) -> Judgement:
        """`said`: what imports have stated about this person before."""
        now = self.people.clock.now()
        facts = person_facts(values, self.digest_key, civil_date(now))
        checked = check_facts(facts, self.people.axes, civil_date(now))
        stated, since = whole(checked, IMPORT, said), midnight(checked.observed)
        if known is None:
            origin = values["origin"] or "REAL"
            made = Person.register(checked, id_=self.people.ids.new(), origin=origin, now=now)
            return Judgement(Entered(made, stated, since), new=True, changed=False)
        if not is_news(stated, said):
            return Judgement(known, new=False, changed=False)
        known.require_active()
        return Judgement(Entered(known, stated, since), new=False, changed=True)

    def _said(self, session: Session, refs: list[str]) -> dict[str, Mapping[str, Any] | None]:
        """What imports have stated about the people of these numbers, by id."""
        known = repository.by_refs(session, Person, schema.person, refs)
        found = self.people.assertions.about(session, [each.id for each in known.values()])
        return {id_: last_word(said, IMPORT) for id_, said in found.items()}

    def _position(self, values: Values, known: Position | None) -> Judgement:
        facts = position_facts(values, known)
        axes, now = self.positions.axes, self.positions.clock.now()
        if known is None:
            made = Position.register(
                facts, id_=self.positions.ids.new(), origin=values["origin"] or "REAL", axes=axes, now=now
            )
            return Judgement(made, new=True, changed=False)
        return Judgement(known, new=False, changed=known.revise(facts, axes=axes, now=now))

    def _team(self, session: Session, values: Values, known: Team | None) -> Judgement:
        members = self._members(session, values)
        facts = TeamFacts(
            ref=values["ref"],
            name=values["name"],
            lead=members[0],
            members=tuple(Member(id_) for id_ in members[1:]),
            directions=tuple(values["directions"]),
            city=values["city"],
            profile=values["profile"],
        )
        axes, now = self.people.axes, self.people.clock.now()
        if known is None:
            made = Team.register(
                facts, id_=self.people.ids.new(), origin=values["origin"] or "REAL", axes=axes, now=now
            )
            return Judgement(made, new=True, changed=False)
        return Judgement(known, new=False, changed=known.revise(facts, axes=axes, now=now))

    def _members(self, session: Session, values: Values) -> list[str]:
        """Ids of the lead and the members. Raises InvalidArgument that names the numbers nobody has."""
        refs = [values["lead"], *(ref for ref in values["members"] if ref != values["lead"])]
        found = repository.by_refs(session, Person, schema.person, refs)
        missing = [ref for ref in refs if ref not in found]
        if missing:
            header = "负责人编号" if values["lead"] in missing else "成员编号"
            raise InvalidArgument.field(
                header,
                "UNKNOWN_PERSON",
                f"人才库中没有编号 {'、'.join(missing[:10])}，请先导入该人才或更正编号",
                f"nobody in the library has the number {', '.join(missing[:10])}; import them first or correct it",
            )
        return [found[ref].id for ref in refs]

    def _write_people(self, session: Session, new: list[Any], changed: list[Any], actor: str) -> None:
        self.people.add(session, new, actor)
        self.people.state(session, changed, actor)

    def _write_positions(self, session: Session, new: list[Any], changed: list[Any], actor: str) -> None:
        self.positions.add(session, new, actor)
        self.positions.changed(session, changed, actor)

    def _write_teams(self, session: Session, new: list[Any], changed: list[Any], actor: str) -> None:
        session.add_all(new)
        session.flush()
        repository.index_teams(session, [*new, *changed], self.catalogue)
        self.people.journal.record(
            session,
            [
                Change(TEAMS, each.id, each.version, events.team_event(each), actor)
                for each in [*new, *changed]
            ],
        )


def person_facts(values: Values, digest_key: bytes, today: date) -> PersonFacts:
    """The facts of a row of the sheet 人才. Raises InvalidArgument for the identity number."""
    number = values["id_number"]
    return PersonFacts(
        ref=values["ref"],
        name=values["name"],
        category=values["category"],
        city=values["city"],
        mobility=values["mobility"],
        availability=Availability[values["availability"]],
        direction_shares=shares_of(values["directions"]),
        employer=values["employer"],
        title=values["title"],
        profile=values["profile"],
        works=tuple(line for line in values["works"].splitlines() if line.strip()),
        phone=values["phone"],
        email=values["email"],
        id_digest=document_digest(number, digest_key, today=today, name="证件号码") if number else None,
        observed=values["observed"],
        purposes=frozenset(Purpose(code) for code in values["purposes"]),
    )


def position_facts(values: Values, known: Position | None = None) -> PositionFacts:
    """The facts of a row of the sheet 岗位; heads filled that it does not state are as `known`."""
    return PositionFacts(
        ref=values["ref"],
        title=values["title"],
        employer=values["employer"],
        employer_code=values["employer_code"],
        city=values["city"],
        leaf=values["direction"],
        category=values["category"],
        headcount=values["headcount"],
        opened=values["opened"],
        filled=(known.filled if known else 0) if values["filled"] is None else values["filled"],
        closed=values["closed"],
        requirement=values["requirement"],
    )


def shares_of(shares: Mapping[str, Fraction]) -> tuple[tuple[str, int], ...]:
    """Exact shares as thousandths that sum to 1000."""
    return per_mille({code: float(share) for code, share in shares.items()})


def _headers(sheet: str) -> dict[str, str]:
    """The file's headers by the domain's field names."""
    headers = {column.key: column.header_zh for column in SHEETS[sheet].columns}
    for field, key in (
        ("direction_shares", "directions"),
        ("direction", "directions"),
        ("leaf", "direction"),
    ):
        if key in headers:
            headers.setdefault(field, headers[key])
    return {
        **headers,
        "id_digest": headers.get("id_number", ""),
        "employer_code": headers.get("employer_code", ""),
    }


def _count(tally: Tally, sheet: str, judged: Judgement) -> None:
    count = tally.created if judged.new else tally.changed if judged.changed else tally.same
    count(sheet)
