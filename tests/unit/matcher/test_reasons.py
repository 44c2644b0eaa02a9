"""Reasons say what was seen of the pair: which side tells nothing, what was not checked, and of whom it is."""

from dataclasses import replace

import pytest

from services.kernel.text import Text
from services.matcher.corpus.finding import Finder
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind, Mandate, Stage
from services.matcher.domain.kinds import KINDS
from services.wording.codes import GATES
from tests.unit.matcher.examples import FIRMS, FUND, PERSONS, POSITIONS, SIC

WAFER = FIRMS[0]
LIMITED = replace(FUND, id="", mandate=Mandate(ticket_max=800_000_000, valuation_below=20_000_000_000))
UNLIMITED = replace(LIMITED, mandate=Mandate())


def part(finder: Finder, kind: str, pair: tuple[Item, Item], name: str) -> Text:
    parts = finder.explain(kind, pair[0], replace(pair[1], id="")).contributions
    return next(each.reason for each in parts if each.name == name)


def gate(finder: Finder, kind: str, pair: tuple[Item, Item], name: str) -> tuple[bool, Text]:
    anchor, candidate = (replace(each, id="") for each in pair)
    gates = finder.explain(kind, anchor, candidate).gates
    return next((each.passed, each.reason) for each in gates if each.name == name)


@pytest.mark.parametrize(
    ("fund", "firm", "zh"),
    [
        (LIMITED, replace(WAFER, ask=None), "未给出融资额，不计"),
        (UNLIMITED, WAFER, "基金没有单笔上限，不计"),
        (LIMITED, replace(WAFER, ask=400_000_000), "融资额不超过单笔上限的一半"),
        (LIMITED, replace(WAFER, ask=400_000_001), "融资额超过单笔上限的一半，不计"),
    ],
)
def test_a_ticket_that_is_not_counted_says_why(finder: Finder, fund: Item, firm: Item, zh: str) -> None:
    assert part(finder, "firm-fund", (fund, firm), "ticket").zh == zh


@pytest.mark.parametrize(
    ("fund", "firm", "name", "expected"),
    [
        (LIMITED, replace(WAFER, ask=None), "ticket_limit", (True, "未给出融资额，没有核对上限")),
        (UNLIMITED, WAFER, "ticket_limit", (True, "投资范围没有单笔上限")),
        (LIMITED, WAFER, "ticket_limit", (True, "融资额不超过单笔上限")),
        (LIMITED, replace(WAFER, ask=800_000_001), "ticket_limit", (False, "融资额超过单笔上限")),
        (LIMITED, replace(WAFER, valuation=None), "valuation_limit", (True, "未给出估值，没有核对上限")),
        (UNLIMITED, WAFER, "valuation_limit", (True, "投资范围没有估值上限")),
        (LIMITED, replace(WAFER, valuation=20_000_000_000), "valuation_limit", (False, "估值达到或超过上限")),
        (LIMITED, replace(WAFER, city=None), "city_scope", (False, "城市未知")),
        (LIMITED, WAFER, "city_scope", (True, "苏州市在投资范围内")),
        (LIMITED, replace(WAFER, stage=None), "stage_scope", (False, "发展阶段未知")),
        (LIMITED, WAFER, "stage_scope", (True, "种子期在投资范围内")),
        (
            LIMITED,
            replace(WAFER, leaves=()),
            "industry_scope",
            (False, "没有申报方向，看不出是否属于投资范围"),
        ),
        (LIMITED, replace(WAFER, open=False), "open", (False, "企业已关闭或撤下")),
    ],
)
def test_a_gate_says_what_was_seen_or_that_nothing_was_checked(
    finder: Finder, fund: Item, firm: Item, name: str, expected: tuple[bool, str]
) -> None:
    passed, reason = gate(finder, "firm-fund", (fund, firm), name)
    assert (passed, reason.zh) == expected


def test_a_gate_that_shuts_says_which_value_it_is(finder: Finder) -> None:
    elsewhere = Mandate(frozenset({"hydrogen"}), frozenset({"nantong"}), frozenset({Stage.GROWTH}))
    pair = (replace(FUND, id="", mandate=elsewhere), WAFER)
    assert gate(finder, "firm-fund", pair, "city_scope")[1].en == "Suzhou is not in the mandate"
    assert gate(finder, "firm-fund", pair, "stage_scope")[1].en == "the seed stage is not in the mandate"
    assert gate(finder, "firm-fund", pair, "industry_scope")[1].zh == "属于投资范围内产业的业务占比不足"


def test_consent_is_told_of_whom_it_is(finder: Finder) -> None:
    refused = next(each for each in PERSONS if each.id == "refused")
    assert gate(finder, "person-position", (POSITIONS[0], refused), "consent")[1].zh == "本人未同意该用途"


