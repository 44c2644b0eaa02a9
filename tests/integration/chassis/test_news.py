from contextlib import suppress

from sqlalchemy import text

from services.chassis.storage.db import Database, open_engine
from services.chassis.storage.news import News


def test_a_loop_looks_after_every_commit_and_again_after_a_look_that_failed(database: Database) -> None:
    beside = Database(open_engine(database.engine.url.render_as_string(hide_password=False)))
    told = database.version() is not None
    news = News(database)

    def looks() -> bool:
        with news.since() as came:
            return came

    assert looks()
    assert looks() is not told
    for writer in (database, beside):
        with writer.write() as session:
            session.execute(text(f"CREATE TABLE news_{id(writer)} (one INTEGER)"))
        assert looks()
    with beside.write() as session:
        session.execute(text(f"DROP TABLE news_{id(beside)}"))
    with suppress(RuntimeError), news.since():
        raise RuntimeError("the look failed")
    assert looks()
    assert looks() is not told
    beside.close()
