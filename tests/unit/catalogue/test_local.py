"""A region's own directions: a file that may add, and never shadow what the document says."""

from typing import Any

import pytest
import yaml

from services.catalogue import Catalogue, load
from services.catalogue.model.industry import LOCAL_PREFIX
from services.catalogue.terms import load_terms, with_local
from services.kernel.errors import InvalidArgument
from services.matcher.domain.catalogue_items import codes_of, direction_items
from services.matcher.domain.placement import place
from services.talent.domain.axes import Axes
from services.talent.domain.shortage.note import local_note
from services.workbook.rows import RowReader
from services.workbook.sheets import SHEETS
from services.workbook.tables import Row

SENSING = {
    "id": "local-quantum-sensing",
    "industry": "quantum",
    "name_zh": "量子精密测量",
    "name_en": "Quantum sensing",
    "basis": "SYNTHETIC 某市会议纪要",
    "aliases": ["量子传感"],
    "terms": ["原子磁力计", "海水电解"],
}
BUNKERING = {**SENSING, "id": "local-h2-bunkering", "industry": "hydrogen", "name_zh": "船用氢加注"}
BUNKERING |= {"name_en": "Hydrogen bunkering", "aliases": [], "terms": []}
FIRST = {"version": "2026-1", "directions": {}}


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


def file(*directions: object, editions: object = (FIRST,), **more: object) -> bytes:
    tree = {
        "editions": list(editions) if isinstance(editions, tuple) else editions,
        "directions": list(directions),
    }
    return yaml.dump({**tree, **more}, Dumper=_Plain, sort_keys=False, allow_unicode=True).encode()


@pytest.fixture(scope="module")
def region() -> Catalogue:
    return load(file(SENSING, BUNKERING))


def test_they_stand_below_their_industry_and_never_among_the_documents(region: Catalogue) -> None:
    policy = load()
    assert region.directions == policy.directions
    assert region.leaves[:-2] == policy.leaves
    assert [(leaf.code, leaf.industry, leaf.local) for leaf in region.leaves[-2:]] == [
        ("local-quantum-sensing", "quantum", True),
        ("local-h2-bunkering", "hydrogen", True),
    ]
    assert [leaf.code for leaf in region.leaves_of("quantum")] == ["quantum", "local-quantum-sensing"]
    assert region.version.startswith(f"{policy.version}+local.2026-1.")
    assert len(region.version) <= 40
    assert load(file(BUNKERING)).version != region.version
    axes = Axes.of_catalogue(region)
    assert axes.policy_leaves == Axes.of_catalogue(policy).leaves
    assert axes.local_leaves == ("local-quantum-sensing", "local-h2-bunkering")
    assert axes.industry_of("local-h2-bunkering") == "hydrogen"
    assert {axes.nodes[at] for at in axes.lineage[axes.node_at["local-h2-bunkering"]]} == {
        "local-h2-bunkering",
        "hydrogen",
        "all",
    }


def test_every_name_says_that_it_is_local(region: Catalogue) -> None:
    leaf = region.leaf("local-quantum-sensing")
    assert (leaf.name_zh, leaf.name_en) == ("量子精密测量（地方）", "Quantum sensing (local)")
    note = local_note(Axes.of_catalogue(region))
    assert "量子精密测量" in note.zh
    assert "2 local directions" in note.en
    assert local_note(Axes.of_catalogue(load())).zh == ""


@pytest.mark.parametrize(
    "text",
    ["量子精密测量", "量子精密测量（地方）", "Quantum sensing (local)", "量子传感", "LOCAL-quantum-sensing"],
)
def test_a_record_is_read_under_any_of_its_names(region: Catalogue, text: str) -> None:
    assert region.resolve_direction(text) == "local-quantum-sensing"
    row = Row(2, {"direction": text})
    reader = RowReader(SHEETS["positions"], region)
    with pytest.raises(InvalidArgument) as refused:
        reader.read(row)
    assert "UNKNOWN_DIRECTION" not in {each.reason for each in refused.value.violations}


def test_texts_are_placed_by_its_words_and_by_none_that_has_another_place(region: Catalogue) -> None:
    wording = codes_of(region).wording
    assert place(wording, "用于地磁测绘的原子磁力计").shares[0].code == "local-quantum-sensing"
    assert place(wording, "原子钟").shares[0].code == "quantum"
    assert "local-quantum-sensing" not in {each.code for each in place(wording, "海水电解装置").shares}
    item = next(each for each in direction_items(region) if each.id == "local-quantum-sensing")
    assert "原子磁力计" in item.text
    assert "（地方）" not in item.text
    assert with_local(load_terms(), ()) == load_terms()


