"""`bole match place`: a resource name is an entity, and whatever else is typed is a text."""

import pytest

from services.cli.matcher import matching


@pytest.mark.parametrize("said", ["persons/8f2k", "shortageCells/sic.suzhou.all", "prsons/1"])
def test_one_word_of_collection_and_id_is_a_name(said: str) -> None:
    assert matching.named_or_text(said).name == said


@pytest.mark.parametrize(
    "said", ["电解水制氢工程师", "SiC/GaN", "MBE/MOCVD 外延", "硅/碳负极", "persons/1 及其团队"]
)
def test_all_else_is_a_text(said: str) -> None:
    assert matching.named_or_text(said).text.text == said
