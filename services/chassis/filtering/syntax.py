"""The tree of a filter. Equal filters up to brackets and double negation have equal trees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, StrEnum
from typing import TypeAlias


class Operator(StrEnum):
    """Comparison operators; `HAS` is `:`."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    HAS = ":"


class Kind(Enum):
    """What a field holds, and with that which literals and operators it takes."""

    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    SEARCH = "search"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


@dataclass(frozen=True, slots=True)
class Prefix:
    """Any text that begins with `text`, whatever the case of A-Z."""

    text: str


@dataclass(frozen=True, slots=True)
class Present:
    """Any value at all (`field:*`)."""


Value: TypeAlias = str | bool | int | float | date | datetime | Prefix | Present
"""Text and codes as str, money as int in fen, instants as aware datetimes in UTC."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition; `value` has the type that `kind` asks for."""

    field: str
    kind: Kind
    operator: Operator
    value: Value


@dataclass(frozen=True, slots=True)
class Not:
    """The operand is false."""

    operand: "Comparison | And | Or"


@dataclass(frozen=True, slots=True)
class And:
    """All operands are true; without operands: every row (the empty filter)."""

    operands: "tuple[Comparison | Not | Or, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    """At least one operand is true."""

    operands: "tuple[Comparison | Not | And, ...]"


Expression: TypeAlias = Comparison | Not | And | Or


def conjunction(operands: Sequence[Expression]) -> Expression:
    """The AND of expressions, nested ANDs dissolved."""
    flat: list[Comparison | Not | Or] = []
    for operand in operands:
        if isinstance(operand, And):
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(operands: Sequence[Expression]) -> Expression:
    """The OR of at least one expression, nested ORs dissolved."""
    flat: list[Comparison | Not | And] = []
    for operand in operands:
        if isinstance(operand, Or):
            flat.extend(operand.operands)
        else:
            flat.append(operand)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def negation(operand: Expression) -> Expression:
    """The opposite; a double negation dissolves."""
    return operand.operand if isinstance(operand, Not) else Not(operand)
