"""The schema of the funding service: up, level with the tables, down; what is written of the past stays."""

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import IntegrityError

from services.catalogue import load
from services.chassis.configuration import ConfigurationError
from services.chassis.searching.terms import Words
from services.chassis.storage.db import Database
from services.chassis.storage.migration import (
    differences,
    downgrade,
    migrate,
    schema_is_current,
    schema_versions,
)
from services.funding.app import BLUEPRINT
from services.funding.domain.firm.firm import Firm
from services.funding.store import schema
from services.funding.store.firms.findable import Findable, firms_not_findable
from services.kernel.names.script import syllables
from tests.integration.funding.installed import Funding


def test_up_is_level_with_the_tables_and_down_leaves_nothing(database: Database) -> None:
    engine, where, name = database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    migrate(engine, where, name)
    assert schema_is_current(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []
    downgrade(engine, where, name)
    assert schema_versions(engine, where, name).found is None
    migrate(engine, where, name)
    assert differences(engine, BLUEPRINT.metadata, name) == []


def test_what_was_written_of_the_past_stays(stocked: Funding) -> None:
    for table in ("history", "mandate", "deal_transition", "firm_version", "firm_snapshot"):
        with stocked.database.read() as session:
            assert session.scalar(text(f"SELECT count(*) FROM {table}"))
        for change in (f"DELETE FROM {table}", f"UPDATE {table} SET {_KEY[table]} = {_KEY[table]}"):
            with pytest.raises(IntegrityError, match="append-only"), stocked.database.write() as session:
                session.execute(text(change))


def test_a_balance_below_nought_or_over_the_capital_cannot_be_stored(stocked: Funding) -> None:
    for values in ("reserved_fen = -1", "invested_fen = size_fen + 1"):
        with pytest.raises(IntegrityError), stocked.database.write() as session:
            session.execute(text(f"UPDATE fund SET {values}"))


def test_firms_are_found_by_words_and_those_without_a_row_are_told(stocked: Funding) -> None:
    words = Words(load())
    with stocked.database.write() as session:
        firm = session.scalars(select(Firm).order_by(schema.firm.c.id)).first()
        assert firm is not None

        def found(query: str, *, codes: bool = False) -> bool:
            named = Findable(session, words, schema.firm.c.id, codes=codes).contains(query)
            return firm.id in session.scalars(select(schema.firm.c.id).where(named)).all()

        read = syllables(firm.name)
        for query in (
            firm.name[3:5],
            firm.name[-4:],
            "".join(read[3:5]),
            "".join(each[0] for each in read[3:6]),
        ):
            assert found(f"{query} {firm.city}"), query
            assert not found(f"{query} 省外"), query
        assert not found(firm.name[4:2:-1])
        assert (found(firm.uscc), found(firm.uscc, codes=True)) == (False, True)
        assert firms_not_findable(session, 1) == []
        session.execute(delete(schema.firm_text).where(schema.firm_text.c.firm_id == firm.id))
        assert not found(firm.name)
        assert firms_not_findable(session, 9) == [firm]


_KEY = {
    "history": "version",
    "mandate": "revision",
    "deal_transition": "sequence",
    "firm_version": "version",
    "firm_snapshot": "number",
}


def test_several_open_deals_of_one_round_stop_the_upgrade_with_their_names(
    funding: Funding, workbook: bytes
) -> None:
    engine, where, name = funding.database.engine, BLUEPRINT.migrations, BLUEPRINT.name
    funding.load(workbook)
    downgrade(engine, where, name, revision="funding_0001")
    with funding.database.write() as session:
        kept, other = session.execute(
            text(
                "SELECT id, fund_id FROM deal WHERE state NOT IN ('DECLINED','INVESTED','LAPSED','WITHDRAWN')"
            )
        ).all()[:2]
        session.execute(
            text(
                "UPDATE deal SET fund_id = k.fund_id, firm_id = k.firm_id, round_name = k.round_name "
                "FROM (SELECT fund_id, firm_id, round_name FROM deal WHERE id = :kept) AS k WHERE id = :other"
            ),
            {"kept": kept.id, "other": other.id},
        )
    with pytest.raises(ConfigurationError) as refused:
        migrate(engine, where, name)
    assert f"deals/{min(kept.id, other.id)} … deals/{max(kept.id, other.id)}" in refused.value.text.zh
    assert schema_versions(engine, where, name).found == "funding_0001"
    with funding.database.write() as session:
        session.execute(text("UPDATE deal SET state = 'WITHDRAWN' WHERE id = :other"), {"other": other.id})
    migrate(engine, where, name)
    assert schema_is_current(engine, where, name)
