"""Making a sample: all sheets of a profile at once, or one sheet as a stream."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from services.catalogue import load
from services.sample.deals import deal
from services.sample.draws import AS_OF
from services.sample.firms import firm
from services.sample.funds import FUND_REFS, fund
from services.sample.persons import person
from services.sample.planted import Rows, plant
from services.sample.positions import position
from services.sample.profiles import Profile, profile_named
from services.sample.teams import pool, team
from services.sample.world import World
from services.workbook.columns import Kind, Sheet
from services.workbook.sheets import SHEETS
from services.workbook.writing import SYNTHETIC_MARK, CellValue, write_csv, write_xlsx

SAMPLE_SHEETS = ("persons", "teams", "positions", "firms", "funds", "deals")
_OWNED_EVERY = 10


def generate(profile: str | Profile, seed: int = 1) -> Rows:
    """All rows by sheet key and column key. Equal arguments give equal rows, on any machine and day.

    Values are what a person would write into the cells: Chinese names of directions and cities, amounts with
    their unit, ISO dates, None for unknown numbers. Raises InvalidArgument UNKNOWN_PROFILE.
    """
    world = _world(profile, seed)
    rows = {key: list(_stream(world, key)) for key in SAMPLE_SHEETS}
    if world.profile.planted:
        plant(world, rows)
    return rows


def stream(profile: str | Profile, seed: int, sheet: str) -> Iterator[dict[str, CellValue]]:
    """The rows of one sheet, one at a time, without the planted ones; KeyError for an unknown sheet."""
    return _stream(_world(profile, seed), sheet)


def moved_to(rows: Rows, as_of: date) -> Rows:
    """The same rows as if the sample had been drawn up on `as_of`: every date moves by the same days.

    Postings expire and figures grow old: a sample that is shown today must be of today.
    """
    days = as_of - AS_OF
    return {key: [_moved(SHEETS[key], row, days) for row in sheet] for key, sheet in rows.items()}


def _moved(sheet: Sheet, row: dict[str, CellValue], days: timedelta) -> dict[str, CellValue]:
    dates = {column.key for column in sheet.columns if column.kind is Kind.DATE}
    return {key: _later(value, days) if key in dates else value for key, value in row.items()}


def _later(value: CellValue, days: timedelta) -> CellValue:
    try:
        return (date.fromisoformat(str(value)) + days).isoformat()
    except ValueError:
        return value  # empty, or planted as wrong


def write_sample(
    path: Path, profile: str | Profile, seed: int = 1, as_of: date | None = None, owner: str = ""
) -> None:
    """Write a sample: to one workbook if `path` ends in `.xlsx`, else to a CSV for each sheet in the folder
    `path`. Profiles without planted rows are streamed to CSV, so that a million rows need no memory.
    `as_of` moves the dates of a workbook, and `owner` is the account that every tenth of its deals belongs to.
    """
    world = _world(profile, seed)
    if path.suffix.lower() == ".xlsx":
        drawn = generate(world.profile, seed)
        moved = drawn if as_of is None else moved_to(drawn, as_of)
        write_xlsx(path, _owned(moved, owner) if owner else moved, mark=SYNTHETIC_MARK)
        return
    path.mkdir(parents=True, exist_ok=True)
    rows = generate(world.profile, seed) if world.profile.planted else None
    for key in SAMPLE_SHEETS:
        source = rows[key] if rows else _stream(world, key)
        write_csv(path / f"{key}.csv", SHEETS[key], source, mark=SYNTHETIC_MARK)


def _owned(rows: Rows, owner: str) -> Rows:
    deals = [
        {**deal, "owner": owner} if at % _OWNED_EVERY == 0 else deal for at, deal in enumerate(rows["deals"])
    ]
    return {**rows, "deals": deals}


def _world(profile: str | Profile, seed: int) -> World:
    found = profile_named(profile) if isinstance(profile, str) else profile
    return World(seed, load(), found)


def _stream(world: World, sheet: str) -> Iterator[dict[str, CellValue]]:
    counts = world.profile
    if sheet == "teams":
        people = pool(world)
        return (team(world, people, index) for index in range(counts.teams))
    if sheet == "funds":
        return (fund(world, ref) for ref in FUND_REFS)
    makers = {
        "persons": (person, counts.persons),
        "positions": (position, counts.positions),
        "firms": (firm, counts.firms),
        "deals": (deal, counts.deals),
    }
    make, count = makers[sheet]
    return (make(world, index) for index in range(count))
