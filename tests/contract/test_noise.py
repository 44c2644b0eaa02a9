"""Twenty thousand nearly right requests to every RPC: none breaks a service or leaves anything half-written."""

import pytest

from tests.contract.installation import Installation, installation, leave_sample
from tests.fuzz.calling import ways
from tests.fuzz.entering import enter
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.inside import Inside
from tests.fuzz.state import problems
from tests.servers import nursery

REQUESTS = 20_000
ROUNDS = 12
SEED = 20261126


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """What an installation with the small sample leaves, for this test alone."""
    made = installation(tmp_path_factory.mktemp("noise"), nursery.spawn)
    leave_sample(made)
    return made


def test_no_request_breaks_a_service_or_leaves_anything_half_written(own: Installation) -> None:
    requests = ROUNDS * len(ways())
    with Inside(own) as door:
        outcome = fuzz([door], SEED, requests)
    assert not outcome.broken, "\n".join(outcome.broken[:5])
    assert outcome.codes.total() == requests
    assert outcome.codes["OK"] > ROUNDS * 20
    assert problems(own) == []


def test_all_the_others_are_let_in_or_refused_by_their_fields() -> None:
    """Eight of ten never get further, and without a service behind them they cost little."""
    assert enter(SEED, REQUESTS - ROUNDS * len(ways())) == []
