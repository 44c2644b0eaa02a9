"""Teams, cells of the shortage map, and what is similar: each a declaration over the same machinery."""

import math
from dataclasses import replace

import pytest

from services.kernel.errors import FailedPrecondition, NotFound
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.placing import placement_of
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.cells import cell_of
from services.matcher.domain.codes import Codes
from services.matcher.domain.item import Item, ItemKind, Purpose
from services.matcher.domain.kinds import KINDS, STANDING, FeatureUse, PairKind
from services.matcher.lists.standing import StandingLists
from services.wording import codes as worded
from tests.unit.matcher.examples import FIRMS, SIC


def ids(finder: Finder, kind: str, query: Item | tuple[ItemKind, str], k: int = 9) -> list[str]:
    return [match.item.id for match in finder.find(kind, query, k)]


def test_teams_are_found_for_directions_and_positions_if_all_their_members_allow_it(finder: Finder) -> None:
    assert ids(finder, "team-position", (ItemKind.POSITION, "epitaxy")) == ["growers", "brewers"]
    assert ids(finder, "team-position", (ItemKind.POSITION, "electrolyser"), 1) == ["brewers"]
    assert ids(finder, "team-direction", (ItemKind.DIRECTION, "sic"), 1) == ["growers"]
    assert ids(finder, "team-direction", (ItemKind.TEAM, "divided")) == []
    assert not finder.explain("team-position", "epitaxy", "divided").admitted


def test_a_team_is_placed_only_where_its_members_allow_matching(space: MatchSpace, codes: Codes) -> None:
    placed = placement_of(space.item(ItemKind.TEAM, "growers"), codes)
    assert sum(share.share for share in placed.shares) + placed.none == pytest.approx(1)
    with pytest.raises(FailedPrecondition, match="somebody in the team"):
        placement_of(space.item(ItemKind.TEAM, "divided"), codes)


def test_a_cell_finds_its_people_and_a_person_their_cells(finder: Finder, codes: Codes) -> None:
    found = ids(finder, "person-cell", cell_of(codes, "sic.suzhou.outstanding-engineer"))
    assert found[0] == "sic"
    assert "refused" not in found
    cells = ids(finder, "person-cell", (ItemKind.PERSON, "sic"), 3)
    assert cells[0] == "sic.suzhou.outstanding-engineer"


def test_a_cell_may_leave_city_and_category_open_and_stand_for_an_industry(
    finder: Finder, codes: Codes
) -> None:
    wide = cell_of(codes, "third-gen-semiconductor.all.all")
    assert sum(share for _, share in wide.leaves) <= 1000
    assert (wide.city, wide.category) == (None, None)
    assert ids(finder, "person-cell", wide, 1) == ["sic"]


def test_a_cell_is_explained_by_the_words_of_its_directions_that_its_score_counts(
    finder: Finder, codes: Codes
) -> None:
    explained = finder.explain("person-cell", cell_of(codes, "sic.suzhou.all"), "sic")
    matched, missing = explained.terms.matched, explained.terms.missing
    assert matched
    assert sum(each.share for each in matched) == pytest.approx(1)
    assert not {each.text for each in matched} & {each.text for each in missing}
    words = {part.name: part.reason for part in explained.contributions}["placed"].zh.casefold()
    assert all(each.text in words for each in matched[:3])
    wide = finder.explain("person-cell", cell_of(codes, "third-gen-semiconductor.all.all"), "sic")
    assert len(wide.terms.missing) == 8


@pytest.mark.parametrize(
    "id_", ["", "sic", "sic.suzhou", "alchemy.all.all", "sic.paris.all", "sic.all.wizard", "sic.all.all.all"]
)
def test_a_cell_that_is_none_is_not_found(codes: Codes, id_: str) -> None:
    with pytest.raises(NotFound):
        cell_of(codes, id_)


def test_nobody_is_similar_to_themselves_and_both_sides_are_asked(space: MatchSpace, finder: Finder) -> None:
    space.put(replace(SIC, id="colleague", texts=("外延工程师", "4H-SiC 碳化硅外延片缺陷检测")))
    space.put(replace(SIC, id="private", purposes=frozenset({Purpose.STATISTICS})))
    similar = ids(finder, "similar-persons", (ItemKind.PERSON, "sic"))
    assert similar[:2] == ["refused", "colleague"]
    assert not {"sic", "private"} & set(similar)
    assert ids(finder, "similar-persons", (ItemKind.PERSON, "private")) == []


def test_similar_firms_speak_of_the_same_directions(space: MatchSpace, finder: Finder) -> None:
    space.put(replace(FIRMS[0], id="rival", texts=("八英寸碳化硅单晶衬底",)))
    assert ids(finder, "similar-firms", (ItemKind.FIRM, "wafer")) == ["rival", "models"]
    parts = finder.explain("similar-firms", "wafer", "rival").contributions
    reasons = {part.name: part.reason for part in parts}
    assert reasons["field"].zh.startswith("两段文字都属于")
    assert reasons["same_stage"].en == "both at the seed stage"


def test_a_new_kind_is_one_declaration(space: MatchSpace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who, whom, gates and features: it is searched, filtered, explained and kept in lists like the others."""
    kind = PairKind(
        "team-firm",
        anchor=ItemKind.FIRM,
        candidate=ItemKind.TEAM,
        gates=("open", "consent"),
        features=(FeatureUse("text"), FeatureUse("field"), FeatureUse("directions"), FeatureUse("city")),
        constant=-4.0,
        purposes=(Purpose.MATCH_FIRM, Purpose.MATCH_POSITION),
    )
    monkeypatch.setitem(KINDS, kind.key, kind)
    pairs = Pairs(space)
    finder = Finder(space, pairs)
    found = finder.find(kind.key, (ItemKind.FIRM, "wafer"), 9)
    assert [match.item.id for match in found] == ["growers", "brewers"], "divided does not allow it"
    for match in found:
        parts = finder.explain(kind.key, "wafer", match.item.id).contributions
        assert {part.name for part in parts} == {"constant", *(use.name for use in kind.features)}
        assert math.fsum(part.value for part in parts) == pytest.approx(match.log_odds, abs=1e-12)
    assert ids(finder, kind.key, (ItemKind.TEAM, "growers"))[0] == "wafer"
    lists = StandingLists([kind], pairs)
    lists.recompute()
    kept = [(place.id, place.log_odds) for place in lists.places(kind.key, "wafer")]
    assert kept == [(match.item.id, match.log_odds) for match in found]


def test_what_is_said_of_kinds_is_true_of_all_of_them() -> None:
    assert set(worded.KINDS) == set(KINDS)
    assert set(KINDS) - {kind.key for kind in STANDING} == worded.LISTLESS
