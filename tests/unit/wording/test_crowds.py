import pytest

from services.wording.crowds import in_crowds


@pytest.mark.parametrize(
    ("people", "zh", "en"),
    [
        (0, "", ""),
        (1, "1 人所在的组太大", "1 person is in groups"),
        (1200, "1,200 人所在的组太大", "1,200 people are in groups"),
    ],
)
def test_as_many_as_there_are_and_nothing_of_nobody(people: int, zh: str, en: str) -> None:
    said = in_crowds(people, 30)
    assert said.zh.startswith(zh)
    assert said.en.startswith(en)
    assert not people or ("31" in said.zh and "31" in said.en)
