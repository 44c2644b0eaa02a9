"""Merges at the same time as other changes of the same people."""

import threading
from collections.abc import Callable

import pytest

from services.kernel.errors import Aborted, InvalidArgument
from tests.integration.talent.library import Library
from tests.integration.talent.merging import Duplicates, enter


@pytest.fixture
def both(library: Library) -> Duplicates:
    return Duplicates(library)


def test_of_two_writers_on_one_person_one_wins_and_nothing_is_half_done(both: Duplicates) -> None:
    a, b, c = enter(both, "P-1", "P-2", "P-3")
    for act in (lambda: both.merge(a, b), lambda: both.merge(b, c)):
        assert sorted(race(act, lambda: both.merge(a, b))) in ([False, True], [True, True])
        clusters = {both.get(id_).id for id_ in (a, b, c)}
        assert clusters == set(both.everybody())
        assert len(both.standing()) == 3 - len(clusters)
        for judgement in both.standing():
            both.part(judgement.id)


def race(*acts: Callable[[], object]) -> list[bool]:
    """Whether each of several writers at the same time succeeded; losing is the only failure allowed."""
    results: list[bool] = []
    start = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
            results.append(True)
        except (Aborted, InvalidArgument):
            results.append(False)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
