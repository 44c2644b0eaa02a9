"""SQL for values that lie inside other columns: amounts within stored terms, and the civil day of an instant."""

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Date
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import literal_column
from sqlalchemy.sql.functions import FunctionElement

from services.kernel.clock import CIVIL_ZONE


class Amount(FunctionElement[int]):
    """An amount in fen from a column of terms; NULL when it is not known."""

    type = BigInteger()
    inherit_cache = True

    def __init__(self, terms: ColumnElement[Any], name: str) -> None:
        super().__init__(terms, literal_column(f"'{name}'"))


class CivilDay(FunctionElement[Any]):
    """The civil day of an instant."""

    type = Date()
    inherit_cache = True


@compiles(Amount, "sqlite")
def _amount_sqlite(element: Amount, compiler: SQLCompiler, **options: Any) -> str:
    terms, name = (compiler.process(each, **options) for each in element.clauses)
    return f"json_extract({terms}, '$.' || {name})"


@compiles(Amount, "postgresql")
def _amount_postgresql(element: Amount, compiler: SQLCompiler, **options: Any) -> str:
    terms, name = (compiler.process(each, **options) for each in element.clauses)
    return f"CAST(CAST({terms} AS jsonb) ->> {name} AS bigint)"


@compiles(CivilDay, "sqlite")
def _day_sqlite(element: CivilDay, compiler: SQLCompiler, **options: Any) -> str:
    # Instants are stored in UTC; the civil zone has kept its offset since 1992.
    return f"date({compiler.process(element.clauses, **options)}, '+8 hours')"


@compiles(CivilDay, "postgresql")
def _day_postgresql(element: CivilDay, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(({compiler.process(element.clauses, **options)}) AT TIME ZONE '{CIVIL_ZONE.key}' AS date)"
