"""Notes on deals: what is taken, and when a reminder is settled."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.deal.note import MOST_YEARS, Note, StatedNote, examine_note, settle
from services.kernel.errors import AlreadyExists, FailedPrecondition, InvalidArgument

TODAY = date(2028, 2, 29)
NOW = datetime(2028, 2, 29, 4, tzinfo=UTC)


def note(remind_on: date | None) -> Note:
    return Note(
        deal_id="d",
        number=1,
        commitment="c",
        remind_on=remind_on,
        reminded="li" if remind_on else "",
        documents=(),
        actor="wang",
        at=NOW,
    )


def reasons(stated: StatedNote) -> set[tuple[str, str]]:
    with pytest.raises(InvalidArgument) as refused:
        examine_note(stated, {1, 2}, TODAY)
    return {(each.field, each.reason) for each in refused.value.violations}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    stated = StatedNote(text=" ", remind_on=date(2028, 2, 28), documents=[2, 3])
    assert reasons(stated) == {
        ("note.text", "REQUIRED"),
        ("note.remind_date", "DATE_IN_PAST"),
        ("note.documents[1]", "UNKNOWN_DOCUMENT"),
    }
    assert reasons(StatedNote(text="约谈", reminded="li")) == {("note.remind_account", "ACCOUNT_WITHOUT_DAY")}


@given(st.integers(min_value=-20_000, max_value=20_000))
def test_a_day_is_taken_from_today_to_ten_years_on_and_no_other(days: int) -> None:
    day = TODAY + timedelta(days=days)
    taken = TODAY <= day <= date(TODAY.year + MOST_YEARS, 2, 28) or day == TODAY
    if taken:
        assert examine_note(StatedNote(text="a", remind_on=day), (), TODAY).remind_on == day
    else:
        assert {each for _, each in reasons(StatedNote(text="a", remind_on=day))} <= {
            "DATE_IN_PAST",
            "DATE_TOO_FAR",
        }


def test_a_document_is_named_once() -> None:
    assert examine_note(StatedNote(text="见附件 ", documents=[2, 1, 2]), {1, 2}, TODAY) == StatedNote(
        text="见附件", documents=(2, 1)
    )


def test_a_reminder_is_settled_once_and_only_where_there_is_one() -> None:
    with pytest.raises(FailedPrecondition):
        settle(note(None), None, actor="li", at=NOW)
    done = settle(note(TODAY), None, actor="li", at=NOW)
    assert (done.actor, done.number) == ("li", 1)
    with pytest.raises(AlreadyExists, match="li"):
        settle(note(TODAY), done, actor="wang", at=NOW)
