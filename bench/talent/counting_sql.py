"""The same counts by one statement: open heads and effective supply, GROUP BY over `person` and `position`.

Codes and weights come from two small tables with primary keys; the base tables are read without any index.
"""

from datetime import date, timedelta

from sqlalchemy import Connection, text

from services.catalogue import Catalogue
from services.talent.domain.axes import Axes
from services.talent.domain.people.availability import Ageing, Availability
from services.talent.domain.position.posting import LIFE_DAYS

_OLDEST_DAYS = 4_000


def prepare(connection: Connection, catalogue: Catalogue, today: date) -> None:
    """Temporary tables: which industry and which directions a leaf counts for, and what a record last confirmed on
    a day weighs.
    """
    connection.execute(text("CREATE TEMPORARY TABLE bench_leaf (code VARCHAR PRIMARY KEY, industry VARCHAR)"))
    connection.execute(
        text("CREATE TEMPORARY TABLE bench_node (code VARCHAR, node VARCHAR, PRIMARY KEY (code, node))")
    )
    connection.execute(text("CREATE TEMPORARY TABLE bench_weight (observed DATE PRIMARY KEY, ppm BIGINT)"))
    leaves = [{"code": leaf.code, "industry": leaf.industry} for leaf in catalogue.leaves]
    connection.execute(text("INSERT INTO bench_leaf VALUES (:code, :industry)"), leaves)
    connection.execute(text("INSERT INTO bench_node VALUES (:code, :node)"), _nodes(catalogue))
    days = (today - timedelta(days=number) for number in range(_OLDEST_DAYS))
    weights = [{"observed": day.isoformat(), "ppm": Ageing().ppm(day, today)} for day in days]
    connection.execute(text("INSERT INTO bench_weight VALUES (:observed, :ppm)"), weights)
    if connection.dialect.name == "postgresql":
        for table in ("bench_leaf", "bench_node", "bench_weight"):
            connection.execute(text(f"ANALYZE {table}"))


def counting_statement(dialect: str, *, by_leaf: bool) -> str:
    """Columns of the key, then heads and millionths of supply. A direction counts its parts too."""
    key = "bench_node.node, city, category" if by_leaf else "bench_leaf.industry, city"
    table = "bench_node" if by_leaf else "bench_leaf"
    join = f"JOIN {table} ON {table}.code = leaf"
    return f"""
        SELECT {key}, SUM(heads) AS heads, SUM(micro) AS micro FROM (
            SELECT {_share(dialect, 0)} AS leaf, person.city, person.category, 0 AS heads,
                   ({_availability()} * {_share(dialect, 1)} * bench_weight.ppm + 500000) / 1000000 AS micro
            FROM person {_shares(dialect)} JOIN bench_weight ON bench_weight.observed = person.observed
            WHERE person.status = 'ACTIVE' AND person.purposes LIKE '%STATISTICS%' AND person.city <> 'outside'
            UNION ALL
            SELECT leaf, city, category, headcount - filled, 0 FROM position
            WHERE duplicate_of IS NULL AND opened <= :today AND {_alive(dialect)}
              AND (closed IS NULL OR closed > :today) AND headcount > filled
        ) AS records {join} GROUP BY {key}
    """


def _nodes(catalogue: Catalogue) -> list[dict[str, str]]:
    axes = Axes.of_catalogue(catalogue)
    return [
        {"code": leaf, "node": axes.nodes[node]}
        for leaf in axes.leaves
        for node in axes.lineage[axes.node_at[leaf]]
        if axes.nodes[node] in axes.leaves
    ]


def _availability() -> str:
    cases = " ".join(f"WHEN '{each.name}' THEN {each.per_mille}" for each in Availability)
    return f"CASE person.availability {cases} END"


def _shares(dialect: str) -> str:
    if dialect == "postgresql":
        return "CROSS JOIN LATERAL jsonb_array_elements(person.direction_shares::jsonb) AS share(value)"
    return ", json_each(person.direction_shares) AS share"


def _share(dialect: str, at: int) -> str:
    if dialect == "postgresql":
        return f"(share.value ->> {at})" if at == 0 else f"(share.value ->> {at})::bigint"
    return f"(share.value ->> {at})"


def _alive(dialect: str) -> str:
    if dialect == "postgresql":
        return f":today <= renewed + {LIFE_DAYS}"
    return f":today <= date(renewed, '+{LIFE_DAYS} days')"
