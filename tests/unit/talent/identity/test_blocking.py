"""Records that may be one person meet under a key; keys tell nothing."""

from services.talent.domain.identity.blocking import KEY_LENGTH, block_keys
from services.talent.domain.identity.method import Method
from services.talent.domain.identity.traits import Traits
from tests.unit.talent.identity.records import traits

METHOD, SECRET = Method(), bytes(32)


def meet(left: Traits, right: Traits) -> bool:
    return bool(block_keys(left, METHOD, SECRET) & block_keys(right, METHOD, SECRET))


def test_strong_keys_and_contacts_bring_records_together_whatever_the_name() -> None:
    for known in ({"id_digest": "a" * 64}, {"orcid": "0000-1"}, {"phone": "139"}, {"email": "a@b.cn"}):
        assert meet(traits("p1", "王伟", **known), traits("p2", "李娜", **known))


def test_a_rare_name_suffices_and_a_common_one_needs_company() -> None:
    assert meet(traits("p1", "诸葛翎翙"), traits("p2", "諸葛翎翽"))
    assert not meet(traits("p1", "王伟"), traits("p2", "王伟"))
    assert meet(traits("p1", "王伟", birth_year=1970), traits("p2", "王伟", birth_year=1970))
    assert meet(
        traits("p1", "王伟", directions=(("quantum", 1000),)),
        traits("p2", "王伟", directions=(("quantum", 500),)),
    )


def test_a_spelling_meets_characters_only_with_employer_or_birth_year() -> None:
    assert not meet(traits("p1", "诸葛翎翙"), traits("p2", "Zhuge Linghui"))
    at_work = {"employers": ("东南大学",)}
    for other in ("Wang Xiaoming", "Xiaoming Wang", "X. Wang", "王小明", "王晓朋"):
        assert meet(traits("p1", "王晓明", **at_work), traits("p2", other, **at_work))


def test_keys_depend_on_the_secret_and_show_nothing() -> None:
    one = traits("p1", "诸葛翎翙", phone="13912345678")
    keys = block_keys(one, METHOD, SECRET)
    assert keys.isdisjoint(block_keys(one, METHOD, bytes([1]) * 32))
    assert all(len(key) == KEY_LENGTH and set(key) <= set("0123456789abcdef") for key in keys)
