from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue import load
from services.funding.domain.firm.alike import (
    AlikeMethod,
    FirmTraits,
    Sign,
    blocks_of,
    brand_of,
    compare,
)
from services.funding.domain.firm.firm_people import FirmPerson, Part, examine_people
from services.kernel.errors import InvalidArgument

PLACES = tuple(city.name.zh.removesuffix("市") for city in load().cities)
METHOD = AlikeMethod()
TODAY = date(2026, 7, 1)


def firm(
    name: str, code: str = "91320500DEM0000011", *people: str, founded: date | None = None
) -> FirmTraits:
    return FirmTraits(code, code, name, founded, frozenset(people))


A, B = "91320500DEM0000011", "91320100DEM0999992"
MOVED = "91320100DEM0000013"
DAY = date(2023, 5, 1)
# SYNTHETIC pairs, labelled by hand: name, name, what else the two have in common, and whether they are one firm.
PAIRS = [
    (firm("苏州砺珉氢能科技有限公司", A), firm("苏州砺珉氢能科技有限公司", B), True),
    (firm("苏州砺珉氢能科技有限公司", A), firm("江苏砺珉氢能科技股份有限公司", MOVED), True),
    (firm("苏州砺珉氢能科技有限公司", A, founded=DAY), firm("南京砺珉氢能有限公司", B, founded=DAY), True),
    (firm("砺珉（苏州）新材料有限公司", A), firm("砺珉(苏州)新材料有限公司", B), True),
    (firm("苏州砺珉材料有限公司", A, "演示甲"), firm("无锡砺珉科技有限公司", B, "演示甲"), True),
    (firm("ＡＢ砺珉有限公司", A), firm("ab砺珉有限公司", B), True),
    (firm("苏州张江砺珉有限公司", A), firm("蘇州張江礪珉有限公司", B), True),
    (firm("苏州ABE氢能有限公司", A), firm("苏州АВЕ氢能有限公司", B), True),
    (firm("苏州砺珉氢能科技有限公司", A), firm("苏州璟崧光子科技有限公司", B), False),
    (firm("苏州砺珉氢能科技有限公司", A, "演示甲"), firm("苏州璟崧光子科技有限公司", B, "演示甲"), False),
    (firm("苏州氢能科技有限公司", A, founded=DAY), firm("苏州光子科技有限公司", B, founded=DAY), False),
    (firm("苏州砺珉氢能科技有限公司", A), firm("苏州砺崧氢能科技有限公司", B), False),
    (firm("苏州科技有限公司", A), firm("南京科技有限公司", B), False),
]


@pytest.mark.parametrize(("one", "other", "same"), PAIRS)
def test_the_labelled_pairs(one: FirmTraits, other: FirmTraits, *, same: bool) -> None:
    found = compare(one, other, PLACES, METHOD)
    assert (found.points >= METHOD.possible) is same, found
    assert compare(other, one, PLACES, METHOD) == found
    if same:
        assert blocks_of(one, PLACES) & blocks_of(other, PLACES) or one.people & other.people


def test_a_firm_that_moved_is_known_by_its_organisation_code() -> None:
    found = compare(firm("苏州甲有限公司", A), firm("南京乙有限公司", MOVED), PLACES, METHOD)
    assert found.signs == (Sign.SAME_ORGANISATION,)
    assert found.points >= METHOD.likely


@pytest.mark.parametrize(
    ("name", "brand"),
    [
        ("苏州砺珉氢能科技有限公司", "砺珉氢能"),
        ("江苏省砺珉新材料股份有限公司", "砺珉"),
        ("南京市砺珉智能科技有限责任公司", "砺珉"),
        ("苏州科技有限公司", "苏州科技有限公司"),
    ],
)
def test_what_is_a_firms_own_in_its_name(name: str, brand: str) -> None:
    assert brand_of(name, PLACES) == brand


@given(st.text(max_size=40))
def test_every_name_has_a_brand_and_is_like_itself(name: str) -> None:
    brand_of(name, PLACES)
    assert compare(firm(name, A), firm(name, B), PLACES, METHOD).signs[0] is Sign.SAME_NAME


@pytest.mark.parametrize(
    ("people", "reason"),
    [
        (
            [FirmPerson(Part.LEGAL_REPRESENTATIVE, "甲"), FirmPerson(Part.LEGAL_REPRESENTATIVE, "乙")],
            "TWO_LEGAL",
        ),
        (
            [FirmPerson(Part.SHAREHOLDER, "甲", 600_000), FirmPerson(Part.SHAREHOLDER, "乙", 400_001)],
            "SHARES_OVER",
        ),
        ([FirmPerson(Part.DIRECTOR, "甲"), FirmPerson(Part.DIRECTOR, "甲")], "PERSON_REPEATED"),
        ([FirmPerson(Part.DIRECTOR, " ")], "REQUIRED"),
        ([FirmPerson(Part.DIRECTOR, "甲\u202e")], "CONTROL"),
        ([FirmPerson(Part.DIRECTOR, "甲", -1)], "OUT_OF_BOUNDS"),
        ([FirmPerson(Part.DIRECTOR, "甲", since=date(2027, 1, 1))], "DATE_IN_FUTURE"),
        ([FirmPerson(Part.DIRECTOR, "甲", since=DAY, until=DAY)], "PERIOD_REVERSED"),
        ([FirmPerson(Part.DIRECTOR, f"甲{n}") for n in range(201)], "TOO_MANY"),
    ],
)
def test_people_who_cannot_be_are_found(people: list[FirmPerson], reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        examine_people(people, TODAY)
    assert any(each.reason.startswith(reason) for each in caught.value.violations)


def test_former_people_do_not_count_towards_the_whole() -> None:
    people = [
        FirmPerson(Part.LEGAL_REPRESENTATIVE, "甲", until=DAY),
        FirmPerson(Part.LEGAL_REPRESENTATIVE, "乙", since=DAY),
        FirmPerson(Part.SHAREHOLDER, "甲", 1_000_000, until=DAY),
        FirmPerson(Part.SHAREHOLDER, "乙", 1_000_000, since=DAY),
    ]
    assert examine_people(people, TODAY) == tuple(people)
