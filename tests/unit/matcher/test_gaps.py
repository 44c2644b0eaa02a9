"""Who fills what a team lacks: whoever covers more of it never stands lower, and nobody who is in the team is found."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.catalogue.succession import WHOLE
from services.kernel.clock import ManualClock
from services.kernel.text import Text
from services.matcher.corpus.finding import Finder
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain.codes import Codes
from services.matcher.domain.gaps import by_gaps
from services.matcher.domain.item import DataLevel, Item, ItemKind
from services.matcher.domain.kinds import KINDS
from services.matcher.domain.roles import Role, in_role
from services.matcher.domain.staff import Part, Staff
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score.features import FILLS_GAIN
from tests.unit.matcher.examples import PERSONS, SIC, TEAM, TEAMS

KIND = KINDS["person-team"]
DAY = date(2026, 5, 20)
GROWERS = (ItemKind.TEAM, "growers")
LEAVES = ("sic", "power-device", "seawater-h2", "large-model")
COLUMNS = ("lacks", "shares", "placed", "text", "city", "industries", "purposes", "open")
WORDS = ("", SIC.texts[1], PERSONS[1].texts[1], "明代江南市镇的社会史研究")


def found(finder: Finder, query: Item | tuple[ItemKind, str]) -> list[str]:
    return [match.item.id for match in finder.find(KIND.key, query, 20)]


def part(finder: Finder, candidate: Item, name: str = "fills") -> tuple[float, Text]:
    parts = finder.explain(KIND.key, "growers", candidate).contributions
    return next((each.value, each.reason) for each in parts if each.name == name)


def gates(finder: Finder, team: str, person: str) -> dict[str, bool]:
    return {gate.name: gate.passed for gate in finder.explain(KIND.key, team, person).gates}


def test_a_team_finds_whom_it_lacks_and_none_of_its_own(finder: Finder) -> None:
    assert found(finder, GROWERS) == ["h2", "llm"]
    assert gates(finder, "growers", "sic") == {
        "open": True,
        "consent": True,
        "not_a_member": False,
        "lacks_somebody": True,
    }
    assert not gates(finder, "growers", "refused")["consent"]
    assert finder.shut(KIND.key, GROWERS) == []


def test_it_counts_how_much_of_what_is_lacking_is_filled(finder: Finder) -> None:
    whole, reason = part(finder, PERSONS[1])
    assert whole == FILLS_GAIN
    assert reason.zh == "可补团队所缺：海水制氢1人（缺2人）"
    assert reason.en.startswith("would fill what the team lacks: 1 of 2 heads in ")
    # A share of 0.8 of half of the time is there of the one head that is wanted.
    here = replace(SIC, id="other", leaves=(("sic", 1000),))
    assert part(finder, here)[0] == pytest.approx(0.6 * FILLS_GAIN)
    assert "0.6人（缺0.6人）" in part(finder, here)[1].zh
    half = replace(here, leaves=(("sic", 300), ("large-model", 700)))
    assert part(finder, half)[0] == pytest.approx(0.3 * FILLS_GAIN)
    assert part(finder, replace(half, texts=("明代江南市镇的社会史研究",)))[1].en.endswith(
        "counted in small part"
    )
    nothing = replace(here, leaves=(("large-model", 1000),))
    none = Text("申报的方向都不是团队所缺的", "declares none of the directions that the team lacks")
    assert part(finder, nothing) == (0.0, none)
    assert part(finder, replace(here, leaves=()))[0] == 0.0


def test_the_words_and_suppositions_are_of_what_is_lacking(space: MatchSpace, finder: Finder) -> None:
    space.put(replace(SIC, id="wordless", texts=("工程师",), leaves=()))
    why = finder.why_not(KIND.key, "growers", "wordless", 1)
    direction = next(each for each in why.changes if each.hypothesis.code == "DIRECTION")
    assert direction.hypothesis.candidate.leaves == (("seawater-h2", 1000),)
    assert why.explanation.terms.missing
    assert part(finder, PERSONS[1], "gap_words")[1].zh.startswith("文中属于所缺的海水制氢的词")
    both = replace(PERSONS[1], texts=(*PERSONS[1].texts, SIC.texts[1]))
    assert part(finder, both, "gap_words")[1].zh.endswith("只计最符合的一个方向")


def test_a_member_stays_one_whatever_else_is_supposed(finder: Finder) -> None:
    changes = finder.why_not(KIND.key, "growers", "sic", 5).changes
    assert len(changes) > 1
    assert {(each.shut, each.rank) for each in changes} == {(1, 0)}


def test_a_person_finds_the_teams_that_lack_them_as_these_are_known(finder: Finder) -> None:
    assert found(finder, (ItemKind.PERSON, "h2")) == ["growers"]
    assert found(finder, (ItemKind.PERSON, "sic")) == []
    match = finder.find(KIND.key, (ItemKind.PERSON, "h2"), 1)[0]
    assert match.item.leaves == TEAM.leaves
    explained = finder.explain_found(KIND.key, PERSONS[1], [match.item])[0]
    assert explained.log_odds == match.log_odds
    assert finder.explain(KIND.key, "growers", "h2").log_odds == match.log_odds


def test_a_team_that_has_told_no_need_or_has_all_lacks_nobody(space: MatchSpace, finder: Finder) -> None:
    space.put(replace(TEAM, id="full", staff=Staff((("sic", 1),), (Part("h2", leaves=(("sic", 1000),)),))))
    said = {
        "brewers": Text(
            "团队没有登记需要的方向与人数，没有缺口", "the team has told of no need: it lacks nobody"
        ),
        "full": Text("团队所需均已具备，没有缺口", "the team has everybody it needs: it lacks nobody"),
    }
    for team, why in said.items():
        assert found(finder, (ItemKind.TEAM, team)) == []
        assert [gate.name for gate in finder.shut(KIND.key, (ItemKind.TEAM, team))] == ["lacks_somebody"]
        assert finder.shut(KIND.key, (ItemKind.TEAM, team))[0].reason == why
        explained = finder.explain(KIND.key, team, "llm").gates
        assert [gate.reason for gate in explained if gate.name == "lacks_somebody"] == [why]
    assert [gate.name for gate in finder.shut(KIND.key, (ItemKind.TEAM, "divided"))] == [
        "consent",
        "lacks_somebody",
    ]


def test_where_there_is_no_team_nobody_is_lacking(codes: Codes, encoder: LexicalEncoder) -> None:
    space = MatchSpace(codes, encoder, PERSONS)
    finder = Finder(space, Pairs(space))
    assert found(finder, (ItemKind.PERSON, "h2")) == []
    assert finder.shut(KIND.key, (ItemKind.PERSON, "h2")) == []


def test_members_come_and_go_by_their_dates(codes: Codes, encoder: LexicalEncoder) -> None:
    clock = ManualClock(datetime(2026, 5, 20, 4, tzinfo=UTC))
    leaving = Part("h2", until=DAY, leaves=PERSONS[1].leaves)
    coming = Part("llm", since=DAY + timedelta(days=2), leaves=(("seawater-h2", 1000),))
    team = replace(TEAM, staff=Staff((("seawater-h2", 1),), (leaving, coming)))
    other = replace(PERSONS[1], id="other")
    space = MatchSpace(codes, encoder, (*PERSONS, other, team), clock=clock)
    finder = Finder(space, Pairs(space))
    assert found(finder, GROWERS) == []
    clock.advance(timedelta(days=1))
    assert found(finder, GROWERS)[:2] == ["h2", "other"]
    assert "llm" not in found(finder, GROWERS)
    assert found(finder, (ItemKind.PERSON, "other")) == ["growers"]
    clock.advance(timedelta(days=1))
    assert found(finder, GROWERS) == []


CHANGES = st.lists(
    st.tuples(st.sampled_from(["put", "put", "put", "remove", "day"]), st.integers(0, 7), st.integers(0, 3)),
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGES, min_size=1, max_size=4))
def test_teams_are_seen_after_changes_as_they_would_be_from_the_beginning(
    codes: Codes, encoder: LexicalEncoder, batches: list[list[tuple[str, int, int]]]
) -> None:
    clock = ManualClock(datetime(2026, 5, 20, 4, tzinfo=UTC))
    teams = [replace(TEAM, id=f"t{number}") for number in range(6)]
    space = MatchSpace(codes, encoder, (*PERSONS, *teams), clock=clock)
    version = 1
    for batch in batches:
        for act, number, what in batch:
            version += 1
            part = Part("h2", until=DAY + timedelta(days=what), leaves=PERSONS[1].leaves)
            staff = Staff(((LEAVES[what], 1 + what),), (part,))
            if act == "day":
                clock.advance(timedelta(days=1))
            elif act == "remove":
                space.remove(ItemKind.TEAM, f"t{number}", version)
            else:
                space.put(replace(TEAM, id=f"t{number}", version=version, staff=staff))
        seen = space.anchors(KIND)
        anew = MatchSpace(codes, encoder, space.population(ItemKind.TEAM).items, clock=clock).anchors(KIND)
        assert seen.row_of.keys() == anew.row_of.keys()
        rows = anew.rows(item.id for item in seen.items)
        assert seen.items == [anew.items[row] for row in rows]
        for name in COLUMNS if seen.items else ():
            assert np.array_equal(seen.columns[name], anew.columns[name][rows]), name


def test_the_needs_of_a_team_are_internal_and_a_role_at_a_firm_is_none_in_a_team() -> None:
    assert replace(TEAM, texts=(), purposes=frozenset()).level is DataLevel.PUBLIC
    assert replace(TEAMS[0], texts=(), purposes=frozenset()).level is DataLevel.INTERNAL
    with pytest.raises(Exception, match="person-firm"):
        in_role(KIND, Role.FOUNDER)


def test_a_team_seen_by_its_gaps_is_seen_so_again(codes: Codes) -> None:
    seen = by_gaps(TEAMS[0], DAY)
    assert seen.leaves == (("sic", 230), ("seawater-h2", 769))
    assert by_gaps(seen, DAY) == seen


_SHARES = st.lists(st.integers(0, 400), min_size=len(LEAVES), max_size=len(LEAVES)).filter(
    lambda shares: sum(shares) <= WHOLE
)


def _leaves(shares: list[int]) -> tuple[tuple[str, int], ...]:
    return tuple((leaf, share) for leaf, share in zip(LEAVES, shares, strict=True) if share)


@pytest.fixture(scope="module")
def more_is_never_less(
    codes: Codes, encoder: LexicalEncoder
) -> Callable[[list[int], list[int], list[int], int, int, int], None]:
    return partial(_more_is_never_less, codes, encoder)


def test_whoever_covers_more_of_a_gap_never_stands_below_the_same_person_without_it(
    more_is_never_less: Callable[[list[int], list[int], list[int], int, int, int], None],
) -> None:
    @settings(max_examples=40)
    @given(
        needs=st.lists(st.integers(0, 3), min_size=len(LEAVES), max_size=len(LEAVES)),
        there=_SHARES,
        has=_SHARES,
        text=st.integers(0, len(WORDS) - 1),
        which=st.integers(0, len(LEAVES) - 1),
        more=st.integers(1, 1000),
    )
    def check(needs: list[int], there: list[int], has: list[int], text: int, which: int, more: int) -> None:
        more_is_never_less(needs, there, has, text, which, more)

    check()


def _more_is_never_less(
    codes: Codes,
    encoder: LexicalEncoder,
    needs: list[int],
    there: list[int],
    has: list[int],
    text: int,
    which: int,
    more: int,
) -> None:
    wanted = tuple((leaf, heads) for leaf, heads in zip(LEAVES, needs, strict=True) if heads)
    member = replace(SIC, id="member", leaves=_leaves(there))
    team = replace(TEAM, staff=Staff(wanted, (Part("member", leaves=member.leaves),)))
    # Ties go by id: the one who covers more would stand behind.
    less = replace(SIC, id="a", texts=(WORDS[text],) if WORDS[text] else (), leaves=_leaves(has))
    fuller = [
        share + (min(more, WHOLE - sum(has)) if number == which else 0) for number, share in enumerate(has)
    ]
    fuller_one = replace(less, id="b", leaves=_leaves(fuller))
    space = MatchSpace(codes, encoder, (team, member, less, fuller_one))
    finder = Finder(space, Pairs(space))
    scores = {match.item.id: match.log_odds for match in finder.find(KIND.key, GROWERS, 9)}
    assert "member" not in scores
    lacks = by_gaps(team, DAY).leaves
    assert scores.keys() == ({"a", "b"} if lacks else set())
    if lacks:
        assert scores["b"] >= scores["a"]
        values = [part(finder, each)[0] for each in (less, fuller_one)]
        assert all(value >= 0.0 for value in values)
        if not {leaf for leaf, _ in less.leaves} & {leaf for leaf, _ in lacks}:
            assert values[0] == 0.0
