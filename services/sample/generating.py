"""Making a sample: all sheets of a profile at once, or one sheet as a stream."""

from collections.abc import Iterator
from pathlib import Path

from services.catalogue import load
from services.sample.deals import deal
from services.sample.firms import firm
from services.sample.funds import FUND_REFS, fund
from services.sample.persons import person
from services.sample.planted import Rows, plant
from services.sample.positions import position
from services.sample.profiles import Profile, profile_named
from services.sample.teams import pool, team
from services.sample.world import World
from services.workbook.sheets import SHEETS
from services.workbook.writing import SYNTHETIC_MARK, CellValue, write_csv, write_xlsx

SAMPLE_SHEETS = tuple(SHEETS)


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


def write_sample(path: Path, profile: str | Profile, seed: int = 1) -> None:
    """Write a sample: to one workbook if `path` ends in `.xlsx`, else to a CSV for each sheet in the folder
    `path`. Profiles without planted rows are streamed to CSV, so that a million rows need no memory.
    """
    world = _world(profile, seed)
    if path.suffix.lower() == ".xlsx":
        write_xlsx(path, generate(world.profile, seed), mark=SYNTHETIC_MARK)
        return
    path.mkdir(parents=True, exist_ok=True)
    rows = generate(world.profile, seed) if world.profile.planted else None
    for key in SAMPLE_SHEETS:
        source = rows[key] if rows else _stream(world, key)
        write_csv(path / f"{key}.csv", SHEETS[key], source, mark=SYNTHETIC_MARK)


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
