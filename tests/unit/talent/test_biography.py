"""Names, affiliations, education, works and ORCID: what is kept as written, and what is refused."""

from datetime import date
from typing import Any

import pytest

from services.kernel.errors import InvalidArgument
from services.talent.domain.identity.person_name import agree, read_name
from services.talent.domain.people.biography import (
    Affiliation,
    Degree,
    Education,
    NameKind,
    OtherName,
    Work,
    WorkKind,
)
from services.talent.domain.people.person import PersonFacts, check_facts
from tests.unit.talent.library import AXES, TODAY, person_facts


def checked(**changes: Any) -> PersonFacts:
    return check_facts(person_facts(**changes), AXES, TODAY)


def reasons(**changes: Any) -> set[str]:
    with pytest.raises(InvalidArgument) as caught:
        checked(**changes)
    return {violation.reason for violation in caught.value.violations}


def test_a_whole_biography_is_kept() -> None:
    kept = checked(
        other_names=(OtherName(NameKind.LATIN, " Ouyang Ming "), OtherName(NameKind.FORMER, "欧阳小明")),
        affiliations=(Affiliation("南京大学", "讲师", date(2015, 9, 1), date(2020, 8, 31)),),
        education=(Education("东南大学", Degree.DOCTOR, "化学工程", 2015),),
        work_items=(Work("一种海水电解槽", WorkKind.PATENT, 2023, "https://example.org/p/1"),),
        birth_year=1987,
        orcid="https://orcid.org/0000-0002-1825-0097",
    )
    assert kept.other_names[0].text == "Ouyang Ming"
    assert kept.orcid == "0000-0002-1825-0097"


@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_valid_orcids(orcid: str) -> None:
    assert checked(orcid=orcid.lower()).orcid == orcid


@pytest.mark.parametrize(
    ("orcid", "reason"),
    [
        ("0000-0002-1825-0098", "ORCID_CHECK_DIGIT"),
        ("0000000218250097", "ORCID_FORM"),
        ("0000-0002-1825", "ORCID_FORM"),
        ("x", "ORCID_FORM"),
    ],
)
def test_invalid_orcids(orcid: str, reason: str) -> None:
    assert reasons(orcid=orcid) == {reason}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"birth_year": 1870}, "BIRTH_YEAR_OUT_OF_RANGE"),
        ({"birth_year": 2030}, "BIRTH_YEAR_OUT_OF_RANGE"),
        ({"birth_year": 1990, "education": (Education("东南大学", year=1985),)}, "YEAR_OUT_OF_RANGE"),
        ({"education": (Education(""),)}, "REQUIRED"),
        ({"affiliations": (Affiliation("甲", "", date(2020, 1, 2), date(2020, 1, 1)),)}, "DATES_REVERSED"),
        ({"affiliations": (Affiliation("甲", "", date(2030, 1, 1)),)}, "DATE_IN_FUTURE"),
        ({"affiliations": tuple(Affiliation(f"甲{n}") for n in range(41))}, "TOO_MANY_ITEMS"),
        ({"work_items": (Work("甲", link="ftp://x.y"),)}, "LINK_NOT_UNDERSTOOD"),
        ({"work_items": (Work("甲", link="javascript:alert(1)"),)}, "LINK_NOT_UNDERSTOOD"),
        ({"work_items": (Work("甲", year=1066),)}, "YEAR_OUT_OF_RANGE"),
        ({"other_names": (OtherName(NameKind.FORMER, "张\u200b三"),)}, "INVISIBLE_CHARACTERS"),
        ({"other_names": (OtherName(NameKind.FORMER, "长" * 61),)}, "TOO_LONG"),
    ],
)
def test_what_cannot_be(changes: dict[str, Any], reason: str) -> None:
    assert reason in reasons(**changes)


@pytest.mark.parametrize("char", ["\ud800", "\U000e0ffe", "\ufeff", "\u202e", "\u200b", "\u2068", "\u0378"])
def test_surrogates_unassigned_and_invisible_code_points_in_a_name_are_refused(char: str) -> None:
    assert reasons(name=f"张{char}三") == {"INVISIBLE_CHARACTERS"}


@pytest.mark.parametrize(
    "name",
    [
        "𠮷田",
        "㐀",
        "\U00031350甲",  # younger than the tables of this Python
        "\ue000华",  # a private character of a registry's font
        "买买提艾力·阿卜杜热合曼",
        "O'Connor",
        "Zoë D’Souza-Łuczak",
    ],
)
def test_rare_characters_and_foreign_names_keep_their_bytes(name: str) -> None:
    assert checked(name=name).name.encode() == name.encode()


def test_a_name_in_letters_of_another_script_is_kept_and_known_to_look_the_same() -> None:
    cyrillic, latin = "\u0410nna Wang", "Anna Wang"
    assert checked(name=cyrillic).name == cyrillic
    assert agree(read_name(cyrillic), read_name(latin)) == agree(read_name(latin), read_name(latin))
    assert agree(read_name("張三"), read_name("张三")) == agree(read_name("张三"), read_name("张三"))
