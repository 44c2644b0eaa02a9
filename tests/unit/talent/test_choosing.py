"""Which of several assertions is shown, and why the others are not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.people.choosing import Rule, Standing, choose, judge
from services.talent.domain.people.statement import Confidence, Retraction, Statement
from tests.unit.talent.library import NOW, TODAY

RULE = Rule()


def statement(number: int, value: Any = "甲", *, field: str = "employer", **changes: Any) -> Statement:
    given: dict[str, Any] = {
        "number": number,
        "record_id": "p1",
        "facts": {field: value},
        "source": f"source-{number}",
        "observed": TODAY,
        "entered_by": "tester",
        "recorded_at": NOW + timedelta(seconds=number),
    }
    return Statement(**{**given, **changes})


def standings(*said: Statement, field: str = "employer", day: date = TODAY) -> list[Standing]:
    return [verdict.standing for verdict in judge(field, said, day, RULE)]


def test_the_surer_goes_before_the_later_observed() -> None:
    old = statement(1, "甲", confidence=Confidence.CONFIRMED, observed=TODAY - timedelta(days=900))
    assert standings(old, statement(2, "乙")) == [Standing.CHOSEN, Standing.LESS_SURE]


def test_the_later_observed_goes_before_the_source() -> None:
    office = statement(1, "甲", source="office", observed=TODAY - timedelta(days=1))
    assert standings(office, statement(2, "乙", source="web")) == [
        Standing.OBSERVED_EARLIER,
        Standing.CHOSEN,
    ]


def test_the_source_goes_before_the_later_recorded() -> None:
    said = [statement(1, "甲", source="self"), statement(2, "乙", source="web"), statement(3, "丙")]
    assert standings(*said) == [Standing.CHOSEN, Standing.LOWER_SOURCE, Standing.LOWER_SOURCE]
    assert standings(*said[2:], statement(4, "丁")) == [Standing.RECORDED_EARLIER, Standing.CHOSEN]


def test_a_source_is_heard_with_its_last_word() -> None:
    first = statement(1, "甲", source="self", observed=TODAY)
    second = statement(2, "乙", source="self", observed=TODAY - timedelta(days=30))
    assert standings(first, second) == [Standing.SUPERSEDED, Standing.CHOSEN]
    taken_back = replace(second, retraction=Retraction(NOW, "tester"))
    assert standings(first, taken_back) == [Standing.CHOSEN, Standing.RETRACTED]


def test_two_documents_of_one_source_are_two_voices() -> None:
    said = [statement(1, "甲", source="self"), statement(2, "乙", source="self", document="合同")]
    assert standings(*said) == [Standing.RECORDED_EARLIER, Standing.CHOSEN]


def test_an_empty_value_takes_back_what_the_source_said_and_no_more() -> None:
    said = [
        statement(1, "甲", source="import", observed=TODAY - timedelta(days=9)),
        statement(2, "乙", source="self"),
        statement(3, "", source="self"),
    ]
    assert standings(*said) == [Standing.CHOSEN, Standing.SUPERSEDED, Standing.EMPTY]


def test_the_office_can_say_that_there_is_none() -> None:
    said = [statement(1, "甲", source="import"), statement(2, "", source="office")]
    assert choose(said, ["employer"], TODAY, RULE) == {"employer": ""}


def test_a_statement_holds_from_its_first_day_to_its_last() -> None:
    said = [
        statement(1, "甲"),
        statement(2, "乙", valid_from=TODAY, valid_to=TODAY + timedelta(days=1)),
    ]
    shown = [
        choose(said, ["employer"], TODAY + timedelta(days=days), RULE)["employer"] for days in (-1, 0, 1, 2)
    ]
    assert shown == ["甲", "乙", "乙", "甲"]


def test_sources_that_agree_are_no_conflict() -> None:
    assert standings(statement(1), statement(2)) == [Standing.AGREES, Standing.CHOSEN]


def test_how_fresh_a_record_is_follows_the_newest_statement_even_if_an_older_one_is_surer() -> None:
    old, new = date(2025, 1, 1), date(2026, 6, 1)
    said = [
        statement(1, old, field="observed", observed=old, confidence=Confidence.CONFIRMED),
        statement(2, new, field="observed", observed=new),
    ]
    assert choose(said, ["observed"], TODAY, RULE) == {"observed": new}


def test_the_rule_is_printed_in_both_languages() -> None:
    assert "人才办 > 本人" in RULE.text.zh
    assert "the office > the person" in RULE.text.en
    assert all(standing.text.zh and standing.text.en for standing in Standing)


SAID = st.lists(
    st.builds(
        lambda value, source, days, sure, gone: {
            "value": value,
            "source": source,
            "observed": TODAY - timedelta(days=days),
            "confidence": sure,
            "retraction": Retraction(datetime(2026, 6, 30, tzinfo=NOW.tzinfo), "x") if gone else None,
        },
        st.sampled_from(["", "甲", "乙"]),
        st.sampled_from(["office", "self", "import", "other"]),
        st.integers(0, 3),
        st.sampled_from(list(Confidence)),
        st.booleans(),
    ),
    max_size=8,
)


@given(SAID, st.randoms())
def test_the_choice_does_not_depend_on_the_order_in_which_statements_are_read(
    drawn: list[dict[str, Any]], random: Any
) -> None:
    said = [statement(n, each.pop("value"), **each) for n, each in enumerate(map(dict, drawn), 1)]
    mixed = list(said)
    random.shuffle(mixed)
    assert choose(said, ["employer"], TODAY, RULE) == choose(mixed, ["employer"], TODAY, RULE)
    assert standings(*said) == standings(*mixed)


@given(SAID)
def test_at_most_one_is_chosen_and_taking_it_back_shows_what_stood_next(drawn: list[dict[str, Any]]) -> None:
    said: Sequence[Statement] = [
        statement(n, each.pop("value"), **each) for n, each in enumerate(map(dict, drawn), 1)
    ]
    chosen = [v.statement for v in judge("employer", said, TODAY, RULE) if v.standing is Standing.CHOSEN]
    assert len(chosen) <= 1
    rest = [each for each in said if each not in chosen]
    taken = [replace(each, retraction=Retraction(NOW, "x")) if each in chosen else each for each in said]
    assert choose(taken, ["employer"], TODAY, RULE) == choose(rest, ["employer"], TODAY, RULE)


@pytest.mark.parametrize("confidence", list(Confidence))
def test_every_confidence_has_a_name_in_both_languages(confidence: Confidence) -> None:
    assert confidence.label.zh
    assert confidence.label.en
