"""Precision and recall on labelled records; the bench prints the same on a larger set from another seed."""

from collections import Counter

from bench.quality.duplicates import found_pairs, pairs_by, precision, recall
from services.sample.doubles import labelled_records
from services.sample.variants import Variant
from services.talent.domain.identity.comparison import Band

PEOPLE, SEED = 3_000, 7


def test_what_is_linked_is_nearly_always_right_and_most_of_the_rest_is_up_for_review() -> None:
    records = labelled_records(PEOPLE, SEED)
    truth, bands = pairs_by(records, lambda record: [str(record.person)]), found_pairs(records)
    linked = {pair for pair, band in bands.items() if band is Band.LINK}
    assert precision(linked, truth) >= 0.995
    assert precision(set(bands), truth) >= 0.75
    assert recall(set(bands), truth) >= 0.85


def test_the_labelled_set_has_every_case_and_is_the_same_every_time() -> None:
    records = labelled_records(PEOPLE, SEED)
    assert {record.variant for record in records} == set(Variant)
    assert labelled_records(PEOPLE, SEED) == records
    bearers = Counter(name for name, _ in {(record.name, record.person) for record in records})
    assert sum(count > 1 for count in bearers.values()) > 100
    assert len({record.id for record in records}) == len(records)
