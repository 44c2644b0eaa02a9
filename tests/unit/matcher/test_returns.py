"""What the matcher reports of proposals."""

from hypothesis import given
from hypothesis import strategies as st

from services.matcher.domain.item import ItemKind
from services.matcher.domain.proposal import ProposalState, Refusal
from services.matcher.domain.returns import Course, figures, foremost

State = ProposalState
SIDES = frozenset({(ItemKind.FIRM, "a"), (ItemKind.FUND, "b")})
COURSES = st.lists(
    st.builds(
        Course,
        st.sampled_from(["person-position", "firm-fund"]),
        st.frozensets(st.tuples(st.sampled_from(ItemKind), st.sampled_from("ab")), min_size=2, max_size=2),
        st.frozensets(st.sampled_from(State)),
        st.dictionaries(st.sampled_from(["text", "city"]), st.floats(-1, 1)),
        st.none() | st.sampled_from(Refusal),
    ),
    max_size=6,
)


@given(COURSES)
def test_every_proposal_is_counted_once_as_such_and_comes_no_further_than_its_states(
    courses: list[Course],
) -> None:
    found = figures(courses)
    for kind in ("person-position", "firm-fund"):
        mine = [each for each in courses if each.kind == kind]
        assert found.get(("proposed", kind), 0) == len(mine)
        stages = [found.get((stage, kind), 0) for stage in ("proposed", "viewed", "accepted", "done")]
        assert stages == sorted(stages, reverse=True)
    assert found.get(("proposed", ""), 0) == len(courses)
    assert sum(value for (code, _), value in found.items() if code == "reason_proposed") == len(courses)


def test_who_was_done_without_a_look_was_looked_at_and_the_foremost_reason_is_the_largest() -> None:
    done = Course(
        "firm-fund", SIDES, frozenset({State.PROPOSED, State.DONE}), {"text": 0.5, "city": 2.0}, None
    )
    found = figures([done, done])
    assert (found["done", "firm-fund"], found["done_bodies", "firm-fund"], found["done_people", ""]) == (
        2,
        1,
        0,
    )
    found = figures([done])
    assert found["viewed", "firm-fund"] == found["reason_done", "city"] == 1
    assert ("contacted", "firm-fund") not in found
    assert (foremost({"text": -1.0}), foremost({"b": 1.0, "a": 1.0})) == ("none", "a")
    refused = Course("firm-fund", SIDES, frozenset({State.PROPOSED, State.REJECTED}), {}, Refusal.TERMS)
    assert figures([refused])["refused", "TERMS"] == 1


def test_a_pair_counts_in_every_industry_of_its_firm_or_position() -> None:
    both = frozenset({"hydrogen", "quantum"})
    done = Course("firm-fund", SIDES, frozenset({State.PROPOSED, State.DONE}), {}, None, both)
    put = Course("firm-fund", SIDES, frozenset({State.PROPOSED}), {}, None, frozenset({"quantum"}))
    found = figures([done, put])
    told = [found.get((f"industry_{stage}", "quantum"), 0) for stage in ("proposed", "done")]
    assert told == [2, 1]
    assert (found["industry_done", "hydrogen"], found["proposed", ""]) == (1, 2)
