"""A list is read whole in its order on both engines, in portions, while other questions are asked beside it."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from services.catalogue import load
from services.funding.domain.firm.firm import Firm
from services.funding.store import lists, schema
from tests.integration.funding.installed import Funding


@pytest.mark.parametrize("descending", [False, True])
def test_everything_comes_once_in_the_order_that_is_asked_for(stocked: Funding, descending: bool) -> None:
    table = schema.firm.c
    listing = replace(lists.firms(load()), maximum_size=7)
    seen = list[str]()
    with stocked.database.read() as session:
        order = "founded_date desc" if descending else "founded_date"
        for firms in listing.everything(session, Firm, "origin = SYNTHETIC", order):
            assert 0 < len(firms) <= 7
            assert session.scalar(select(func.count()).where(table.id == firms[0].id)) == 1
            seen += [each.id for each in firms]
        by = table.founded.desc() if descending else table.founded.asc()
        known = select(table.id).where(table.origin == "SYNTHETIC").order_by(by.nulls_last(), table.id)
        assert seen == list(session.scalars(known))
    assert len(seen) > 14
