"""What firms leave in the index of words, and which of them a question names."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from services.chassis.searching.index import TextIndex
from services.chassis.searching.terms import Words
from services.chassis.searching.tokens import CITY, DIRECTION, code_tokens, fold, sound_tokens, text_tokens
from services.funding.domain.firm.firm import Firm
from services.funding.store import schema

FIRMS_BY_WORDS = TextIndex(schema.firm_text, "firm_id")


def firm_words(firm: Firm) -> dict[str, Any]:
    """The row of a firm: its name with its sounds, its city and its directions, which its card shows to all."""
    tokens = text_tokens([firm.name]) | sound_tokens([firm.name])
    codes = code_tokens(CITY, [firm.city]) | code_tokens(
        DIRECTION, [code for code, _ in firm.direction_shares]
    )
    return {"firm_id": firm.id, "personal": fold(firm.name), "tokens": frozenset(tokens | codes)}


@dataclass(frozen=True)
class Findable:
    """The rows whose firm, by its id in a column, words find; by its credit code only with `codes`."""

    session: Session
    words: Words
    firm: ColumnElement[str]
    codes: bool = True

    def contains(self, query: str) -> ColumnElement[bool]:
        """Every word is true of the firm; all firms for words without a letter or digit."""
        terms = self.words.terms(query)
        if not terms:
            return true()
        found = self.firm.in_(FIRMS_BY_WORDS.found(self.session, terms))
        if not self.codes:
            return found
        firm = schema.firm.c
        return or_(found, self.firm.in_(select(firm.id).where(firm.uscc == _code(query))))

    def present(self) -> ColumnElement[bool]:
        """Every firm has a name."""
        return true()


@dataclass(frozen=True)
class Said:
    """What finds one firm: the same words, looked for without a database."""

    words: Words
    firm: Firm

    def __contains__(self, query: str) -> bool:
        """Whether these words find it."""
        tokens, text = self._row["tokens"], self._row["personal"]
        terms = self.words.terms(query)
        return all(each.is_true_of(tokens, text) for each in terms) or self.firm.uscc == _code(query)

    @cached_property
    def _row(self) -> dict[str, Any]:
        return firm_words(self.firm)


def _code(query: str) -> str:
    return query.strip().upper()


def firms_not_findable(session: Session, limit: int) -> Sequence[Firm]:
    """Some firms that have no row in the index."""
    known = select(schema.firm_text.c.number).where(schema.firm_text.c.firm_id == schema.firm.c.id)
    return session.scalars(select(Firm).where(~known.exists()).limit(limit)).all()
