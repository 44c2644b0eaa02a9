"""No table and no column is without a rule for erasure."""

import pytest

from services.talent.store.privacy.erasure import PLACES, Deleted, Kept
from services.talent.store.schema import metadata


def test_every_table_has_a_rule_and_every_rule_a_table() -> None:
    missing = set(metadata.tables) - set(PLACES)
    assert not missing, (
        f"say in services/talent/store/privacy/erasure.py what erasure does to {sorted(missing)}"
    )
    assert set(PLACES) <= set(metadata.tables)


@pytest.mark.parametrize("name", sorted(set(PLACES) & set(metadata.tables)))
def test_every_column_that_stays_is_accounted_for(name: str) -> None:
    place, columns = PLACES[name], set(metadata.tables[name].columns.keys())
    if isinstance(place, Deleted):
        assert set(place.columns) <= columns
    elif isinstance(place, Kept):
        assert place.columns == columns
        assert not place.of or place.of in columns
    else:
        assert place.about
        assert not {column for column in columns if "person" in column or "subject" in column}


def test_rules_of_one_column_do_not_contradict_each_other() -> None:
    for name, place in PLACES.items():
        if isinstance(place, Kept):
            listed = [*place.clear.split(), *place.sealed.split(), *place.elsewhere.split(), *place.emptied]
            assert len(listed) == len(set(listed)), name


def test_a_person_stands_in_clear_only_where_rows_are_deleted() -> None:
    assert {name for name, place in PLACES.items() if isinstance(place, Deleted)} >= {
        "person",
        "person_text",
        "person_key",
        "outbox",
    }
