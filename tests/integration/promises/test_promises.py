"""Short runs of promises that `make promise` runs at length."""

from tests.promises import damage, handover, poison, repeating, transit


def test_a_lead_that_changes_hands_loses_and_doubles_nothing() -> None:
    assert handover.violations("embedded", seed=1, times=2, level_seconds=300) == []


def test_a_broken_record_in_a_thousand_stops_nothing() -> None:
    assert poison.violations(seed=1, records=500, slack_seconds=300) == []


def test_a_damaged_index_is_not_used() -> None:
    assert [said for seed in range(30) for said in damage.violations(seed)] == []


def test_a_request_id_takes_effect_once() -> None:
    assert repeating.violations(seed=1, steps=20, many=8) == []


def test_only_the_right_certificates_get_in_and_no_file_holds_contact_data() -> None:
    assert transit.violations(seed=1) == []
