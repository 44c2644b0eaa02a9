"""People whose names are nearest to what was typed come first, as far as their names may be read."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from services.chassis.policy import Clearance, Level
from services.chassis.storage.listing import Query
from services.chassis.storage.migration import downgrade, migrate
from services.talent.app import BLUEPRINT
from services.talent.service.finding.findable import Findable
from tests.integration.talent.installed import Talent
from tests.integration.talent.test_search import CATALOGUE, FACTS, PLAIN, SEARCH, STAFF, find, ordered


def found(talent: Talent, words: str, cleared: Clearance = STAFF, order: str = "") -> list[str]:
    names, token = [], ""
    with talent.database.read() as session:
        while True:
            query = Query("", order, page_size=2, page_token=token, extra={"query": words})
            page = SEARCH.find_people(session, query, words, (), cleared, "tester").page
            assert page.total == len(find(talent, words, cleared))
            names += [each.name for each in page.items]
            token = page.next_page_token
            if not token:
                return names


_NEAR_AND_FAR: tuple[dict[str, Any], ...] = (
    {"name": "周远", "employer": "李珍工作室", "profile": "LZ-3 电堆"},
    {"name": "乐曾李", "profile": "李"},
    {"name": "赵李珍"},
    {"name": "罗真妮", "city": "suzhou"},
    {"name": "李珍珠"},
    {"name": "李珍", "city": "suzhou"},
    {"name": "Li Zhen"},
    {"name": "曾易"},
    {"name": "苏州儿", "city": "suzhou"},
)


@pytest.fixture
def namesakes(talent: Talent) -> Talent:
    with talent.database.write() as session:
        for at, stated in enumerate(_NEAR_AND_FAR):
            talent.people.register(session, replace(FACTS, ref=f"N-{at}", **stated), "SYNTHETIC", "tester")
    return talent


def test_people_whose_names_are_nearest_to_the_words_come_first(namesakes: Talent) -> None:
    number = ordered(namesakes, "").index

    def nearest(*groups: set[str]) -> list[str]:
        return [name for group in groups for name in sorted(group, key=number)]

    assert found(namesakes, "李珍") == nearest({"李珍"}, {"李珍珠"}, {"周远", "赵李珍"})
    assert found(namesakes, "lizhen")[:3] == ["Li Zhen", "李珍", "李珍珠"]
    assert found(namesakes, "Li Zhen")[0] == "Li Zhen"
    assert found(namesakes, "lz") == nearest({"李珍"}, {"罗真妮", "李珍珠"}, {"周远", "赵李珍"})
    assert found(namesakes, "zeng y") == ["曾易"]
    assert found(namesakes, "氢能 李珍")[:2] == ["李珍", "李珍珠"]
    assert found(namesakes, "李珍", order="display_name desc")[0] == "周远"


def test_who_may_read_no_name_learns_none_from_the_order(namesakes: Talent) -> None:
    by_number = ordered(namesakes, "")
    in_suzhou = [each for each in by_number if each in ("苏州儿", "李珍", "罗真妮")]
    assert found(namesakes, "苏州")[0] == "苏州儿"
    assert in_suzhou[0] != "苏州儿"
    assert found(namesakes, "苏州", PLAIN) == in_suzhou
    assert found(namesakes, "氢能", PLAIN) == by_number
    nantong = Clearance(Level.INTERNAL, {"nantong": Level.PERSONAL})
    assert found(namesakes, "苏州", nantong) == in_suzhou
    assert found(namesakes, "李珍", nantong)[0] == "李珍珠"


def test_people_of_an_earlier_index_are_indexed_anew_and_listed_meanwhile(namesakes: Talent) -> None:
    engine = namesakes.database.engine
    downgrade(engine, BLUEPRINT.migrations, BLUEPRINT.name, revision="talent_0034")
    migrate(engine, BLUEPRINT.migrations, BLUEPRINT.name)
    with namesakes.database.write() as session:
        session.execute(text("DELETE FROM person_text WHERE personal LIKE '赵%'"))
    assert ordered(namesakes, "display_name")[-1] == "赵李珍"
    assert len(ordered(namesakes, "display_name desc")) == len(_NEAR_AND_FAR)
    assert Findable(CATALOGUE).run(namesakes.database) == len(_NEAR_AND_FAR)
    assert Findable(CATALOGUE).run(namesakes.database) == 0
    assert ordered(namesakes, "display_name")[-1] == "周远"
