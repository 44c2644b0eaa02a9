"""Names agree by characters first, by sound weakly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.talent.domain.identity.person_name import NameAgreement, agree, read_name


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("张三", "張三", NameAgreement.CHARACTERS),
        ("张 三", "张三", NameAgreement.CHARACTERS),
        ("古丽·买买提", "古丽•买买提", NameAgreement.CHARACTERS),
        ("王晓明", "王晓明 (Wang Xiaoming)", NameAgreement.CHARACTERS),
        ("王晓明", "王小明", NameAgreement.SOUND),
        ("王晓明", "王晓朋", NameAgreement.ONE_CHARACTER_OFF),
        ("王晓明", "Wang Xiaoming", NameAgreement.SPELLING),
        ("王晓明", "Xiaoming Wang", NameAgreement.SPELLING),
        ("王晓明", "WANG Xiao-Ming", NameAgreement.SPELLING),
        ("王晓明", "Wang, Xiaoming", NameAgreement.SPELLING),
        ("王晓明", "Wang Xiao Ming", NameAgreement.SPELLING),
        ("西安", "Xi An", NameAgreement.SPELLING),
        ("吕布", "Lü Bu", NameAgreement.SPELLING),
        ("单雪", "Shan Xue", NameAgreement.SPELLING),
        ("曾国藩", "Guofan Zeng", NameAgreement.SPELLING),
        ("欧阳娜", "Na Ouyang", NameAgreement.SPELLING),
        ("Anna Lee", "Аnna Lee", NameAgreement.SPELLING),
        ("Sean O'Neil", "O’Neil Sean", NameAgreement.SPELLING),
        ("王晓明", "X. Wang", NameAgreement.INITIALS),
        ("王晓明", "Wang, X.M.", NameAgreement.INITIALS),
        ("王晓明", "XM Wang", NameAgreement.INITIALS),
        ("Xiaoming Wang", "X. Wang", NameAgreement.INITIALS),
        ("李明", "李伟", NameAgreement.NONE),
        ("王晓明", "Y. Wang", NameAgreement.NONE),
        ("王晓明", "Wang, X.L.", NameAgreement.NONE),
        ("王晓明", "Li Xiaoming", NameAgreement.NONE),
        ("𠮷田", "吉田", NameAgreement.NONE),
        ("王", "Wang", NameAgreement.NONE),
    ],
)
def test_ways_of_writing_a_name(one: str, other: str, how: NameAgreement) -> None:
    assert agree(read_name(one), read_name(other)) is how


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_read_and_agreement_is_mutual(one: str, other: str) -> None:
    left, right = read_name(one), read_name(other)
    assert agree(left, right) is agree(right, left)
    if left.han:
        assert agree(left, left) is NameAgreement.CHARACTERS