def test_no_code_of_the_document_looks_local() -> None:
    codes = [leaf.code for leaf in load().leaves] + [each.id for each in load().industries]
    assert not [code for code in codes if code.startswith(LOCAL_PREFIX)]


def test_what_an_edition_ends_is_read_as_what_takes_its_place() -> None:
    second = {"version": "2027-1", "directions": {"local-old": {"local-h2-bunkering": 400, "liquid-h2": 600}}}
    third = {"version": "2027-2", "directions": {"local-older": {"quantum": 1000}}}
    found = load(file(SENSING, BUNKERING, editions=(FIRST, second, third)))
    assert found.succession.former["local-old"] == (("local-h2-bunkering", 400), ("liquid-h2", 600))
    assert found.resolve_direction("local-older") == "quantum"


def wrong(**changes: Any) -> bytes:
    return file({**SENSING, **changes})


@pytest.mark.parametrize(
    ("data", "reason", "field"),
    [
        (b"\xff\xfe\x00", "LOCAL_FILE_UNREADABLE", ""),
        (b"editions: [", "LOCAL_FILE_UNREADABLE", ""),
        (b"[" * 5000, "LOCAL_FILE_UNREADABLE", ""),
        (b"a: &x [1]\nb: *x\n", "LOCAL_FILE_UNREADABLE", ""),
        (b"x" * (1 << 19), "LOCAL_FILE_TOO_LARGE", ""),
        (b"- 1\n", "LOCAL_FILE_FORM", ""),
        (file(SENSING, industries=[]), "LOCAL_FILE_FORM", ""),
        (file("SENSING"), "LOCAL_FILE_FORM", "directions"),
        (wrong(id="quantum-sensing"), "LOCAL_CODE_FORM", "directions[0].id"),
        (wrong(id="local-量子"), "LOCAL_CODE_FORM", "directions[0].id"),
        (wrong(id="local-" + "x" * 60), "LOCAL_CODE_FORM", "directions[0].id"),
        (wrong(industry="astrology"), "UNKNOWN_INDUSTRY", "directions[0].industry"),
        (wrong(name_zh=" "), "REQUIRED", "directions[0].name_zh"),
        (wrong(name_zh="量\x07子"), "REQUIRED", "directions[0].name_zh"),
        (wrong(basis=None), "REQUIRED", "directions[0].basis"),
        (wrong(name_en="x" * 61), "TOO_LONG", "directions[0].name_en"),
        (wrong(name_zh="氢能"), "LOCAL_NAME_TAKEN", "directions[0]"),
        (wrong(name_en="SIC"), "LOCAL_NAME_TAKEN", "directions[0]"),
        (wrong(aliases=["氧化镓"]), "LOCAL_NAME_TAKEN", "directions[0]"),
        (wrong(aliases="量子"), "LOCAL_WORDS", "directions[0].aliases"),
        (wrong(terms=["磁"]), "LOCAL_WORDS", "directions[0].terms"),
        (wrong(colour="blue"), "LOCAL_FIELD_UNKNOWN", "directions[0].colour"),
        (file(SENSING, SENSING), "LOCAL_CODE_REPEATED", "directions[1].id"),
        (file(SENSING, {**BUNKERING, "name_zh": "量子传感"}), "LOCAL_NAME_TAKEN", "directions[1]"),
        (file(SENSING, editions=()), "REQUIRED", "editions"),
        (file(SENSING, editions=({"version": 2026},)), "LOCAL_VERSION_FORM", "editions[0].version"),
        (
            file(SENSING, editions=({"version": "1", "directions": {"sic": {"gan": 1000}}},)),
            "LOCAL_SUCCESSION",
            "editions[0].directions",
        ),
        (
            file(SENSING, editions=({"version": "1", "directions": {"local-x": {"nowhere": 1000}}},)),
            "LOCAL_SUCCESSION",
            "editions",
        ),
        (
            file(SENSING, editions=({"version": "1", "directions": {SENSING["id"]: {"quantum": 1000}}},)),
            "LOCAL_SUCCESSION",
            "editions",
        ),
        (
            file(SENSING, editions=({"version": "1", "directions": {"local-x": {"quantum": 900}}},)),
            "LOCAL_SUCCESSION",
            "editions",
        ),
        (file(*({**SENSING, "id": f"local-{at}"} for at in range(201))), "LOCAL_TOO_MANY", "directions"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_and_the_place_is_named(
    data: bytes, reason: str, field: str
) -> None:
    with pytest.raises(InvalidArgument) as refused:
        load(data)
    assert (reason, field) in {(each.reason, each.field) for each in refused.value.violations}
    assert all(each.text.zh and each.text.en for each in refused.value.violations)
