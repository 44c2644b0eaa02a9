"""What was known of firms: kept from the first version on, also of what was on record before it was kept."""

from datetime import timedelta

from sqlalchemy import select

from services.chassis.storage.migration import downgrade, migrate
from services.funding.app import BLUEPRINT
from services.funding.domain.firm.firm import Firm
from services.funding.store import schema
from services.funding.store.firms import firms as store
from tests.integration.funding.installed import Funding


def test_an_upgrade_keeps_what_is_on_record(stocked: Funding) -> None:
    engine, where, name = stocked.database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    downgrade(engine, where, name, revision="funding_0009")
    migrate(engine, where, name)
    at = stocked.clock.now() + timedelta(seconds=1)
    with stocked.database.read() as session:
        firms = list(session.scalars(select(Firm)))
        figures = store.figures_of(session, [each.id for each in firms])
        for firm in firms:
            known = store.firm_as_known(session, firm.id, at)
            assert known is not None
            session.expunge(firm)
            for column in schema.firm.c:
                assert getattr(known, column.name) == getattr(firm, column.name), column.name
            assert [each.figures for each in figures[firm.id]] == [firm.snapshot]
