from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from services.kernel.errors import FailedPrecondition, InvalidArgument, PermissionDenied
from services.talent.domain.axes import ALL
from services.talent.domain.disclosure.lines import margins
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.disclosure.steps import step
from services.talent.domain.release.comparison import Kind, differences
from services.talent.domain.release.content import Symbol, digest, header, packed, rows, unpacked
from services.talent.domain.release.hiding import beside, hidden_by, safe
from services.talent.domain.release.lifecycle import Action, Life, ReleaseState, Step, quarter_end
from services.talent.domain.release.snapshot import dump, load
from services.talent.domain.shortage.counts.cube import History
from services.talent.domain.shortage.counts.tally import build
from services.talent.domain.shortage.indices.stars import Belief
from services.talent.domain.shortage.method import Method
from services.talent.domain.shortage.table import ShortageTable
from tests.unit.talent.disclosure.tables import equations, followed
from tests.unit.talent.library import AXES, CATEGORIES, CITIES, TODAY, posting, supplied

EDITIONS = tuple(Edition)
NOTHING = np.zeros(int(np.prod(AXES.shape)), bool)
AT = datetime(2026, 7, 2, tzinfo=UTC)


def table(
    edition: Edition = Edition.INTERNAL, seed: int = 1, people: int = 120, **further: Any
) -> ShortageTable:
    random = np.random.default_rng(seed)
    leaves = ("seawater-h2", "liquid-h2", "quantum")

    def place() -> dict[str, Any]:
        return {
            "city": CITIES[random.integers(3)],
            "category": CATEGORIES[random.choice(3, p=(0.7, 0.2, 0.1))],
        }

    crowd = [supplied(n, shares=((leaves[random.integers(3)], 1000),), **place()) for n in range(people)]
    posts = [
        posting(
            int(random.integers(1, 6)), f"e{random.integers(9)}", leaf=leaves[random.integers(3)], **place()
        )
        for _ in range(people // 3)
    ]
    cube = build(AXES, crowd, posts, TODAY, window_days=730)
    if "history" in further:
        shape = (2, *AXES.shape)
        ends = (TODAY - timedelta(days=182), TODAY - timedelta(days=91))
        cube = type(cube)(
            **{
                **cube.__dict__,
                "history": History(ends, np.full(shape, 3.0), np.full(shape, 2.0), np.ones(shape)),
            }
        )
    past = [Belief(np.full(AXES.shape, 0.4), np.full(AXES.shape, 0.3))] if "past" in further else []
    return ShortageTable(cube, Method(), past=past).for_edition(edition)


def printed_digest(of: ShortageTable) -> str:
    return digest(header("2026Q2", of.edition, TODAY, AT.isoformat(), of, "c1"), rows(of))


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("further", [{}, {"history": True, "past": True}], ids=["plain", "with-history"])
def test_the_stored_snapshot_gives_the_same_release_again(edition: Edition, further: dict[str, Any]) -> None:
    found = safe(table(edition, **further), NOTHING)
    again, before, states = load(dump(found, NOTHING))
    assert states == []
    assert printed_digest(safe(again, before)) == printed_digest(found)
    assert rows(safe(again, before)) == rows(found)


def test_a_release_beside_states_of_the_public_edition_is_the_same_again_and_hides_no_less() -> None:
    states = [step(table(seed=3, people=130), [])]
    found = safe(table(Edition.PUBLIC, seed=3, people=120), NOTHING)
    made = beside(found, states)
    assert (made.pattern.hidden >= found.pattern.hidden).all()
    assert (made.pattern.hidden > found.pattern.hidden).any()
    again, before, kept = load(dump(made, NOTHING, states))
    assert printed_digest(beside(safe(again, before), kept)) == printed_digest(made)
    assert beside(found, []) is found


def test_another_count_gives_another_digest() -> None:
    assert printed_digest(safe(table(seed=1), NOTHING)) != printed_digest(safe(table(seed=2), NOTHING))


def test_a_snapshot_of_an_earlier_format_is_read_and_of_another_one_refused() -> None:
    import zlib

    data = zlib.decompress(dump(table(), NOTHING))
    load(zlib.compress(data.replace(b'"format":2', b'"format":1')))
    with pytest.raises(ValueError, match="format 9"):
        load(zlib.compress(data.replace(b'"format":2', b'"format":9')))


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_hidden_cell_of_a_release_follows_from_all_its_tables(edition: Edition) -> None:
    published = margins(AXES)
    found = rows(safe(table(edition), NOTHING))
    assert len(found) == published.sum()
    mask = hidden_by(found, AXES)
    assert followed(equations(AXES)[published], mask[published]) == []


def test_a_release_hides_what_live_answers_hide_and_the_public_one_what_the_internal_one_hides() -> None:
    live = table()
    inner, outer = (safe(live.for_edition(edition), NOTHING) for edition in EDITIONS)
    on = margins(AXES)
    assert (inner.pattern.hidden.ravel()[on] >= live.pattern.hidden.ravel()[on]).all()
    assert (outer.pattern.hidden.ravel()[on] >= inner.pattern.hidden.ravel()[on]).all()


def test_public_rows_hold_rounded_heads_whole_indices_and_nothing_else() -> None:
    found = rows(safe(table(Edition.PUBLIC, people=900), NOTHING))
    shown = [row for row in found if row.symbol == Symbol.NONE]
    assert shown
    for row in shown:
        assert row.demand is not None
        assert row.demand % 5 == 0
        assert row.index == round(row.index or 0)
        assert (row.log_odds, row.sd, row.parts) == (None, None, ())
    for row in found:
        if row.symbol == Symbol.SUPPRESSED:
            assert (row.state, row.demand, row.supply, row.persons, row.index) == ("", None, None, None, None)
            assert row.band_zh
            assert row.band_en


def test_the_three_kinds_of_no_number_have_their_letters() -> None:
    crowd = [supplied(n) for n in range(6)] + [supplied(50 + n, "suzhou") for n in range(2)]
    cube = build(AXES, crowd, [], TODAY, window_days=730)
    found = {row.key: row.symbol for row in rows(safe(ShortageTable(cube, Method()), NOTHING))}
    assert found["quantum", ALL, ALL] == Symbol.UNAVAILABLE
    assert found["hydrogen", "suzhou", ALL] == Symbol.SUPPRESSED
    assert found[ALL, ALL, ALL] == Symbol.NOT_APPLICABLE


def test_rows_survive_being_packed() -> None:
    for row in rows(safe(table(), NOTHING)):
        assert unpacked({**packed(row), "added_later": 1}) == row


def test_differences_are_found_and_weighed() -> None:
    before, after = rows(safe(table(seed=1), NOTHING)), rows(safe(table(seed=2), NOTHING))
    assert differences(before, before) == []
    found = differences(before, after[1:])
    assert found[-1].kind is Kind.REMOVED
    assert found[-1].before == before[0]
    assert {each.kind for each in differences(before[1:], before)} == {Kind.ADDED}
    for each in found[:-1]:
        assert each.before is not None
        assert each.after is not None
        same_symbol = (each.before.symbol, each.before.state) == (each.after.symbol, each.after.state)
        assert (each.kind is Kind.SYMBOL) == (not same_symbol)
        assert (each.kind is Kind.STAR) == (same_symbol and each.before.stars != each.after.stars)


def life(*steps: tuple[Action, str]) -> Life:
    found = Life((Step(Action.DRAFT, "ann", AT),))
    for action, actor in steps:
        found = found.take(Step(action, actor, AT, "because"))
    return found


def test_three_people_take_a_release_to_its_signature() -> None:
    signed = life((Action.CHECK, "bo"), (Action.SIGN, "cai"))
    assert (signed.state, signed.version) == (ReleaseState.SIGNED, 3)


@pytest.mark.parametrize(
    ("done", "action", "actor"),
    [
        ([], Action.CHECK, "ann"),
        ([(Action.CHECK, "bo")], Action.SIGN, "ann"),
        ([(Action.CHECK, "bo")], Action.SIGN, "bo"),
    ],
)
def test_nobody_answers_for_their_own_work(
    done: list[tuple[Action, str]], action: Action, actor: str
) -> None:
    with pytest.raises(PermissionDenied) as caught:
        life(*done, (action, actor))
    assert caught.value.reason == "SAME_HAND"


@pytest.mark.parametrize(
    ("done", "action"),
    [
        ([], Action.SIGN),
        ([(Action.CHECK, "bo")], Action.CHECK),
        ([(Action.CHECK, "bo"), (Action.SIGN, "cai")], Action.REJECT),
        ([(Action.REJECT, "ann")], Action.CHECK),
    ],
)
def test_steps_out_of_order_are_refused(done: list[tuple[Action, str]], action: Action) -> None:
    with pytest.raises(FailedPrecondition) as caught:
        life(*done, (action, "dai"))
    assert caught.value.reason == "RELEASE_STATE"


def test_turning_down_needs_a_reason() -> None:
    with pytest.raises(InvalidArgument):
        life().take(Step(Action.REJECT, "bo", AT, " "))


@pytest.mark.parametrize(
    ("quarter", "end"),
    [("2026Q1", date(2026, 3, 31)), ("2025Q4", date(2025, 12, 31)), ("2026Q2", date(2026, 6, 30))],
)
def test_a_quarter_ends_on_its_last_day(quarter: str, end: date) -> None:
    assert quarter_end(quarter, date(2026, 7, 1)) == end


@pytest.mark.parametrize(
    ("quarter", "reason"),
    [
        ("2026Q3", "QUARTER_NOT_ENDED"),
        ("2026Q2", "QUARTER_NOT_ENDED"),
        ("2026Q5", "QUARTER_NOT_UNDERSTOOD"),
        ("26Q1", "QUARTER_NOT_UNDERSTOOD"),
        ("２０２６Q1", "QUARTER_NOT_UNDERSTOOD"),
        ("2026-1", "QUARTER_NOT_UNDERSTOOD"),
        ("", "QUARTER_NOT_UNDERSTOOD"),
    ],
)
def test_a_quarter_that_cannot_be_released_is_refused(quarter: str, reason: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        quarter_end(quarter, date(2026, 6, 30))
    assert caught.value.violations[0].reason == reason
