"""The filter and order languages of every list and search method (AIP-160, AIP-132).

    industry = hydrogen AND (city = 苏州 OR city = nanjing) AND amount >= 500万 AND NOT stage = seed

`parse` checks a filter against a Schema and gives a tree; `canonical` writes it in one way; `matches` decides
it for one row; `sql.compile_filter` (not imported here: it needs SQLAlchemy) makes a WHERE clause of it.

Semantics: OR binds tighter than AND. Logic is two-valued: a comparison with an absent value is false and its
negation true; `a != b` is `NOT a = b`. Text: `=` is exact, a trailing `*` matches beginnings, `:` matches
pieces, both without regard to the case of A-Z. Code lists: `field:code`. Words: `field:"苏州 qnkj"` finds what all of
them are true of. Any field: `field:*` means present.
"""

from services.chassis.filtering.canonical import canonical, quoted
from services.chassis.filtering.evaluation import matches
from services.chassis.filtering.ordering import OrderTerm, canonical_order, parse_order
from services.chassis.filtering.parser import MAX_DEPTH, MAX_LENGTH, MAX_TERMS, parse
from services.chassis.filtering.schema import Field, Kind, Schema
from services.chassis.filtering.syntax import And, Comparison, Expression, Not, Operator, Or, Prefix, Present

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_TERMS",
    "And",
    "Comparison",
    "Expression",
    "Field",
    "Kind",
    "Not",
    "Operator",
    "Or",
    "OrderTerm",
    "Prefix",
    "Present",
    "Schema",
    "canonical",
    "canonical_order",
    "matches",
    "parse",
    "parse_order",
    "quoted",
]