@pytest.mark.parametrize(
    ("pair", "zh"),
    [
        ((replace(FUND, city=None), WAFER), "基金的城市未知，不计"),
        ((FUND, replace(WAFER, city=None)), "企业的城市未知，不计"),
    ],
)
def test_the_side_without_a_city_is_named(finder: Finder, pair: tuple[Item, Item], zh: str) -> None:
    assert part(finder, "firm-fund", pair, "home_city").zh == zh


def test_of_two_people_neither_asks_for_a_category(finder: Finder) -> None:
    other = replace(SIC, id="other", category="young-scientist")
    assert part(finder, "similar-persons", (SIC, SIC), "category").zh == "同为卓越工程师"
    assert (
        part(finder, "similar-persons", (SIC, other), "category").en
        == "the talent categories differ: Outstanding engineers and Young science and technology talent"
    )


def test_what_a_direction_is_and_what_somebody_declares_are_told_apart(
    finder: Finder, directions: tuple[Item, ...]
) -> None:
    hydrogen = next(each for each in directions if each.id == "seawater-h2")
    assert part(finder, "person-direction", (hydrogen, SIC), "directions").zh == (
        "对方的方向为海水制氢，其申报碳化硅单晶衬底及外延材料制备"
    )
    assert part(finder, "person-direction", (hydrogen, replace(SIC, leaves=())), "directions").zh == (
        "没有申报方向，不计"
    )


def test_other_directions_of_one_industry_are_told_as_such(
    finder: Finder, directions: tuple[Item, ...]
) -> None:
    nitride = next(each for each in directions if each.id == "gan")
    assert part(finder, "person-direction", (nitride, SIC), "directions").zh == (
        "同属第三代半导体，方向不同：一方为氮化镓单晶衬底及外延材料制备，一方申报碳化硅单晶衬底及外延材料制备"
    )


def test_directions_declared_alike_are_all_named_and_a_whole_industry_by_its_name(
    finder: Finder, codes: Codes, directions: tuple[Item, ...]
) -> None:
    """The name of an industry stood for two of its directions, and one direction for two of different industries."""
    whole = tuple(leaf.code for leaf in codes.leaves if leaf.industry == codes.industry_of("sic"))
    hydrogen = next(each for each in directions if each.id == "seawater-h2")
    for some in (("sic", "gan"), ("sic", "large-model"), whole):
        person = replace(SIC, leaves=tuple((code, 1000 // len(some)) for code in some))
        told = part(finder, "person-direction", (hydrogen, person), "directions")
        names = [codes.label(code) for code in ([codes.industry_of("sic")] if some == whole else some)]
        assert told.zh == f"对方的方向为海水制氢，其申报{'、'.join(name.zh for name in names)}"
        assert told.en.endswith(f"; {', '.join(name.en for name in names)} is declared")


def test_where_nothing_asked_for_is_lacking_the_reason_says_so(finder: Finder) -> None:
    asked = Item(ItemKind.POSITION, "", texts=("碳化硅外延",))
    said = finder.explain("person-position", asked, "sic")
    assert said.terms.matched
    assert not said.terms.missing
    (told,) = [each.reason for each in said.contributions if each.name == "text"]
    assert "对方要求的都已见到" in told.zh
    assert "none of the other side's is missing" in told.en


def test_every_gate_has_a_name_that_people_read() -> None:
    assert GATES.keys() == {name.upper() for kind in KINDS.values() for name in kind.gates}


def test_a_list_says_whether_the_texts_are_alike_or_not(finder: Finder) -> None:
    found = [match.item for match in finder.find("person-position", POSITIONS[0], 50)]
    parts = [
        each
        for one in finder.explain_found("person-position", POSITIONS[0], found)
        for each in one.contributions
    ]
    said = {each.value > 0: each.reason.zh for each in parts if each.name == "text"}
    assert said == {True: "两段文本有相同的用词", False: "两段文本用词少有相同"}


@pytest.mark.parametrize(
    ("stages", "zh"),
    [
        ((Stage.SEED, None), "一方的发展阶段未知，不计"),
        ((Stage.SEED, Stage.GROWTH), "发展阶段不同：种子期与成长期，不计"),
        ((Stage.SEED, Stage.SEED), "同为种子期"),
    ],
)
def test_stages_that_differ_are_named(finder: Finder, stages: tuple[Stage, Stage | None], zh: str) -> None:
    one, other = (replace(WAFER, stage=stage) for stage in stages)
    assert part(finder, "similar-firms", (one, other), "same_stage").zh == zh
