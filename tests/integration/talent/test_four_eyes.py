"""An approval is used once, whoever asks at the same instant, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from services.kernel.errors import FailedPrecondition
from services.kernel.ids import TimeOrderedIds
from services.talent.domain.privacy.four_eyes import Act, Intent
from services.talent.service.privacy.approving import Approving
from services.talent.store import schema
from tests.integration.talent.installed import Talent

ERASE = Intent(account="ann", act=Act.ERASE, person="p1")


def test_one_of_two_at_once_uses_it_and_nobody_takes_it_back(talent: Talent) -> None:
    approving, together = (
        Approving(talent.clock, TimeOrderedIds(talent.clock), talent.people.consents),
        Barrier(2),
    )
    with talent.database.write() as session:
        approving.approve(session, ERASE, "重复建档", "bo")

    def act() -> bool:
        together.wait()
        try:
            with talent.database.write() as session:
                return approving.use(session, ERASE, "persons/p1") is not None
        except FailedPrecondition:
            return False

    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(act) for _ in range(2)]
        assert sorted(each.result() for each in asked) == [False, True]
    for change in (update(schema.act_approval).values(account="cai"), delete(schema.act_approval_use)):
        with pytest.raises(DBAPIError), talent.database.write() as session:
            session.execute(change)
