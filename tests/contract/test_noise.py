"""Twenty thousand nearly right requests to every RPC: none breaks a service or leaves anything half-written."""

from collections.abc import Iterator

import pytest

from tests.contract.installation import Installation, installation, start_with_sample
from tests.fuzz.calling import ways
from tests.fuzz.entering import enter
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.state import problems
from tests.servers import nursery

REQUESTS = 20_000
ROUNDS = 5
SEED = 20261126


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """All services as processes with the small sample, for this test alone."""
    made = installation(tmp_path_factory.mktemp("noise"), nursery.spawn)
    start_with_sample(made)
    yield made
    assert set(made.stop().values()) == {0}


def test_no_request_breaks_a_service_or_leaves_anything_half_written(own: Installation) -> None:
    requests = ROUNDS * len(ways())
    outcome = fuzz(own, SEED, requests)
    assert not outcome.broken, "\n".join(outcome.broken[:5])
    assert outcome.codes.total() == requests
    assert outcome.codes["OK"] > ROUNDS * 10
    assert problems(own) == []


def test_all_the_others_are_let_in_or_refused_by_their_fields() -> None:
    """Eight of ten never get further, and without a service behind them they cost little."""
    assert enter(SEED, REQUESTS - ROUNDS * len(ways())) == []
