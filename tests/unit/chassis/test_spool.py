"""An upload that is given up while a thread reads it: read to its end, and gone then."""

import pytest

from services.chassis.rpc.spool import Spool
from services.kernel.errors import Aborted


def test_who_leaves_a_spool_that_is_read_closes_it_when_it_has_been_read() -> None:
    spool = Spool(in_memory=8)
    with spool:
        for each in (b"one", b"two", b"three"):
            spool.add(each)
        reading = iter(spool)
        assert next(reading) == b"one"
    assert list(reading) == [b"two", b"three"]
    with pytest.raises(Aborted) as caught:
        next(iter(spool))
    assert caught.value.reason == "UPLOAD_GIVEN_UP"


def test_who_leaves_a_spool_that_nobody_reads_closes_it() -> None:
    with Spool() as spool:
        spool.add(b"one")
        assert list(spool) == list(spool) == [b"one"]
    with pytest.raises(Aborted):
        list(spool)
