"""Reading and writing firms, funds and deals, with what makes them findable."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from services.catalogue import Catalogue
from services.chassis.storage.chunks import chunks
from services.funding.domain.deal.deal import Deal, Transition
from services.funding.domain.deal.states import ACTIVE
from services.funding.domain.firm.firm import Firm
from services.funding.domain.fund.fund import Fund
from services.funding.domain.fund.mandate import Mandate
from services.funding.store import schema
from services.funding.store.firms.findable import FIRMS_BY_WORDS, firm_words


def firms_by_uscc(session: Session, codes: Sequence[str]) -> dict[str, Firm]:
    """Firms by credit code."""
    found: dict[str, Firm] = {}
    for some in chunks(codes):
        query = select(Firm).where(schema.firm.c.uscc.in_(some))
        found.update({each.uscc: each for each in session.scalars(query)})
    return found


def funds_by_ref(session: Session, refs: Sequence[str]) -> dict[str, Fund]:
    """The funds that came with one of these numbers, by it."""
    found: dict[str, Fund] = {}
    query = select(schema.fund_ref.c.ref, Fund).join(Fund, schema.fund.c.id == schema.fund_ref.c.fund_id)
    for some in chunks(refs):
        chosen = query.where(schema.fund_ref.c.ref.in_(some))
        found |= dict(session.execute(chosen).all())
    return found


def fund_ids(session: Session) -> list[str]:
    """The ids of all funds."""
    return list(session.scalars(select(schema.fund.c.id).order_by(schema.fund.c.id)))


def ref_of_fund(session: Session, fund_id: str) -> str:
    """The number a fund came with; empty if none."""
    query = select(schema.fund_ref.c.ref).where(schema.fund_ref.c.fund_id == fund_id)
    return session.execute(query).scalar_one_or_none() or ""


class KnownFirms:
    """Firms by credit code, those of `expected` codes read at once."""

    def __init__(self, session: Session, expected: Iterable[str]) -> None:
        self._session = session
        self._asked = set(expected)
        self._found = firms_by_uscc(session, sorted(self._asked))

    def get(self, code: str) -> Firm | None:
        """The firm with this code, or None."""
        if code not in self._asked:
            self._asked.add(code)
            self._found.update(firms_by_uscc(self._session, [code]))
        return self._found.get(code)


def deals_by_ref(session: Session, refs: Sequence[str]) -> dict[str, Deal]:
    """The deals that came with one of these numbers, by it."""
    found: dict[str, Deal] = {}
    query = select(schema.deal_ref.c.ref, Deal).join(Deal, schema.deal.c.id == schema.deal_ref.c.deal_id)
    for some in chunks(refs):
        chosen = query.where(schema.deal_ref.c.ref.in_(some))
        found |= dict(session.execute(chosen).all())
    return found


class OpenRounds:
    """Ids of open deals by fund and round, firm by firm as they are asked for."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._found: dict[str, dict[tuple[str, str], str]] = {}

    def of_firm(self, firm_id: str) -> dict[tuple[str, str], str]:
        """Those of a firm; what is added to them is found from then on."""
        if firm_id not in self._found:
            table = schema.deal.c
            query = select(table.fund_id, table.round_name, table.id).where(table.firm_id == firm_id)
            with self._session.no_autoflush:
                rows = self._session.execute(
                    query.where(table.state.in_([each.name for each in ACTIVE]))
                ).all()
            self._found[firm_id] = {(fund, round_): deal for fund, round_, deal in rows}
        return self._found[firm_id]


def deal_of_ref(session: Session, ref: str) -> str | None:
    """The id of the deal that came with this number, or None."""
    query = select(schema.deal_ref.c.deal_id).where(schema.deal_ref.c.ref == ref)
    found: str | None = session.execute(query).scalar_one_or_none()
    return found


def refs_of_deals(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The numbers that deals came with, by id."""
    query = select(schema.deal_ref.c.deal_id, schema.deal_ref.c.ref)
    found: dict[str, str] = {}
    for some in chunks(ids):
        chosen = query.where(schema.deal_ref.c.deal_id.in_(some))
        found.update(session.execute(chosen).all())
    return found


def mandate_of(session: Session, fund_id: str) -> Mandate | None:
    """The newest revision of a fund's rules."""
    query = _rules_of(fund_id).order_by(schema.mandate.c.revision.desc()).limit(1)
    row = session.execute(query).one_or_none()
    return None if row is None else row.rules.over(row.leaves)


def mandates_of(session: Session, fund_id: str) -> list[Mandate]:
    """All revisions of a fund's rules that were approved, oldest first."""
    rows = session.execute(_rules_of(fund_id).order_by(schema.mandate.c.revision))
    return [row.rules.over(row.leaves) for row in rows]


def _rules_of(fund_id: str) -> Select[Any]:
    """Rules, with their directions in today's codes where these differ."""
    table, scope = schema.mandate, schema.mandate_scope
    same = (scope.c.fund_id == table.c.fund_id) & (scope.c.revision == table.c.revision)
    query = select(table.c.rules, scope.c.leaves).outerjoin(scope, same)
    return query.where(table.c.fund_id == fund_id)


def save_mandate(session: Session, rules: Mandate) -> None:
    """Add a revision."""
    row = {"fund_id": rules.fund, "revision": rules.revision, "rules": rules}
    session.execute(insert(schema.mandate).values(row))


def save_refs(session: Session, kind: str, pairs: Iterable[tuple[str, str]]) -> None:
    """Remember the numbers that new `fund`s or `deal`s came with."""
    table = schema.fund_ref if kind == "fund" else schema.deal_ref
    rows = [{"ref": ref, f"{kind}_id": id_} for ref, id_ in pairs]
    if rows:
        session.execute(insert(table), rows)


def index_firms(session: Session, firms: Sequence[Firm], catalogue: Catalogue) -> None:
    """Write anew the directions and industries of firms, and the words that find them."""
    session.flush()
    table, ids = schema.firm_direction, [firm.id for firm in firms]
    for some in chunks(ids):
        session.execute(delete(table).where(table.c.firm_id.in_(some)))
    rows = []
    for firm in firms:
        leaves = {code for code, _ in firm.direction_shares}
        industries = {catalogue.industry_of(code) for code in leaves}
        for is_industry, codes in ((False, leaves), (True, industries)):
            rows += [{"firm_id": firm.id, "code": each, "is_industry": is_industry} for each in sorted(codes)]
    if rows:
        session.execute(insert(table), rows)
    FIRMS_BY_WORDS.put(session, ids, [firm_words(firm) for firm in firms])


def load_transitions(session: Session, deals: Sequence[Deal]) -> None:
    """Give these deals their histories."""
    table, by_deal = schema.deal_transition, defaultdict[str, list[Transition]](list)
    ids = [deal.id for deal in deals]
    for some in chunks(ids):
        query = select(table).where(table.c.deal_id.in_(some)).order_by(table.c.sequence)
        for row in session.execute(query):
            by_deal[row.deal_id].append(row.transition)
    for deal in deals:
        deal.transitions = by_deal[deal.id]


def save_transitions(session: Session, deals: Iterable[Deal], known: int = 0) -> None:
    """Append the steps after the first `known` ones."""
    rows: list[dict[str, Any]] = [
        {"deal_id": deal.id, "sequence": each.sequence, "transition": each}
        for deal in deals
        for each in deal.transitions[known:]
    ]
    session.flush()
    if rows:
        session.execute(insert(schema.deal_transition), rows)
