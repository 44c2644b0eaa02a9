"""What a run has found as a file, Parquet or CSV: ids, scores and public facts, and nothing personal."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from itertools import groupby
from typing import IO, Any

from sqlalchemy.orm import Session

from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.kinds import PairKind, pair_kind
from services.matcher.domain.made_with import MadeWith
from services.matcher.domain.run import MatchRun
from services.matcher.score.scoring import probability
from services.matcher.service.engine import Engine
from services.matcher.service.runs.running import still_admitted
from services.matcher.store import items, recusals, runs
from services.matcher.store.runs import FoundPair


class FileFormat(StrEnum):
    """How the file is written."""

    PARQUET = "PARQUET"
    CSV = "CSV"

    @property
    def ending(self) -> str:
        """Of the file's name."""
        return self.value.lower()


def provenance(run: MatchRun, taken: datetime) -> dict[str, str]:
    """What the pairs of a file were found with and when, for whoever has nothing but the file.

    `taken`: when it was written; pairs that were not admitted any more at that moment are not in it.
    """
    made = MadeWith.of(run.model)
    return {
        "name": run.name,
        "kind": run.kind,
        "limit": str(run.limit),
        "filter": run.filter,
        "same_industry": str(run.same_industry).lower(),
        "by_city": str(run.by_city).lower(),
        "city_codes": ";".join(run.cities),
        "state": run.state.value,
        "anchors": str(run.anchors),
        "done": str(run.done),
        "model": run.model,
        "encoder": made.encoder,
        "edition": made.edition,
        "weights": made.weights or "by-hand",
        "created": _moment(run.created_at),
        "updated": _moment(run.updated_at),
        "taken": _moment(taken),
    }


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def write_run(
    session: Session,
    engine: Engine,
    run: MatchRun,
    file: IO[bytes],
    form: FileFormat,
    facts: Mapping[str, str],
) -> int:
    """Write the pairs that are admitted now and of which no side is closed to whoever started the run, and the facts
    where the form has a place for them; how many pairs they are. Memory does not grow with them.
    """
    import pyarrow as pa

    schema = _schema(pa, facts)
    count = 0
    with _writer(file, schema, form) as writer:
        for columns in _portions(session, engine, run):
            batch = pa.record_batch(columns, schema=schema)
            writer.write_batch(batch)
            count += batch.num_rows
    return count


def _schema(pa: Any, facts: Mapping[str, str]) -> Any:
    text, number = pa.string(), pa.float64()
    fields = {
        "kind": text,
        "anchor": text,
        "rank": pa.int32(),
        "candidate": text,
        "log_odds": number,
        "probability": number,
        "calibrated": pa.bool_(),
        "city_code": text,
        "direction_codes": text,
        "origin": text,
    }
    return pa.schema(list(fields.items()), metadata={f"bole.{key}": value for key, value in facts.items()})


def _writer(file: IO[bytes], schema: Any, form: FileFormat) -> Any:
    if form is FileFormat.PARQUET:
        from pyarrow import parquet

        return parquet.ParquetWriter(file, schema, compression="zstd")
    from pyarrow import csv

    return csv.CSVWriter(file, schema)


def _portions(session: Session, engine: Engine, run: MatchRun) -> Iterator[list[list[Any]]]:
    """Columns of some anchors at a time."""
    kind = engine.kind(pair_kind(run.kind).key)
    closed = recusals.firms_closed_to(session, run.creator)
    for found in runs.pairs_by_anchor(session, run.id):
        pairs = [
            pair
            for listed in found.values()
            for pair in still_admitted(engine, kind, list(_by_list(_free(kind, listed, closed))))
        ]
        origins = items.labels(session, kind.candidate, {pair.candidate_id for pair in pairs})
        rows = [_row(kind, pair, engine.item(kind.candidate, pair.candidate_id), origins) for pair in pairs]
        yield [list(column) for column in zip(*rows, strict=True)] if rows else _NOTHING


def _free(kind: PairKind, listed: Sequence[FoundPair], closed: frozenset[str]) -> list[FoundPair]:
    """Pairs without the firms that are closed."""
    anchors = closed if kind.anchor is ItemKind.FIRM else ()
    candidates = closed if kind.candidate is ItemKind.FIRM else ()
    return [each for each in listed if each.anchor_id not in anchors and each.candidate_id not in candidates]


def _by_list(listed: Sequence[FoundPair]) -> Iterator[FoundPair]:
    """The pairs of one anchor, each with its place in its own list: those of one city follow one another."""
    for _, pairs in groupby(listed, key=lambda pair: pair.city):
        for place, pair in enumerate(pairs, start=1):
            yield pair._replace(rank=place)


_NOTHING: list[list[Any]] = [[] for _ in range(10)]


def _row(kind: PairKind, pair: FoundPair, candidate: Item | None, labels: Any) -> Sequence[Any]:
    label = labels.get(pair.candidate_id)
    return (
        kind.key,
        f"{kind.anchor.collection}/{pair.anchor_id}",
        pair.rank,
        f"{kind.candidate.collection}/{pair.candidate_id}",
        pair.log_odds,
        probability(pair.log_odds),
        kind.calibrated,
        pair.city or ((candidate.city or "") if candidate else ""),
        ";".join(code for code, _ in candidate.leaves) if candidate else "",
        label.origin if label else "REAL",
    )
