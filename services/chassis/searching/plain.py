"""Words looked for in the columns themselves: of tables of thousands of rows, which need no index of words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, false, func, or_

from services.chassis.searching.containing import holds
from services.chassis.searching.terms import Term

HasCode = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class PlainTexts:
    """`columns` hold texts; `codes` say by the first letter of a token how a row has a code."""

    columns: Sequence[ColumnElement[str]]
    codes: Mapping[str, HasCode]

    def holding(self, terms: Sequence[Term], *, texts: bool = True) -> ColumnElement[bool]:
        """Rows of which every word is true; `texts` False looks at codes alone."""
        return and_(*(self._is_true(term, texts=texts) for term in terms))

    def _is_true(self, term: Term, *, texts: bool) -> ColumnElement[bool]:
        ways = [self.codes[token.value[0]](token.value[1:]) for token in term.codes]
        word = term.exact or (term.text[0].value[1:] if term.text else "")
        if texts and word:
            ways += (holds(func.lower(column), word) for column in self.columns)
        return or_(*ways) if ways else false()
