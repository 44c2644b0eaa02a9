"""Counts of what the index holds, in words."""

from services.cli.answers import wording
from services.matcher.domain.item import STORED


def test_every_kind_of_the_index_has_a_word_in_both_languages() -> None:
    items = {kind.value: 1_000 for kind in STORED}
    assert (
        wording.counts(items, "zh")
        == "人才 1,000 · 团队 1,000 · 岗位 1,000 · 企业 1,000 · 基金 1,000 · 方向 1,000"
    )
    assert "team 1" not in wording.counts(items, "en")
