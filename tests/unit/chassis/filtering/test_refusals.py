from collections.abc import Callable

import pytest

from services.chassis.filtering import Expression, Field, Schema, parse
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

Refuse = Callable[[str], InvalidArgument]
Read = Callable[[str], Expression]


@pytest.mark.parametrize(
    ("text", "column", "en"),
    [
        ("stage", 6, "comes an operator"),
        ("stage =", 8, "the value is missing"),
        ("stage = AND", 9, "the value is missing"),
        ("stage = seed AND", 17, "a condition belongs here"),
        ("AND stage = seed", 1, "a condition belongs here"),
        ("stage = seed and name = a", 14, "write AND in capitals"),
        ("stage = seed Or name = a", 14, "write OR in capitals"),
        ("stage = seed name = a", 14, "put AND or OR between"),
        ('name = "a"b', 11, "put AND or OR between"),
        ("(stage = seed", 1, "never closed"),
        ("stage = seed)", 13, "too many"),
        ("(stage = seed name = a)", 15, "put AND or OR between"),
        ("()", 2, "a condition belongs here"),
        ("NOT NOT stage = seed", 5, "a condition belongs here"),
        ("--stage = seed", 2, "there is no field '-stage'"),
        ('"free text"', 1, "a condition belongs here"),
        ("name(x) = 1", 1, "functions such as name()"),
        ("name = (a OR b)", 8, "a value cannot be a bracket"),
        ("stage == seed", 7, "there is no operator =="),
        ("headcount <> 1", 11, "there is no operator <>"),
        ("headcount =< 1", 11, "there is no operator =<"),
        ("name =~ 1", 6, "there is no operator =~"),
        ('name = "abc', 8, "never closed"),
        (r'name = "a\nb"', 10, "unknown escape"),
        (r"name = a\b", 9, "backslash in quotes"),
        ("name = *a", 8, "may stand once, at the end"),
        ("name = a*b", 8, "may stand once, at the end"),
        ('name = "a**"', 8, "may stand once, at the end"),
        ("name = *", 8, "write name:*"),
        ("name:a*", 6, "drop the *"),
        ('name:""', 6, "is empty"),
        ('said:" "', 6, "no words to look for"),
        ("said:" + "a" * 201, 6, "have 201 characters; at most 200"),
        ("said = a", 6, "does not take =; write said:VALUE"),
        ("said:a*", 6, "is for text fields"),
        ("stage = se*", 9, "is for text fields"),
        ("（stage = seed)", 1, "write ("),
        ("stage＝seed", 6, "write ="),
        ("stage = “seed”", 9, 'write "'),
        ("name = 张三）", 10, "write )"),
        ("name < b", 6, "does not take <; use one of: = != :"),
        ("verified >= true", 10, "does not take >="),
        ("directions = sic", 12, "does not take =; write directions:VALUE"),
        ("verified = TRUE", 12, "write true or false"),
        ("headcount = 1.5", 13, "a whole number"),
        ("headcount = １２", 13, "a whole number"),
        ("headcount = 1000001", 13, "between 0 and 1000000"),
        ("headcount = 99999999999999999999999", 13, "a whole number"),
        ("score > NaN", 9, "a number such as"),
        ("score > 1e999", 9, "between 0 and 1"),
        ("amount > 两万五", 10, "cannot read the amount"),
        ("amount > 0.001", 10, "finer than one fen"),
        ("amount > 99999999999亿", 10, "over the system's limit"),
        ("founded = 2026-02-30", 11, "a date such as"),
        ("founded = 20260101", 11, "a date such as"),
        ("founded = 2026-01-01T00:00:00Z", 11, "a date such as"),
        ("create_time > 2026-01-31", 15, "a time with its zone"),
        ("create_time > 2026-01-31T08:00:00", 15, "a time with its zone"),
        ("create_time > 2026-01-31T24:61:00Z", 15, "a time with its zone"),
        ("create_time > 0001-01-01T00:00:00+08:00", 15, "a time with its zone"),
        ("fund = '; DROP TABLE x'", 8, "a code such as"),
        ("name = a\x00", 9, "control character"),
        ("name = \ud800", 8, "control character"),
    ],
)
def test_refused_with_column_rule_and_remedy(text: str, column: int, en: str, refuse: Refuse) -> None:
    error = refuse(text)
    assert error.reason == "INVALID_FILTER"
    assert int(error.metadata["column"]) == column
    assert en in error.text.en
    assert any("一" <= char <= "鿿" for char in error.text.zh)


def test_an_unknown_field_gets_near_names_and_the_list(refuse: Refuse) -> None:
    error = refuse("indutry = hydrogen")
    assert error.metadata["suggestions"].split(",")[0] == "industry"
    assert "您是否要用：industry" in error.text.zh
    assert "create_time" in error.text.en


def test_field_names_are_case_sensitive(refuse: Refuse) -> None:
    assert refuse("Stage = seed").metadata["suggestions"].startswith("stage")


def test_an_unknown_code_gets_near_codes_and_the_list(refuse: Refuse) -> None:
    error = refuse("stage = Seed")
    assert error.metadata["suggestions"] == "seed"
    assert "startup" in error.text.en


def test_a_word_for_a_code_is_taken_for_it_and_a_near_one_is_asked_about(read: Read, refuse: Refuse) -> None:
    assert read("kind = 天使") == read("kind = ANGEL") == read("kind = KIND_ANGEL")
    assert refuse("kind = 天使基金").metadata["suggestions"] == "天使"
    assert refuse("kind = angel").metadata["suggestions"] == "ANGEL"


def test_a_catalogue_field_repeats_the_catalogue_s_advice(refuse: Refuse) -> None:
    error = refuse("name = a AND industry = 三代半")
    assert (error.metadata["column"], error.metadata["suggestions"]) == ("25", "third-gen-semiconductor")


@pytest.mark.parametrize(
    ("fits", "too_much", "column"),
    [
        ("(" * 8 + "name = a" + ")" * 8, "(" * 9 + "name = a" + ")" * 9, 9),
        (" OR ".join(["name = a"] * 50), " OR ".join(["name = a"] * 51), 601),
        ("name = " + "a" * 1993, "name = " + "a" * 1994, 2001),
        (" " * 2000, " " * 1_000_000, 2001),
    ],
)
def test_limits(fits: str, too_much: str, column: int, read: Read, refuse: Refuse) -> None:
    read(fits)
    error = refuse(too_much)
    assert error.reason == "FILTER_TOO_COMPLEX"
    assert int(error.metadata["column"]) == column


def test_long_values_are_repeated_shortened(refuse: Refuse) -> None:
    assert len(refuse("stage = " + "x" * 1900).text.en) < 300
    assert len(refuse("x" * 1900 + " = 1").text.en) < 300


def test_a_field_that_is_elsewhere_alone_is_told_with_the_reason() -> None:
    schema = Schema.of(Field.text("name"), Field.code("stage"))
    reason = Text("只有企业有这一项", "firms alone have it")
    narrow = schema.without({"stage": reason, "colour": reason})
    parse("name = x", narrow)
    with pytest.raises(InvalidArgument) as refused:
        parse("name = x AND NOT stage = seed", narrow)
    assert refused.value.reason == "INVALID_FILTER"
    assert refused.value.metadata["column"] == "18"
    assert "'stage' here: firms alone have it. The fields are: name" in refused.value.text.en
    with pytest.raises(InvalidArgument, match="there is no field"):
        parse("colour = red", narrow)
