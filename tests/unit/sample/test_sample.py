import hashlib
import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from stdnum.cn import uscc

from services.catalogue import load
from services.kernel.errors import InvalidArgument
from services.sample import (
    PLANTED_CASES,
    PLANTED_DUPLICATES,
    PLANTED_ERRORS,
    PLANTED_FIRMS,
    generate,
    profile_named,
    stream,
    write_sample,
)
from services.sample.planted import Rows
from services.sample.triples import load_triples
from services.workbook.choices import DEAL_STATE
from services.workbook.duplicates import find_duplicates
from services.workbook.reading import read_workbook
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Workbook

GOLDEN = {
    "small": "a40587114803c4a970cbd707d93effc5423be761842990495adaddcf1009edf6",
    "demo": "fc3ecfec56f2e6d18bde511ce56390f7e8e0460f940faaa9f457847ab0ae0a90",
}
KEYS = {"firms": "uscc"}
PROFILES = ["small", "demo"]


@pytest.fixture(scope="module", params=PROFILES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def rows(name: str) -> Rows:
    return generate(name, 1)


@pytest.fixture(scope="module")
def book(name: str, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    path = tmp_path_factory.mktemp("sample") / "sample.xlsx"
    write_sample(path, name, 1)
    return read_workbook(path.read_bytes(), filename=path.name)


def wrong(sheet: str) -> set[str]:
    return {error.ref for error in PLANTED_ERRORS if error.sheet == sheet and error.ref != "p-00001"}


def sound(rows: Rows, sheet: str) -> list[dict[str, object]]:
    """The rows of a sheet without the deliberate mistakes."""
    key = KEYS.get(sheet, "ref")
    found: dict[str, dict[str, object]] = {}
    for row in rows[sheet]:
        if row[key] not in wrong(sheet):
            found.setdefault(str(row[key]), dict(row))
    return list(found.values())


def digest(rows: Rows) -> str:
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_sample_never_changes_unnoticed(name: str, rows: Rows) -> None:
    assert digest(rows) == GOLDEN[name]


def test_another_seed_makes_another_sample() -> None:
    assert digest(generate("small", 2)) != digest(generate("small", 1))


@pytest.mark.parametrize("field", ["firms", "persons", "positions", "teams", "deals"])
def test_adding_one_changes_no_other(field: str) -> None:
    profile = replace(profile_named("small"), planted=False)
    larger = replace(profile, **{field: getattr(profile, field) + 1})
    before, after = generate(profile, 7), generate(larger, 7)
    for sheet in before:
        assert after[sheet][: len(before[sheet])] == before[sheet]
        assert len(after[sheet]) == len(before[sheet]) + (sheet == field)


def test_exactly_the_planted_rows_are_refused(book: Workbook) -> None:
    refused: set[tuple[str, str, str, str]] = set()
    for key, table in book.tables.items():
        reader = RowReader(SHEETS[key], load())
        natural = SHEETS[key].natural_key
        conflicts = find_duplicates(table).conflicting
        for row in table.rows:
            found = [conflicts[row.number]] if row.number in conflicts else []
            try:
                reader.read(row)
            except InvalidArgument as error:
                found += error.violations
            refused |= {(key, row.cells[natural], v.field, v.reason) for v in found}
    by_services = {"UNKNOWN_FIRM", "PAID_IN_OVER_SIZE"}
    assert refused == {
        (e.sheet, e.ref, e.header, e.reason) for e in PLANTED_ERRORS if e.reason not in by_services
    }


def test_the_mistakes_that_need_two_rows_are_there(rows: Rows) -> None:
    codes = {row["uscc"] for row in rows["firms"]}
    strangers = {row["ref"] for row in rows["deals"] if row["firm"] not in codes}
    assert strangers == {e.ref for e in PLANTED_ERRORS if e.reason == "UNKNOWN_FIRM"}
    assert [e.ref for e in PLANTED_ERRORS if e.reason == "PAID_IN_OVER_SIZE"] == ["x-paid-in"]
    assert len(PLANTED_ERRORS) == 12


def test_doubled_rows_are_equal_in_every_cell(book: Workbook) -> None:
    for sheet, ref in PLANTED_DUPLICATES:
        table = book.tables[sheet]
        numbers = {row.number for row in table.rows if row.cells["ref"] == ref}
        assert len(numbers) == 2
        assert set(find_duplicates(table).same.items()) == {(max(numbers), min(numbers))}


def test_every_reference_resolves(rows: Rows) -> None:
    persons = {row["ref"] for row in sound(rows, "persons")}
    firms = {row["uscc"]: row["name"] for row in sound(rows, "firms")}
    funds = {row["ref"] for row in sound(rows, "funds")}
    for team in sound(rows, "teams"):
        assert team["lead"] in persons
        assert set(str(team["members"]).split(";")) <= persons - {team["lead"]}
    assert any(team.get("needs") for team in sound(rows, "teams"))
    for position in sound(rows, "positions"):
        assert not position["employer_code"] or firms[position["employer_code"]] == position["employer"]
    for deal in sound(rows, "deals"):
        assert deal["fund"] in funds
        assert deal["firm"] in firms


def test_texts_speak_of_the_row_s_own_directions(rows: Rows) -> None:
    triples, resolve = load_triples(), load().resolve_direction
    columns = {"persons": "profile", "teams": "profile", "positions": "requirement", "firms": "technology"}
    for sheet, column in columns.items():
        for row in sound(rows, sheet):
            cell = str(row.get("directions") or row.get("direction"))
            leaves = [resolve(part.split(":")[0]) for part in cell.split(";")]
            for leaf in leaves:
                words = {w for t in triples[leaf] for w in (t.technology, t.product)}
                assert any(word in str(row[column]) for word in words), (sheet, row)


def test_people_s_works_belong_to_their_directions(rows: Rows) -> None:
    triples, resolve = load_triples(), load().resolve_direction
    for row in sound(rows, "persons"):
        leaves = [resolve(part.split(":")[0]) for part in str(row["directions"]).split(";")]
        words = {w for leaf in leaves for t in triples[leaf] for w in (t.technology, t.product)}
        for title in str(row["works"]).split("；"):
            assert any(word in title for word in words), title


def test_nothing_can_be_taken_for_real(rows: Rows) -> None:
    for sheet in rows:
        assert all(row["origin"] == "演示数据" for row in rows[sheet])
    for row in sound(rows, "firms"):
        assert uscc.is_valid(str(row["uscc"]))
        assert str(row["uscc"])[8:12] == "DEM0"
    for row in sound(rows, "persons"):
        assert re.fullmatch("[\u4e00-\u9fff]{2,4}", str(row["name"]))
        assert not row["email"] or str(row["email"]).endswith(".invalid")
        assert not row["phone"] or str(row["phone"]).startswith("100")
    assert all("演示" in str(row["name"]) for row in rows["funds"])


def test_firms_have_names_of_their_own(rows: Rows) -> None:
    names = [row["name"] for row in sound(rows, "firms")]
    assert len(set(names)) == len(names)


def test_every_state_occurs_and_the_funnel_narrows(name: str, rows: Rows) -> None:
    states = Counter(str(row["state"]) for row in sound(rows, "deals") if str(row["ref"]).startswith("d-"))
    assert set(states) == {choice.zh for choice in DEAL_STATE}
    if name == "demo":
        assert sum(states.values()) == 640
        assert states["立项"] > states["尽调"] > states["内投"] > states["外投"] > states["已批准"]


def test_no_fund_meets_a_firm_twice_in_one_round(rows: Rows) -> None:
    met = Counter((row["fund"], row["firm"], row["round"]) for row in sound(rows, "deals"))
    assert max(met.values()) == 1


def test_planted_cases_stand_on_their_firms(rows: Rows) -> None:
    deals = {row["ref"]: row for row in rows["deals"]}
    for case, refs in PLANTED_CASES.items():
        assert {deals[ref]["firm"] for ref in refs} == {PLANTED_FIRMS[case]}
    limit = next(row for row in rows["firms"] if row["uscc"] == PLANTED_FIRMS["at-limit"])
    assert (limit["staff"], limit["founded"], limit["net_assets"]) == (200, "2021-06-30", "2000万元")
    fund = next(row for row in rows["funds"] if row["ref"] == deals["c-at-limit"]["fund"])
    assert (fund["paid_in"], fund["concentration_max"], deals["c-at-limit"]["ticket"]) == (
        "1亿元",
        "20%",
        "2000万元",
    )


def test_demand_and_supply_differ_from_place_to_place() -> None:
    rows, catalogue = generate("demo", 1), load()
    weight = {"随时": 1.0, "半年内": 0.6, "柔性": 0.3, "暂不流动": 0.05}
    supply: dict[tuple[str, str], float] = defaultdict(float)
    demand: dict[tuple[str, str], int] = defaultdict(int)
    for row in sound(rows, "persons"):
        for part in str(row["directions"]).split(";"):
            leaf, _, share = part.partition(":")
            cell = (catalogue.resolve_direction(leaf), str(row["city"]))
            supply[cell] += weight[str(row["availability"])] * float(share or 1)
    for row in sound(rows, "positions"):
        if not row["closed"]:
            cell = (catalogue.resolve_direction(str(row["direction"])), str(row["city"]))
            demand[cell] += int(str(row["headcount"])) - int(str(row["filled"]))
    tight = [c for c in demand if supply[c] and demand[c] > 3 * supply[c]]
    slack = [c for c in supply if supply[c] > 3 * max(demand[c], 1)]
    gaps = [c for c in demand if demand[c] and not supply[c]]
    assert min(len(tight), len(slack), len(gaps)) > 20
    assert sum(int(str(row["headcount"])) >= 50 for row in sound(rows, "positions")) >= 5


def test_every_leaf_has_a_triple_and_every_text_is_its_own() -> None:
    triples = load_triples()
    assert set(triples) == {leaf.code for leaf in load().leaves}
    everything = [t for entries in triples.values() for t in entries]
    assert len(everything) >= 140
    assert len({t.technology for t in everything}) == len(everything)
    assert len({t.product for t in everything}) == len(everything)
    assert all(len(set(t.skills)) == 3 for t in everything)
    per_industry = Counter(load().industry_of(t.leaf) for t in everything)
    assert min(per_industry.values()) >= 8


def test_csv_folder_and_stream_agree_with_the_rows(tmp_path: Path) -> None:
    profile = replace(profile_named("small"), planted=False)
    write_sample(tmp_path / "csv", profile, 3)
    rows = generate(profile, 3)
    for sheet in rows:
        assert list(stream(profile, 3, sheet)) == rows[sheet]
        data = (tmp_path / "csv" / f"{sheet}.csv").read_bytes()
        assert len(read_workbook(data, filename=f"{sheet}.csv").tables[sheet].rows) == len(rows[sheet])


def test_unknown_profiles_and_sizes_are_refused() -> None:
    with pytest.raises(InvalidArgument, match="small"):
        generate("huge", 1)
    with pytest.raises(InvalidArgument, match="1000000"):
        profile_named("bench", persons=2_000_000)
