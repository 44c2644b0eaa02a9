"""Taking an import back: what it made and nothing refers to is gone, what it changed is as before, the rest stays."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, delete, select
from sqlalchemy.orm import Session

from services.chassis.imports.batch import Batch, RowOutcome
from services.chassis.imports.outcomes import said_of
from services.chassis.imports.undone import CHANGED_SINCE, GONE, IN_USE, ON_RECORD, Undone
from services.chassis.log.topics import DEALS, FUNDS
from services.chassis.outbox.journal import Change, Topic
from services.chassis.policy import require_granted
from services.chassis.storage.snapshots import restore
from services.funding import events
from services.funding.domain.deal import recusal
from services.funding.domain.deal.deal import Deal
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.service.deals.cases import fund_with_mandate
from services.funding.service.deals.interests import recusals_of
from services.funding.service.deals.trail import Trail
from services.funding.service.firms.firms import Firms
from services.funding.store import schema
from services.funding.store.deals import trails

_DERIVED = frozenset({"firm_direction", "firm_text", "firm_block", "firm_person", "deal_ref", "screened"})
_TABLES: dict[type[Any], Table] = {Deal: schema.deal, Fund: schema.fund, Firm: schema.firm}
TakeBack = Callable[[Session, Batch, list[Any], list[tuple[Any, Any]], str], None]


@dataclass(frozen=True)
class Undo:
    """The use case. Deals go first, firms last, because each may name those after it."""

    firms: Firms

    def run(self, session: Session, batch: Batch, actor: str, cities: frozenset[str] | None) -> Undone:
        """Take back what can be, within the transaction of `session`.

        Raises FailedPrecondition (NOTHING_TO_UNDO), PermissionDenied for records outside `cities` and (RECUSED) for
        deals that the caller is recused from.
        """
        batch.require_undoable()
        done = Undone()
        back: tuple[tuple[str, type[Any], TakeBack], ...] = (
            ("deals", Deal, self._deals),
            ("funds", Fund, self._funds),
            ("firms", Firm, self._firms),
        )
        for sheet, aggregate, take_back in back:
            for rows in schema.imports.written_rows(session, batch.id, sheet):
                self._chunk(session, batch, done, (sheet, aggregate, rows, take_back), (actor, cities))
        return done

    def _chunk(
        self,
        session: Session,
        batch: Batch,
        done: Undone,
        what: tuple[str, type[Any], Sequence[Row[Any]], TakeBack],
        who: tuple[str, frozenset[str] | None],
    ) -> None:
        sheet, aggregate, rows, take_back = what
        actor, cities = who
        table, ids, entity = _TABLES[aggregate], [row.resource_id for row in rows], aggregate.__name__.lower()
        back_already = schema.taken_back.spans(session, entity, ids)
        rows = [row for row in rows if (row.resource_id, row.version) not in back_already]
        found = {each.id: each for each in session.scalars(select(aggregate).where(table.c.id.in_(ids)))}
        for each in found.values():
            require_granted(cities, _city_of(session, each))
        free = list(_free(session, sheet, aggregate, rows, found, batch, done))
        made = [found[row.resource_id] for row in free if row.outcome is RowOutcome.NEW]
        changed = [
            (found[row.resource_id], said_of(row.detail)["before"])
            for row in free
            if row.outcome is RowOutcome.CHANGED
        ]
        take_back(session, batch, made, changed, actor)
        first = {row.resource_id: row.version for row in free}
        spans = ((each.id, first[each.id], each.version) for each, _ in changed)
        schema.taken_back.note(session, entity, spans)
        done.removed += len(made)
        done.restored += len(changed)

    def _firms(
        self,
        session: Session,
        batch: Batch,
        made: list[Any],
        changed: list[tuple[Any, Any]],
        actor: str,
    ) -> None:
        for firm, before in changed:
            restore(schema.firm, firm, {name: value for name, value in before.items() if name != "snapshot"})
        self.firms.take_back(session, [firm for firm, _ in changed], f"imports/{batch.id}", actor)
        self.firms.remove(session, made, actor)

    def _deals(
        self,
        session: Session,
        batch: Batch,
        made: list[Any],
        changed: list[tuple[Any, Any]],
        actor: str,
    ) -> None:
        if changed and not recusals_of(session, actor).isdisjoint(deal.id for deal, _ in changed):
            raise recusal.refusal()
        ids = [deal.id for deal in made]
        for table in (schema.deal_ref, schema.screened):
            session.execute(delete(table).where(table.c.deal_id.in_(ids)))
        self._restored(session, DEALS, schema.deal, changed, actor)
        trail = Trail(self.firms.clock, self.firms.ids)
        for deal, _ in changed:
            said = {"terms": trails.plain(deal.terms), "undone": f"imports/{batch.id}"}
            trail.note(session, deal.id, "RESTATED", actor, said)
        for deal in made:
            session.delete(deal)
        session.flush()
        self.firms.journal.record(
            session, [Change(DEALS, each.id, each.version + 1, None, actor) for each in made]
        )

    def _funds(
        self,
        session: Session,
        batch: Batch,  # noqa: ARG002 (as of all sheets)
        made: list[Any],  # noqa: ARG002 (none: a fund has a ledger)
        changed: list[tuple[Any, Any]],
        actor: str,
    ) -> None:
        self._restored(session, FUNDS, schema.fund, changed, actor)

    def _restored(
        self, session: Session, topic: Topic, table: Table, changed: list[tuple[Any, Any]], actor: str
    ) -> None:
        now = self.firms.clock.now()
        for record, before in changed:
            restore(table, record, before)
            record.updated_at = now
            record.version += 1
        session.flush()
        told = [Change(topic, each.id, each.version, _state(session, each), actor) for each, _ in changed]
        self.firms.journal.record(session, told)


def _state(session: Session, record: Deal | Fund) -> Any:
    if isinstance(record, Deal):
        return events.deal_event(record)
    return events.fund_event(*fund_with_mandate(session, record.id))


def _city_of(session: Session, record: Any) -> str:
    city: str = session.get_one(Fund, record.fund_id).city if isinstance(record, Deal) else record.city
    return city


def _free(
    session: Session,
    sheet: str,
    aggregate: type[Any],
    rows: Sequence[Row[Any]],
    found: dict[str, Any],
    batch: Batch,
    done: Undone,
) -> Iterator[Row[Any]]:
    """The rows whose records can be taken back; the others are noted as kept."""
    ids = [row.resource_id for row in rows]
    entity, ended = aggregate.__name__.lower(), batch.ended_at or batch.heard_at
    since = schema.taken_back.changed_since(session, entity, ids, ended)
    used = _in_use(session, aggregate, [row.resource_id for row in rows if row.outcome is RowOutcome.NEW])
    for row in rows:
        id_ = row.resource_id
        reason = GONE if id_ not in found else CHANGED_SINCE if id_ in since else used.get(id_)
        if reason is None:
            yield row
        else:
            done.keep(sheet, row, reason)


def _in_use(session: Session, aggregate: type[Any], ids: Sequence[str]) -> dict[str, str]:
    """Why these new records have to stay: other tables name them. Tables that only grow keep them for good."""
    used: dict[str, str] = {}
    key = _TABLES[aggregate].c.id
    for table in schema.metadata.tables.values():
        for column in table.c:
            if ids and table.name not in _DERIVED and column.references(key):
                reason = IN_USE if aggregate is Firm else ON_RECORD
                for id_ in session.scalars(select(column).where(column.in_(ids)).distinct()):
                    used[id_] = reason
    return used
