"""What firms leave in the index of words, and which of them a question names."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from services.chassis.searching.index import TextIndex
from services.chassis.searching.terms import Words
from services.chassis.searching.tokens import CITY, DIRECTION, code_tokens, fold, sound_tokens, text_tokens
from services.funding.domain.firm import Firm
from services.funding.store import schema

FIRMS_BY_WORDS = TextIndex(schema.firm_text, "firm_id")


def firm_words(firm: Firm) -> dict[str, Any]:
    """The row of a firm: its name with its sounds, its city and its directions, which its card shows to all."""
    tokens = text_tokens([firm.name]) | sound_tokens([firm.name])
    codes = code_tokens(CITY, [firm.city]) | code_tokens(
        DIRECTION, [code for code, _ in firm.direction_shares]
    )
    return {"firm_id": firm.id, "personal": fold(firm.name), "tokens": frozenset(tokens | codes)}


def firms_found(session: Session, words: Words, query: str, *, codes: bool) -> list[ColumnElement[bool]]:
    """The condition that every word of a query is true of a firm; of its credit code only with `codes`."""
    terms = words.terms(query)
    if not terms:
        return []
    firm = schema.firm.c
    found = firm.id.in_(FIRMS_BY_WORDS.found(session, terms))
    return [or_(found, firm.uscc == query.strip().upper()) if codes else found]


def firms_not_findable(session: Session, limit: int) -> Sequence[Firm]:
    """Some firms that have no row in the index."""
    known = select(schema.firm_text.c.number).where(schema.firm_text.c.firm_id == schema.firm.c.id)
    return session.scalars(select(Firm).where(~known.exists()).limit(limit)).all()
