"""Weighing two records: the sum, the bands, and the words for every piece of evidence."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.identity.comparison import Band, compare
from services.talent.domain.identity.method import FIELDS, GROUPS, Method
from services.talent.domain.identity.person_name import NameAgreement
from services.talent.domain.identity.wording import BANDS, outcomes_worded
from tests.unit.talent.identity.records import traits

METHOD = Method()
KEY, OTHER_KEY = "a" * 64, "b" * 64
known = st.fixed_dictionaries(
    {},
    optional={
        "city": st.sampled_from(["nanjing", "suzhou"]),
        "id_digest": st.sampled_from([KEY, OTHER_KEY]),
        "orcid": st.sampled_from(["0000-1", "0000-2"]),
        "phone": st.sampled_from(["13900000001", "13900000002"]),
        "email": st.sampled_from(["a@seu.example", "b@seu.example", "a@qq.com"]),
        "birth_year": st.integers(1970, 1972),
        "employers": st.sampled_from([("东南大学",), ("南京大学",)]),
        "directions": st.sampled_from([(("quantum", 1000),), (("liquid-h2", 600), ("quantum", 400))]),
        "teams": st.sampled_from([frozenset({"t1"}), frozenset({"t2"})]),
        "mates": st.just(frozenset({"m1"})),
    },
)
names = st.sampled_from(["王伟", "王玮", "Wang Wei", "W. Wang", "诸葛翎翙", "诸葛翎", "李娜"])


@given(names, known, names, known)
def test_the_order_of_two_records_changes_nothing_and_evidence_adds_up(
    one: str, of_one: dict[str, Any], other: str, of_other: dict[str, Any]
) -> None:
    left, right = traits("p1", one, **of_one), traits("p2", other, **of_other)
    found = compare(left, right, METHOD)
    assert found == compare(right, left, METHOD)
    assert found.bits == pytest.approx(sum(each.bits for each in found.evidence))
    assert 0 <= found.probability <= 1
    assert {(each.feature, each.outcome) for each in found.evidence} <= outcomes_worded()


@given(names, known, names, known)
def test_nothing_is_linked_by_the_name_alone_or_against_a_strong_key(
    one: str, of_one: dict[str, Any], other: str, of_other: dict[str, Any]
) -> None:
    left, right = traits("p1", one, **of_one), traits("p2", other, **of_other)
    found = compare(left, right, METHOD)
    outcomes = {each.feature: each.outcome for each in found.evidence}
    if found.band is Band.LINK:
        assert outcomes["name"] == NameAgreement.CHARACTERS
        assert "different" not in {outcomes.get("id_number"), outcomes.get("orcid")}
        groups = {GROUPS[e.feature] for e in found.evidence if e.feature in GROUPS and e.bits >= 4}
        assert "same" in {outcomes.get("id_number"), outcomes.get("orcid")} or len(groups) >= 2


def test_a_strong_key_links_people_of_one_name() -> None:
    found = compare(traits("p1", "王伟", id_digest=KEY), traits("p2", "王伟", id_digest=KEY), METHOD)
    assert found.band is Band.LINK


def test_a_strong_key_with_another_name_is_reviewed() -> None:
    found = compare(traits("p1", "王伟", id_digest=KEY), traits("p2", "李娜", id_digest=KEY), METHOD)
    assert found.band is Band.REVIEW


def test_two_independent_fields_link_and_two_of_one_kind_do_not() -> None:
    work = {"employers": ("东南大学",), "phone": "13900000001"}
    assert compare(traits("p1", "张晓明", **work), traits("p2", "张晓明", **work), METHOD).band is Band.LINK
    contact = {"email": "a@qq.com", "phone": "13900000001"}
    assert (
        compare(traits("p1", "张晓明", **contact), traits("p2", "张晓明", **contact), METHOD).band
        is Band.REVIEW
    )


def test_namesakes_are_kept_apart_by_birth_year_and_by_identity_number() -> None:
    here = {"city": "nanjing", "employers": ("东南大学",)}
    left = traits("p1", "王伟", birth_year=1960, **here)
    assert compare(left, traits("p2", "王伟", birth_year=1985, **here), METHOD).band is Band.APART
    left = traits("p1", "诸葛翎翙", id_digest=KEY, **here)
    assert compare(left, traits("p2", "诸葛翎翙", id_digest=OTHER_KEY, **here), METHOD).band is Band.APART


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    common = compare(traits("p1", "王伟"), traits("p2", "王伟"), METHOD)
    rare = compare(traits("p1", "诸葛翎翙"), traits("p2", "诸葛翎翙"), METHOD)
    assert common.band is Band.APART
    assert rare.bits > common.bits + 10


def test_spelling_alone_never_suggests_and_with_work_it_does() -> None:
    assert compare(traits("p1", "王晓明"), traits("p2", "Wang Xiaoming"), METHOD).band is Band.APART
    same = {"employers": ("东南大学",), "directions": (("quantum", 1000),)}
    assert (
        compare(traits("p1", "王晓明", **same), traits("p2", "Wang Xiaoming", **same), METHOD).band
        is Band.REVIEW
    )


def test_two_members_of_one_team_are_less_likely_one_person_than_members_of_two() -> None:
    def bits(left_team: str, right_team: str) -> float:
        mates = frozenset({"m1"})
        one = traits("p1", "王伟", teams=frozenset({left_team}), mates=mates)
        return compare(one, traits("p2", "王伟", teams=frozenset({right_team}), mates=mates), METHOD).bits

    assert bits("t1", "t1") < bits("t1", "t2")


def test_a_former_name_counts() -> None:
    left = traits("p1", "李娜", "诸葛翎翙", city="nanjing")
    found = compare(left, traits("p2", "诸葛翎翙", city="nanjing"), METHOD)
    assert found.band is Band.REVIEW


def test_every_outcome_of_the_method_has_words() -> None:
    fields = {(feature, outcome) for feature, outcomes in FIELDS.items() for outcome in outcomes}
    agreements = {("name", each.value) for each in NameAgreement}
    assert fields | agreements | {("prior", "prior")} == outcomes_worded()
    assert set(BANDS) == set(Band)


@pytest.mark.parametrize(
    ("of_other", "twice"),
    [
        ({"phone": "13900000001"}, True),
        ({"phone": "13900000002"}, False),
        ({"phone": "13900000001", "id_digest": OTHER_KEY}, False),
    ],
)
def test_one_name_and_one_telephone_in_a_list_are_worth_a_look(of_other: dict[str, Any], twice: bool) -> None:
    far: dict[str, Any] = {
        "city": "suzhou",
        "employers": ("南京大学",),
        "directions": (("liquid-h2", 1000),),
    }
    near: dict[str, Any] = {"city": "nanjing", "employers": ("东南大学",), "directions": (("quantum", 1000),)}
    left = traits("p1", "王伟", phone="13900000001", id_digest=KEY, **near)
    found = compare(left, traits("p2", "王伟", **far, **of_other), METHOD)
    assert found.band is Band.APART
    assert found.twice_in_a_list is twice
    assert not compare(left, traits("p3", "李娜", **far, phone="13900000001"), METHOD).twice_in_a_list
