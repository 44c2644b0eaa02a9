"""Clusters follow from the judgements, whatever their order; what speaks against a cluster is named."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.talent.domain.identity.joining import check_joining
from services.talent.domain.identity.judgement import Verdict, canonical, clusters, pair_of
from tests.unit.talent.identity.records import NOW, judgement

edges = st.lists(
    st.tuples(
        st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.sampled_from(Verdict), st.booleans()
    ).filter(lambda edge: edge[0] < edge[1]),
    max_size=12,
)


@given(edges, st.randoms(use_true_random=False))
def test_clusters_are_what_live_positive_judgements_connect(
    drawn: Sequence[tuple[str, str, Verdict, bool]], random: st.DataObject
) -> None:
    made = [judgement(left, right, verdict, live=live) for left, right, verdict, live in drawn]
    found = clusters(made)
    random.shuffle(made)  # type: ignore[attr-defined]
    assert clusters(made) == found
    for id_, members in found.items():
        assert id_ in members
        assert all(found[other] == members for other in members)
    joined = {
        frozenset((left, right))
        for left, right, verdict, live in drawn
        if live and verdict is Verdict.POSITIVE
    }
    assert all(found[min(pair)] == found[max(pair)] for pair in joined)
    assert set(found) == {id_ for pair in joined for id_ in pair}


def test_a_chain_is_one_cluster_and_taking_back_its_middle_splits_it() -> None:
    chain = [judgement("a", "b"), judgement("b", "c"), judgement("c", "d")]
    assert {clusters(list(order))["a"] for order in permutations(chain)} == {frozenset("abcd")}
    chain[1].take_back("officer", NOW)
    assert clusters(chain) == {
        "a": frozenset("ab"),
        "b": frozenset("ab"),
        "c": frozenset("cd"),
        "d": frozenset("cd"),
    }
    assert canonical("dcb") == "b"


def test_a_pair_has_an_order_and_two_ids() -> None:
    assert pair_of("b", "a") == pair_of("a", "b") == ("a", "b")
    with pytest.raises(InvalidArgument) as refused:
        pair_of("a", "a")
    assert refused.value.reason == "SAME_RECORD"


def test_conflicting_strong_keys_refuse_a_cluster_and_name_both() -> None:
    keys = {"a": {"id_number": "1"}, "c": {"id_number": "2", "orcid": "x"}, "b": {"orcid": "x"}}
    with pytest.raises(FailedPrecondition) as refused:
        check_joining(["a", "b"], ["c"], keys, [])
    assert refused.value.reason == "CONFLICTING_KEYS"
    assert "persons/a" in refused.value.text.en
    assert "persons/c" in refused.value.text.zh
    assert len(refused.value.violations) == 1


def test_a_negative_judgement_is_respected_until_it_is_taken_back() -> None:
    apart = judgement("b", "c", Verdict.NEGATIVE)
    with pytest.raises(FailedPrecondition) as refused:
        check_joining(["a", "b"], ["c", "d"], {}, [apart])
    assert refused.value.reason == "JUDGED_APART"
    apart.take_back("officer", NOW)
    check_joining(["a", "b"], ["c", "d"], {}, [apart, judgement("a", "d", Verdict.UNSURE)])
