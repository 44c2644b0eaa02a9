"""What a fund's subscriptions to other funds take of what it may still invest."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from services.funding.domain.capital.commitment import Commitment, PartyKind
from services.funding.domain.capital.subscribing import taken_fen

_MADE = st.lists(st.tuples(st.integers(1, 10**12), st.booleans()), max_size=8)


def made(fen: int, *, new: bool) -> Commitment:
    at = datetime(2026, 6, 30, tzinfo=UTC)
    day = date(2026, 6, 30)
    return Commitment("c", "sub", PartyKind.FUND, "", "mother", fen, day, "认缴协议", new, at, "finance")


def test_new_capital_is_taken_and_what_was_brought_along_is_not_taken_again() -> None:
    assert taken_fen([made(500, new=False)], 600) == 0
    assert taken_fen([made(500, new=False), made(300, new=False)], 600) == 200
    assert taken_fen([made(500, new=True)], 600) == 500


@given(_MADE, _MADE, st.integers(0, 10**12))
def test_one_more_takes_no_less_than_nothing_and_no_more_than_itself(
    before: list[tuple[int, bool]], more: list[tuple[int, bool]], brought: int
) -> None:
    held, added = ([made(fen, new=new) for fen, new in each] for each in (before, more))
    taken = taken_fen([*held, *added], brought) - taken_fen(held, brought)
    assert 0 <= taken <= sum(each.fen for each in added)
