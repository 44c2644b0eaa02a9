"""Who is recused from a firm is known as it was told last, however often and in whatever order it is told."""

import asyncio
import random
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bole.events.v1.recusal_event_pb2 import RecusalState
from services.chassis.house import House
from services.chassis.log.topics import RECUSALS
from services.matcher.rpc.recused import Recused
from services.matcher.store import recusals
from services.matcher.store.schema import recusal, recused
from tests.integration.matcher.installed import Matcher, make_house, open_database
from tests.integration.matcher.producing import Producer
from tests.storm.house import until

FIRMS = ("f1", "f2", "f3")
PEOPLE = ("manager", "analyst", "member")


def tell(producer: Producer, firm: str, version: int, *subjects: str) -> None:
    producer.say(RECUSALS, firm, RecusalState(id=firm, version=version, subjects=subjects), version=version)


def known(house: House) -> tuple[dict[str, int], set[tuple[str, str]]]:
    """Versions by firm, and who is recused from which."""
    with house.database.read() as session:
        versions = {row.firm_id: row.version for row in session.execute(select(recusal))}
        return versions, {(row.firm_id, row.subject) for row in session.execute(select(recused))}


def closed(house: House, subject: str) -> set[str]:
    with house.database.read() as session:
        return set(recusals.firms_closed_to(session, subject))


def test_the_last_word_on_a_firm_stands(matcher: Matcher, producer: Producer) -> None:
    house = matcher.house
    tell(producer, "f1", 1, "manager")
    tell(producer, "f2", 1, "analyst", "manager")
    matcher.follow()
    assert closed(house, "manager") == {"f1", "f2"}
    assert closed(house, "somebody") == set()
    tell(producer, "f1", 3)
    tell(producer, "f1", 2, "manager", "member")
    tell(producer, "f2", 1, "member")
    matcher.follow()
    assert known(house) == ({"f1": 3, "f2": 1}, {("f2", "analyst"), ("f2", "manager")})
    producer.say(RECUSALS, "f2", None, version=2)
    producer.say(RECUSALS, "f3", RecusalState(id="f1", subjects=["manager"]), version=1)
    matcher.follow()
    assert closed(house, "manager") == set()
    with house.database.read() as session:
        assert matcher.feed.dead_letters.count(session) == 1


def test_whatever_is_told_again_or_late_and_read_anew_leads_to_the_same(
    matcher: Matcher, producer: Producer, tmp_path: Path
) -> None:
    draw, told, last = random.Random(7), list[tuple[str, int, tuple[str, ...]]](), {}
    for number in range(60):
        firm = draw.choice(FIRMS)
        told.append((firm, number + 1, tuple(draw.sample(PEOPLE, draw.randrange(4)))))
        last[firm] = told[-1]
    late = told + draw.sample(told, 30)
    draw.shuffle(late)
    for firm, version, subjects in late:
        tell(producer, firm, version, *subjects)
        if draw.random() < 0.1:
            matcher.follow()
    matcher.follow()
    found = known(matcher.house)
    assert found[0] == {firm: version for firm, version, _ in last.values()}
    assert found[1] == {(firm, subject) for firm, _, subjects in last.values() for subject in subjects}
    database = open_database(f"sqlite:///{tmp_path}/anew.db")
    anew = Matcher.over(make_house(tmp_path / "anew", database, matcher.house.log))
    anew.follow()
    assert known(anew.house) == found
    anew.end()
    database.close()


def test_one_look_serves_all_streams_and_the_next_comes_in_its_time(
    matcher: Matcher, producer: Producer, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, look = list[Session](), recusals.closed

    def counted(session: Session) -> dict[str, frozenset[str]]:
        looks.append(session)
        return look(session)

    monkeypatch.setattr(recusals, "closed", counted)
    watched = Recused(matcher.house.database)

    async def all_ask() -> list[frozenset[str]]:
        return await asyncio.gather(*(watched.now(each) for each in PEOPLE))

    tell(producer, "f1", 1, "manager")
    matcher.follow()
    assert asyncio.run(all_ask())[0] == {"f1"}
    assert watched.known("analyst") == frozenset()
    tell(producer, "f1", 2, "analyst")
    matcher.follow()
    assert asyncio.run(all_ask())[0] == {"f1"}  # it is not time yet
    assert len(looks) == 1
    assert until(lambda: asyncio.run(watched.now("analyst")) == {"f1"}, 10)
    assert watched.known("manager") == frozenset()
    assert len(looks) == 2
