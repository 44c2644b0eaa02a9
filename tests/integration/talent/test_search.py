"""Search by words: one suite for both engines' indices, against plain reading of the same records."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from services.catalogue import load
from services.chassis.policy import Clearance, Level
from services.chassis.searching.tokens import fold
from services.chassis.storage.listing import Query
from services.chassis.storage.migration import downgrade, migrate
from services.chassis.storage.paging import PageTokens
from services.kernel.errors import InvalidArgument, PermissionDenied
from services.talent.app import BLUEPRINT
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.biography import NameKind, OtherName
from services.talent.domain.people.person import Person, PersonFacts, Purpose
from services.talent.domain.position import PositionFacts
from services.talent.service.finding.findable import Findable
from services.talent.service.finding.search import Search
from services.talent.service.privacy.erasing import Erasing
from services.talent.service.privacy.withdrawing import Withdrawing
from tests.integration.talent.installed import Talent

CATALOGUE = load()
SEARCH = Search(CATALOGUE, PageTokens(bytes(32)))
STAFF = Clearance(Level.PERSONAL)
PLAIN = Clearance(Level.INTERNAL)
FACTS = PersonFacts(
    ref="P",
    name="某",
    category="outstanding-engineer",
    city="nantong",
    availability=Availability.NOW,
    direction_shares=(("seawater-h2", 1000),),
    observed=date(2026, 6, 1),
    purposes=frozenset({Purpose.STATISTICS}),
)
PEOPLE: tuple[dict[str, Any], ...] = (
    {"name": "欧阳明", "employer": "南通海氢科技", "profile": "从事海水直接电解制氢，膜电极耐氯腐蚀。"},
    {
        "name": "王立军",
        "city": "suzhou",
        "profile": "SiC 功率器件外延与PEMFC电堆",
        "works": ("量子比特读出",),
    },
    {"name": "𬱖文", "city": "outside", "profile": "电极 与 膜 分开写；电膜"},
    {"name": "Anna Müller", "employer": "TU Wien", "profile": 'quantum sensing 100% O\'Neil \\ "x"'},
    {"name": "曾乐平", "profile": "任课"},
    {"name": "尉遲恭", "other_names": (OtherName(NameKind.FORMER, "單雄"),)},
    {"name": "王氢", "city": "nanjing", "category": "highly-skilled", "profile": "设备维护"},
)


@pytest.fixture
def library(talent: Talent) -> Talent:
    with talent.database.write() as session:
        for at, stated in enumerate(PEOPLE):
            facts = replace(FACTS, ref=f"P-{at}", **stated)
            talent.people.register(session, facts, "SYNTHETIC", "tester")
    return talent


def find(talent: Talent, words: str, cleared: Clearance = STAFF, filter_: str = "") -> set[str]:
    with talent.database.read() as session:
        page = SEARCH.find_people(session, Query(filter_), words, (), cleared, "tester").page
        assert page.total == len(page.items)
        return {each.name for each in page.items}


_ELSEWHERE = {"王立军", "王氢", "𬱖文"}
EVERYBODY = {"欧阳明", "王立军", "𬱖文", "Anna Müller", "王氢", "曾乐平", "尉遲恭"}
WRITTEN: tuple[tuple[str, set[str]], ...] = (
    ("膜", {"欧阳明", "𬱖文"}),
    ("膜电", {"欧阳明"}),
    ("膜电极", {"欧阳明"}),
    ("电极", {"欧阳明", "𬱖文"}),
    ("氯腐蚀。", {"欧阳明"}),
    ("王", {"王立军", "王氢"}),
    ("𬱖", {"𬱖文"}),
    ("军", {"王立军"}),
    ("ouyang", {"欧阳明"}),
    ("OUYANGMING", {"欧阳明"}),
    ("yangming", {"欧阳明"}),
    ("oym", {"欧阳明"}),
    ("wlj", {"王立军"}),
    ("zeng", {"曾乐平"}),
    ("leping zeng", {"曾乐平"}),
    ("Zeng L", {"曾乐平"}),
    ("zlp", {"曾乐平"}),
    ("ceng", {"曾乐平"}),
    ("yuchi", {"尉遲恭"}),
    ("shanxiong", {"尉遲恭"}),
    ("sic", {"王立军"}),
    ("pem", {"王立军"}),
    ("功率器件 量子", {"王立军"}),
    ("王 器件", {"王立军"}),
    ("王 膜", set()),
    ("müller", {"Anna Müller"}),
    ("quant", {"Anna Müller"}),
    ("o'neil", {"Anna Müller"}),
    ('"x"', {"Anna Müller"}),
    ("100%", {"Anna Müller"}),
    ("%", EVERYBODY),
    ("  ", EVERYBODY),
)


def test_words_find_what_is_written_and_nothing_else(library: Talent) -> None:
    for words, names in WRITTEN:
        assert find(library, words) == names, words


BY_CATALOGUE: tuple[tuple[str, set[str]], ...] = (
    ("氢能", EVERYBODY),
    ("苏州", {"王立军"}),
    ("suzhou", {"王立军"}),
    ("省外", {"𬱖文"}),
    ("高技能", {"王氢"}),
    ("gjnrc", {"王氢"}),
    ("南京 高技能", {"王氢"}),
    ("欧阳", set()),
    ("膜电极", set()),
    ("wlj", set()),
)


def test_names_that_were_indexed_by_another_reading_are_indexed_anew(library: Talent) -> None:
    engine = library.database.engine
    downgrade(engine, BLUEPRINT.migrations, BLUEPRINT.name, revision="talent_0021")
    migrate(engine, BLUEPRINT.migrations, BLUEPRINT.name)
    assert find(library, "zeng") == find(library, "shanxiong") == set()
    assert Findable(CATALOGUE).run(library.database) == len(PEOPLE)
    assert Findable(CATALOGUE).run(library.database) == 0
    assert find(library, "zeng") == {"曾乐平"}
    assert find(library, "shanxiong") == {"尉遲恭"}


def ordered(talent: Talent, order: str, cleared: Clearance = STAFF) -> list[str]:
    """All names, page by page."""
    names, token = [], ""
    with talent.database.read() as session:
        while True:
            query = Query("", order, page_size=2, page_token=token)
            page = SEARCH.find_people(session, query, "", (), cleared, "tester").page
            names += [each.name for each in page.items]
            token = page.next_page_token
            if not token:
                return names


IN_ORDER = ["Anna Müller", "𬱖文", "欧阳明", "王立军", "王氢", "尉遲恭", "曾乐平"]


def test_people_stand_in_the_order_of_their_pinyin(library: Talent) -> None:
    assert ordered(library, "display_name") == IN_ORDER
    assert ordered(library, "display_name desc") == IN_ORDER[::-1]
    with library.database.write() as session:
        [person] = [each for each in map(session.merge, _all(library)) if each.name == "王氢"]
        library.people.amend(session, person, {"name": "安氢"}, "tester")
    assert ordered(library, "display_name")[:2] == ["安氢", "Anna Müller"]


def test_nobody_sorts_by_names_that_they_may_not_read(library: Talent) -> None:
    with pytest.raises(PermissionDenied) as refused:
        ordered(library, "display_name", PLAIN)
    assert refused.value.reason == "PURPOSE_NEEDED"
    nantong = Clearance(Level.INTERNAL, {"nantong": Level.PERSONAL})
    for order in ("display_name", "display_name desc"):
        found = ordered(library, order, nantong)
        step = -1 if order.endswith("desc") else 1
        assert found[:4] == [each for each in IN_ORDER if each not in _ELSEWHERE][::step]
        assert found[4:] == [each for each in ordered(library, "", nantong) if each in _ELSEWHERE]


def test_without_clearance_only_catalogue_words_find(library: Talent) -> None:
    for words, names in BY_CATALOGUE:
        assert find(library, words, PLAIN) == names, words


def test_a_city_s_clearance_reaches_personal_text_of_that_city_alone(library: Talent) -> None:
    suzhou = Clearance(Level.INTERNAL, {"suzhou": Level.PERSONAL})
    assert find(library, "王", suzhou) == {"王立军"}
    assert find(library, "欧阳", suzhou) == set()
    assert find(library, "氢能", suzhou) == EVERYBODY


def test_the_index_follows_changes_withdrawal_and_erasure(library: Talent) -> None:
    with library.database.write() as session:
        people = {each.name: each for each in map(session.merge, _all(library))}
        library.people.amend(session, people["欧阳明"], {"profile": "转做碳捕集"}, "tester")
        Withdrawing(library.people).withdraw(session, people["王立军"], "本人撤回", "tester")
        Erasing(library.people).erase(session, people["王氢"], "tester")
    assert find(library, "膜电极") == set()
    assert find(library, "碳捕集") == {"欧阳明"}
    assert find(library, "王") == set()
    assert find(library, "", filter_="state = WITHDRAWN") == {"王立军"}
    with library.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM person_text")) == len(PEOPLE) - 2


def _all(talent: Talent) -> list[Person]:
    with talent.database.read() as session:
        return list(SEARCH.find_people(session, Query(), "", (), STAFF, "tester").page.items)


def test_every_piece_of_every_text_is_found_as_plain_reading_finds_it(library: Talent) -> None:
    everybody = _all(library)
    for person in everybody:
        folded = fold(person.profile)
        for length in (1, 2, 3, 5):
            for at in range(len(folded) - length + 1):
                piece = folded[at : at + length]
                within_latin = at > 0 and folded[at - 1 : at + 1].isascii() and folded[at - 1].isalnum()
                if piece.isascii() or not piece.isalnum() or within_latin:
                    continue  # a Latin word is found from its beginning
                plain = {
                    each.name
                    for each in everybody
                    if any(
                        piece in fold(said) for said in (each.name, each.employer, each.profile, *each.works)
                    )
                }
                by_code = find(library, piece, PLAIN)
                assert find(library, piece) == plain | by_code, piece


def test_facets_are_disjunctive_small_counts_hidden_and_wrong_ones_refused(library: Talent) -> None:
    with library.database.read() as session:
        fields = ("city_code", "category_code", "availability", "industry_code")
        found = SEARCH.people_facets(session, "city_code = suzhou", fields, "氢能", STAFF).facets
        by_name = {each.field: {v.value: v.HasField("count") for v in each.values} for each in found}
        assert by_name["city_code"] == {
            "nantong": False,
            "suzhou": False,
            "nanjing": False,
            "outside": False,
        }
        assert by_name["category_code"] == {"outstanding-engineer": False}
        assert by_name["availability"] == {"NOW": False}
        assert by_name["industry_code"] == {"hydrogen": False}
        whole = SEARCH.people_facets(session, "", ("industry_code", "availability"), "", STAFF).facets
        assert [v.count for each in whole for v in each.values] == [len(PEOPLE)] * 2
        with pytest.raises(InvalidArgument):
            SEARCH.people_facets(session, "", ("salary",), "", STAFF)
    for filter_, without in FACETED:
        assert_counted(library, filter_, without)


EITHER = '(availability = NOW OR source_ref = "P-1")'
EITHER_PLACE = "(city_code = suzhou OR category_code = highly-skilled)"
FACETED: tuple[tuple[str, dict[str, str]], ...] = (
    ("", dict.fromkeys(("city_code", "category_code", "availability"), "")),
    (
        f"city_code = nanjing AND {EITHER}",
        {
            "city_code": EITHER,
            "category_code": f"city_code = nanjing AND {EITHER}",
            "availability": "city_code = nanjing",
        },
    ),
    (
        f"{EITHER_PLACE} AND state = ACTIVE",
        {
            "city_code": "state = ACTIVE",
            "category_code": "state = ACTIVE",
            "availability": f"{EITHER_PLACE} AND state = ACTIVE",
        },
    ),
)


def assert_counted(library: Talent, filter_: str, without: dict[str, str]) -> None:
    """All columns are counted in one pass, each as if by itself; the total is that of the filter."""
    attributes = {"city_code": "city", "category_code": "category", "availability": "availability"}
    with library.database.read() as session:

        def people(asked: str) -> list[Person]:
            return list(SEARCH.find_people(session, Query(asked), "", (), STAFF, "tester").page.items)

        counted = SEARCH.people_facets(session, filter_, tuple(without), "", STAFF)
        assert counted.total == len(people(filter_))
        for facet in counted.facets:
            values = [getattr(each, attributes[facet.field]) for each in people(without[facet.field])]
            assert {v.value for v in facet.values} == {getattr(each, "name", each) for each in values}


def test_pages_of_a_search_hold_everybody_once_in_order(library: Talent) -> None:
    seen: list[str] = []
    token = ""
    while True:
        with library.database.read() as session:
            query = Query("", "update_time desc", 2, token, {"query": "氢能"})
            page = SEARCH.find_people(session, query, "氢能", (), STAFF, "tester").page
        seen += [each.id for each in page.items]
        token = page.next_page_token
        if not token:
            break
    assert len(seen) == len(set(seen)) == len(PEOPLE)


def test_positions_are_found_by_title_employer_requirement_and_catalogue(library: Talent) -> None:
    facts = PositionFacts(
        ref="J-1",
        title="电解槽工程师",
        employer="南通海氢科技",
        city="nantong",
        leaf="seawater-h2",
        category="outstanding-engineer",
        headcount=3,
        opened=date(2026, 6, 20),
        requirement="熟悉膜电极；三年以上经验",
    )
    with library.database.write() as session:
        made = library.positions.publish(session, facts, "SYNTHETIC", "tester")
    for words, hit in (
        ("电解槽", True),
        ("海氢", True),
        ("膜电极 三年", True),
        ("氢能", True),
        ("nantong", True),
        ("量子", False),
        ("电槽", False),
    ):
        with library.database.read() as session:
            page = SEARCH.find_positions(session, Query(), words, (), "tester").page
        assert [each.id for each in page.items] == ([made.id] if hit else []), words
