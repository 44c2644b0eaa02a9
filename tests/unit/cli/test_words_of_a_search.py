"""The name of a record where words are looked for: no search finds it, and what to do is said."""

from collections.abc import Callable
from typing import Any

import grpc
import pytest

from services.cli.answers.searching import words_of
from services.cli.funding import firms
from services.cli.talent import flows, people, positions
from services.kernel.errors import InvalidArgument


@pytest.mark.parametrize("text", ["", "海水制氢", "Sun Yat-sen", "氢能/储能", "A/B 测试", "南京大学 deals/x"])
def test_words_are_left_as_they_are(text: str) -> None:
    assert words_of(text) == text


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("firms/f-1", "bole firm show firms/f-1"),
        ("persons/p-1 ", "bole talent show persons/p-1"),
        ("funds/n-1", "bole deal screen --fund funds/n-1"),
        ("deals/d-1/notes/2", "bole deal show"),
        ("matchRuns/r-1", "write some of its name"),
    ],
)
def test_a_name_is_refused_with_what_to_do(name: str, command: str) -> None:
    with pytest.raises(InvalidArgument) as told:
        words_of(name)
    [violation] = told.value.violations
    assert violation.reason == "NAME_FOR_WORDS"
    assert command in violation.text.en


class Nobody:
    """A session that must not be asked anything."""

    def channel(self, _: str) -> grpc.Channel:
        """One that leads nowhere."""
        return grpc.insecure_channel("localhost:1")


@pytest.mark.parametrize(
    "search",
    [
        lambda session: firms.fetch(session, "", "", 1, "firms/f-1"),
        lambda session: people.search(session, "persons/p-1", "", "", 1),
        lambda session: positions.search(session, "positions/p-1", "", "", 1),
        lambda session: flows.search_training(session, "trainingPlaces/t-1", "", "", 1),
        lambda session: flows.search_moves(session, "moves/m-1", "", "", 1),
    ],
)
def test_every_search_by_words_refuses_before_it_asks(search: Callable[[Any], object]) -> None:
    with pytest.raises(InvalidArgument) as told:
        search(Nobody())
    assert told.value.reason == "NAME_FOR_WORDS"
