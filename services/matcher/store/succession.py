"""Items that stand under directions of an earlier catalogue."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import String, or_, select, tuple_, type_coerce, update
from sqlalchemy.orm import Session

from services.catalogue.model.industry import LOCAL_PREFIX, is_local
from services.catalogue.succession import Shares, renewed
from services.matcher.store.items import next_change
from services.matcher.store.schema import item as table

PORTION = 500
BEFORE_ALL = ("", "")


class Carried(NamedTuple):
    """How many items were carried over, and the last one that was looked at; None at the end."""

    items: int
    last: tuple[str, str] | None


def carry(session: Session, former: Mapping[str, Shares], after: tuple[str, str] = BEFORE_ALL) -> Carried:
    """Give the next portion of items after `after` their directions of today, and let the lists follow them."""
    facts = type_coerce(table.c.facts, String)
    named = or_(*(facts.contains(f'"{code}"', autoescape=True) for code in former))
    query = (
        select(table.c.kind, table.c.id, table.c.facts)
        .where(tuple_(table.c.kind, table.c.id) > after, table.c.facts.is_not(None), named)
        .order_by(table.c.kind, table.c.id)
        .limit(PORTION)
    )
    rows, count = session.execute(query).all(), 0
    change = next_change(session) if rows else 0
    for row in rows:
        facts_now = _today(row.facts, former)
        if facts_now != row.facts:
            mine = (table.c.kind == row.kind) & (table.c.id == row.id)
            session.execute(update(table).where(mine).values(facts=facts_now, change=change))
            count += 1
    return Carried(count, (rows[-1].kind, rows[-1].id) if rows else None)


def _today(facts: Mapping[str, Any], former: Mapping[str, Shares]) -> dict[str, Any]:
    """The same with every direction in today's codes: those of the item, of what a team needs and of its members."""
    now = {**facts, "leaves": _renewed(facts["leaves"], former)}
    if "staff" in facts:
        needs, parts = facts["staff"]["needs"], facts["staff"]["parts"]
        now["staff"] = {
            "needs": _renewed(needs, former),
            "parts": [[*part, _renewed(leaves, former)] for *part, leaves in parts],
        }
    return now


def _renewed(pairs: Iterable[Any], former: Mapping[str, Shares]) -> list[list[Any]]:
    return [list(pair) for pair in renewed(pairs, former)]


def _named(facts: Mapping[str, Any]) -> set[str]:
    """The directions of an item, and those of what a team needs."""
    needs = facts["staff"]["needs"] if "staff" in facts else ()
    return {code for code, _ in (*facts["leaves"], *needs)}


def strange(session: Session, known: Collection[str]) -> list[str]:
    """Local directions of items that are none of the `known` codes."""
    facts = type_coerce(table.c.facts, String)
    local = session.scalars(select(table.c.facts).where(facts.contains(f'"{LOCAL_PREFIX}', autoescape=True)))
    held = {code for each in local for code in _named(each) if is_local(code)}
    return sorted(held.difference(known))
