"""What a person allows follows from the ledger alone."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.people.person import Purpose
from services.talent.domain.privacy.consent import (
    Consent,
    ConsentKind,
    Entry,
    purposes_of,
    withdrawn_by_another,
)
from tests.unit.talent.library import NOW

MATCH, FIRM, COUNT = Purpose.MATCH_POSITION, Purpose.MATCH_FIRM, Purpose.STATISTICS
GIVEN, WITHDRAWN, ANNULLED = ConsentKind


def entry(
    number: int, kind: ConsentKind, *purposes: Purpose, days: int = 0, by: str = "tester", **changes: Any
) -> Entry:
    said: dict[str, Any] = {
        "record_id": "p1",
        "kind": kind,
        "purposes": frozenset(purposes),
        "effective_at": NOW + timedelta(days=days),
    }
    return Entry(number, Consent(**{**said, **changes}), by, NOW)


def test_what_is_given_stands_until_it_is_withdrawn() -> None:
    ledger = [entry(1, GIVEN, MATCH, COUNT), entry(2, WITHDRAWN, MATCH, days=1)]
    assert purposes_of(ledger[:1], ["p1"]) == {MATCH, COUNT}
    assert purposes_of(ledger, ["p1"]) == {COUNT}
    assert purposes_of([*ledger, entry(3, GIVEN, MATCH, days=2)], ["p1"]) == {MATCH, COUNT}


def test_an_old_form_that_arrives_late_does_not_bring_back_what_was_withdrawn_after_it() -> None:
    ledger = [entry(1, GIVEN, MATCH), entry(2, WITHDRAWN, MATCH, days=9), entry(3, GIVEN, MATCH, days=5)]
    assert purposes_of(ledger, ["p1"]) == frozenset()


def test_an_annulled_entry_never_was() -> None:
    ledger = [entry(1, GIVEN, MATCH), entry(2, WITHDRAWN, MATCH, days=1), entry(3, ANNULLED, annuls=2)]
    assert purposes_of(ledger, ["p1"]) == {MATCH}


def test_of_merged_records_the_strictest_counts() -> None:
    ledger = [entry(1, GIVEN, MATCH, COUNT), entry(2, GIVEN, COUNT, FIRM, record_id="p2")]
    assert purposes_of(ledger, ["p1", "p2"]) == {COUNT}
    assert purposes_of(ledger[:1], ["p1", "p2"]) == frozenset()


def test_a_withdrawal_counts_for_an_erasure_by_somebody_else_alone() -> None:
    given, whole = entry(1, GIVEN, MATCH, COUNT), entry(3, WITHDRAWN, *Purpose, days=3, by="ann")
    assert withdrawn_by_another([given, whole], ["p1"], "bo")
    assert not withdrawn_by_another([given, whole], ["p1"], "ann")
    assert not withdrawn_by_another([given], ["p1"], "ann")
    assert not withdrawn_by_another([], ["p1"], "ann")
    part = entry(2, WITHDRAWN, MATCH, days=2, by="bo")
    assert not withdrawn_by_another([given, part, whole], ["p1"], "ann")
    assert not withdrawn_by_another([part, whole], ["p1"], "ann")  # there was nothing to take
    assert withdrawn_by_another([given, part, entry(4, WITHDRAWN, COUNT, days=4, by="cy")], ["p1"], "ann")
    taken_back = [entry(2, WITHDRAWN, *Purpose, by="bo"), entry(3, GIVEN, MATCH, days=2), whole]
    assert not withdrawn_by_another([given, *taken_back], ["p1"], "ann")
    assert withdrawn_by_another([given, whole, entry(4, WITHDRAWN, *Purpose, days=4, by="bo")], ["p1"], "ann")


ENTRIES = st.lists(
    st.tuples(
        st.sampled_from([GIVEN, WITHDRAWN]), st.sets(st.sampled_from(list(Purpose))), st.integers(0, 5)
    ),
    max_size=10,
)


@given(ENTRIES, st.randoms())
def test_the_ledger_means_the_same_in_whatever_order_it_is_read(drawn: Any, random: Any) -> None:
    ledger = [entry(n, kind, *purposes, days=days) for n, (kind, purposes, days) in enumerate(drawn, 1)]
    mixed = list(ledger)
    random.shuffle(mixed)
    assert purposes_of(mixed, ["p1"]) == purposes_of(ledger, ["p1"])


@given(ENTRIES)
def test_whoever_takes_back_everything_last_allows_nothing(drawn: Any) -> None:
    ledger = [entry(n, kind, *purposes, days=days) for n, (kind, purposes, days) in enumerate(drawn, 1)]
    assert purposes_of([*ledger, entry(99, WITHDRAWN, *Purpose, days=5)], ["p1"]) == frozenset()
