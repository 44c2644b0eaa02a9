"""Webhooks over both engines: every event in its order, at least once, whatever the endpoint or the process does."""

import asyncio
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from sqlalchemy import select
from standardwebhooks import Webhook as Verifier

from bole.matcher.v1 import webhook_pb2, webhook_service_pb2
from services.catalogue import load
from services.chassis.keys import load_key, load_key_encryption_keys
from services.chassis.rpc.call import serving
from services.chassis.sealing import KeyRing
from services.kernel.clock import ManualClock
from services.kernel.errors import BoleError, InvalidArgument
from services.matcher.domain.webhooks.address import networks
from services.matcher.domain.webhooks.attempt import Attempt, Outcome
from services.matcher.domain.webhooks.schedule import WAITS
from services.matcher.domain.webhooks.webhook import DisableReason, Wanted, Webhook, WebhookState
from services.matcher.rpc.partners.webhooks import WebhookRoom
from services.matcher.service.partners.partners import add_partner
from services.matcher.service.telling import moment
from services.matcher.service.webhooks.posting import Poster
from services.matcher.service.webhooks.registering import Webhooks
from services.matcher.service.webhooks.trying import Trying
from services.matcher.service.webhooks.turns import Tried, Turn, Turns
from services.matcher.store.partners import partners as partner_store
from services.matcher.store.partners import webhooks as store
from services.matcher.store.partners.webhook_schema import webhook_attempt
from services.matcher.store.schema import partner
from tests.integration.matcher.calling import call
from tests.integration.matcher.installed import Matcher, load_some
from tests.integration.matcher.producing import Producer
from tests.servers.receiver import Receiver, receiving

CONTEXT = ssl.create_default_context()
KIND = "person-position"
LOOPBACK = networks("127.0.0.0/8")
RESOLVERS = ThreadPoolExecutor(1)
SECOND = timedelta(seconds=1)


class DyingError(Exception):
    """The process is gone."""


@dataclass
class Partner:
    """A partner with one webhook, and the turns of a process."""

    matcher: Matcher
    clock: ManualClock
    turns: Turns
    use: Webhooks
    id: str
    secret: str
    receiver: Receiver

    def turn(self, *, dies: bool = False) -> bool:
        """One turn, if one is due; `dies` before it is written."""

        async def go(turn: Turn) -> tuple[list[Tried], int]:
            async with Poster(LOOPBACK, RESOLVERS, context=CONTEXT) as poster:
                return await self.turns.send(turn, poster)

        _, due = self.turns.due()
        turn = self.turns.read(self.id) if self.id in due else None
        if turn is None:
            return False
        tried, position = asyncio.run(go(turn))
        if not dies:
            self.turns.write(turn, tried, position)
        return True

    def level(self) -> None:
        while self.turn():
            pass

    def events(self, kind: str = KIND) -> list[Any]:
        """What is for it."""
        return [each for each in self.matcher.events() if each.kind == kind]

    def now(self) -> Webhook:
        with self.matcher.house.database.read() as session:
            found = store.by_id(session, self.id)
            assert found is not None
            return found

    def log(self) -> list[Attempt]:
        with self.matcher.house.database.read() as session:
            order = webhook_attempt.c.at, webhook_attempt.c.id
            return list(session.scalars(select(Attempt).order_by(*order)))

    def change(self, **given: Any) -> None:
        """Restate the webhook."""
        with self.matcher.house.database.write() as session:
            found = store.by_id(session, self.id, lock=True)
            assert found is not None
            wanted = Wanted(found.url, found.title, found.kinds, found.anchor, found.directions, found.cities)
            state = given.pop("state", found.state)
            self.use.restate(session, found, replace(wanted, **given), state)

    def replay(self, after: int) -> None:
        with self.matcher.house.database.write() as session:
            found = store.by_id(session, self.id, lock=True)
            assert found is not None
            self.use.replay(session, found, after)


@pytest.fixture
def told(matcher: Matcher, producer: Producer) -> Iterator[Partner]:
    """A partner who wants one kind of pairs; some events have happened since."""
    clock = ManualClock(matcher.house.clock.now())
    house = replace(matcher.house, clock=clock)
    ring = KeyRing(load_key_encryption_keys(house.settings.keys_dir))
    use = Webhooks(house, ring, LOOPBACK)
    with receiving() as receiver:
        with house.database.write() as session:
            add_partner(session, "合作方", load_key(house.settings.keys_dir, "digest"), house.ids, clock)
            partner_id = session.execute(select(partner.c.id)).scalar_one()
            wanted = Wanted(receiver.url, "", (KIND,), "", (), ())
            made, secret = use.create(session, partner_id, wanted, WebhookState.ENABLED)
            session.flush()
            id_ = made.id
        load_some(producer, 3)
        matcher.follow()
        made_of = Turns(house, ring, {}, lambda: 0.5)
        told = Partner(matcher, clock, made_of, use, id_, secret, receiver)
        told.replay(told.events()[0].sequence - 1)  # else the first turns look at pages of other kinds
        yield told


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
@pytest.mark.parametrize(
    ("given", "zh", "en"),
    [
        ({}, "", ""),
        ({"kinds": ("firm-direction",), "cities": ("suzhou",)}, "只有方向的名单", "a restriction by city"),
        ({"anchor": "teams/t"}, "团队的名单收不到任何事件", "would be told nothing"),
        (
            {"kinds": (), "anchor": "directions/gone"},
            "没有代码为 gone 的方向",
            "no direction of the code gone",
        ),
        ({"kinds": ("person-cell",)}, "不保留名单", "keeps no lists"),
        ({"kinds": ("firm-fund",), "directions": ("sic",)}, "", ""),
        (
            {"kinds": ("person-position",), "directions": ("local-gone",)},
            "目录中已没有方向 local-gone",
            "no longer has the direction local-gone",
        ),
        ({"kinds": ("person-position",), "directions": ("local-gone", "sic")}, "", ""),
        ({"kinds": (), "directions": ("local-gone",)}, "", ""),  # funds for every industry are told of
    ],
)
def test_one_kept_under_restrictions_that_no_list_meets_says_so(
    told: Partner, given: dict[str, Any], zh: str, en: str
) -> None:
    told.change(**given)
    room = room_of(told)
    with serving(call()):
        (listed,) = room.ListWebhooks(
            webhook_service_pb2.ListWebhooksRequest(parent="partners/-"), None
        ).webhooks
        got = room.GetWebhook(webhook_service_pb2.GetWebhookRequest(name=listed.name), None)
    assert listed == got
    assert listed.HasField("silent_reason") == bool(zh)
    assert zh in listed.silent_reason.zh
    assert en in listed.silent_reason.en


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_one_that_is_told_of_no_match_is_disabled_and_freed_but_not_restricted_otherwise(
    told: Partner,
) -> None:
    told.change(kinds=("firm-direction",), cities=("suzhou",))
    room = room_of(told)

    def update(**given: Any) -> webhook_pb2.Webhook:
        mask = FieldMask(paths=sorted(given))
        (listed,) = room.ListWebhooks(
            webhook_service_pb2.ListWebhooksRequest(parent="partners/-"), None
        ).webhooks
        stated = webhook_pb2.Webhook(name=listed.name, etag=listed.etag, **given)
        return room.UpdateWebhook(
            webhook_service_pb2.UpdateWebhookRequest(webhook=stated, update_mask=mask), None
        )

    with serving(call()):
        silent = update(state="STATE_DISABLED", title="x")
        assert (silent.state, silent.title) == (webhook_pb2.Webhook.STATE_DISABLED, "x")
        assert silent.HasField("silent_reason")
        with pytest.raises(InvalidArgument) as refused:
            update(city_codes=["wuxi"])
        assert refused.value.reason == "NO_SUCH_LIST"
        assert not update(city_codes=[]).HasField("silent_reason")


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_one_whose_directions_have_left_the_catalogue_is_renamed_disabled_and_given_others(
    told: Partner,
) -> None:
    told.change(kinds=("person-position",), directions=("local-gone",))
    room = room_of(told)

    def update(**given: Any) -> webhook_pb2.Webhook:
        (listed,) = room.ListWebhooks(
            webhook_service_pb2.ListWebhooksRequest(parent="partners/-"), None
        ).webhooks
        stated = webhook_pb2.Webhook(name=listed.name, etag=listed.etag, **given)
        return room.UpdateWebhook(
            webhook_service_pb2.UpdateWebhookRequest(
                webhook=stated, update_mask=FieldMask(paths=sorted(given))
            ),
            None,
        )

    with serving(call()):
        silent = update(state="STATE_DISABLED", title="x")
        assert (silent.state, silent.title) == (webhook_pb2.Webhook.STATE_DISABLED, "x")
        assert silent.direction_codes == ["local-gone"]
        with pytest.raises(BoleError):
            update(direction_codes=["local-gone", "local-other"])
        told_again = update(direction_codes=["sic"])
        assert told_again.direction_codes == ["sic"]
        assert not told_again.HasField("silent_reason")


def room_of(told: Partner) -> WebhookRoom:
    house = told.matcher.house
    trying = Trying(house, told.use.ring, told.turns, lambda: Poster(LOOPBACK, RESOLVERS, context=CONTEXT))
    return WebhookRoom(house, load(), told.use, trying)


def test_every_event_comes_once_in_order_signed_and_under_pseudonyms(told: Partner) -> None:
    told.level()
    came = told.receiver.came
    verifier = Verifier(told.secret)
    for each in came:
        assert verifier.verify(each.body, each.headers) == each.said
    data = [each.said["data"] for each in came]
    assert [int(each["sequence"]) for each in data] == [each.sequence for each in told.events()]
    for before, after in pairwise(data):
        assert after["previous_sequence"] == before["sequence"]
    assert {each.said["type"] for each in came} <= {"match.created", "match.rescored", "match.withdrawn"}
    names = {each["candidate"] for each in data} | {each["anchor"] for each in data}
    assert not any(name.startswith("persons/") for name in names)
    assert any(name.startswith("subjects/") for name in names)
    assert [each.outcome for each in told.log()] == [Outcome.DELIVERED] * len(came)
    assert told.now().position == told.matcher.events()[-1].sequence


def test_what_fails_is_tried_again_under_its_id_and_nothing_overtakes_it(told: Partner) -> None:
    told.receiver.answer(204)
    for status in (500, 302, 503):
        told.receiver.answer(status, "不行".encode(), retry_after="600", location=told.receiver.url)
    told.turn()
    first, second = told.receiver.came
    assert (told.now().failures, told.now().next_at) == (1, told.clock.now() + timedelta(minutes=10))
    with told.matcher.house.database.read() as session:
        assert store.standing(session) == {"enabled": 0, "failing": 1, "disabled": 0}
        counts = partner_store.counts(session, told.now().partner_id, told.clock.now())
    assert (counts.webhooks, counts.stopped, counts.failing) == (1, 0, 1)
    assert not told.turn()
    for number in (2, 3):
        told.clock.advance(WAITS[number - 1] * 2 + timedelta(minutes=10))
        told.turn()
        assert told.receiver.came[-1].id == second.id
        assert told.receiver.came[-1].body == second.body
        assert told.now().failures == number
    told.clock.advance(timedelta(hours=2))
    told.level()
    ids = [each.id for each in told.receiver.came]
    assert list(dict.fromkeys(ids)) == [
        told.now().message_id(each.sequence, moment(each)) for each in told.events()
    ]
    failed = [each for each in told.log() if each.outcome is Outcome.REFUSED]
    assert [(each.number, each.status, each.excerpt) for each in failed] == [
        (1, 500, "不行"), (2, 302, "不行"), (3, 503, "不行")
    ]  # fmt: skip
    assert told.now().failures == 0
    assert first.id != second.id


def test_gone_disables_and_enabling_goes_on_without_a_gap(told: Partner) -> None:
    told.receiver.answer(204)
    told.receiver.answer(410)
    told.turn()
    assert (told.now().state, told.now().reason) == (WebhookState.DISABLED, DisableReason.GONE)
    with told.matcher.house.database.read() as session:
        assert store.standing(session) == {"enabled": 0, "failing": 0, "disabled": 1}
        counts = partner_store.counts(session, told.now().partner_id, told.clock.now())
    assert (counts.webhooks, counts.stopped, counts.failing) == (1, 1, 0)
    told.clock.advance(timedelta(days=9))
    assert not told.turn()
    told.change(state=WebhookState.ENABLED)
    told.level()
    taken = [int(each.said["data"]["sequence"]) for each in told.receiver.came]
    assert sorted(set(taken)) == [each.sequence for each in told.events()]


def test_a_process_that_dies_before_it_writes_loses_nothing(told: Partner, producer: Producer) -> None:
    assert told.turn(dies=True)
    assert told.log() == []
    producer.position("late", "碳化硅外延", code="sic")
    told.matcher.follow()
    told.level()
    ids = [each.id for each in told.receiver.came]
    expected = [told.now().message_id(each.sequence, moment(each)) for each in told.events()]
    assert list(dict.fromkeys(ids)) == expected
    assert len(ids) > len(expected)


def test_restrictions_replay_and_a_change_beside_a_turn(told: Partner) -> None:
    told.change(kinds=("person-firm",))
    told.replay(0)
    told.level()
    wanted = [each.sequence for each in told.events("person-firm")]
    assert [int(each.said["data"]["sequence"]) for each in told.receiver.came] == wanted
    told.receiver.came.clear()
    told.replay(wanted[1])
    told.receiver.waits = lambda: told.replay(wanted[-1]) if len(told.receiver.came) == 1 else None
    told.level()
    assert told.now().position >= wanted[-1]
    first = told.receiver.came[0].said["data"]
    assert (int(first["sequence"]), first["previous_sequence"]) == (wanted[2], "0")


def test_what_endpoints_said_about_somebody_goes_with_them(told: Partner, producer: Producer) -> None:
    about = told.events()[0].candidate_id
    told.receiver.answer(500, b"echo")
    told.turn()
    assert [each.excerpt for each in told.log()] == ["echo"]
    producer.firm("f9", "另一家企业")
    told.matcher.follow()
    assert [each.excerpt for each in told.log()] == ["echo"]
    producer.erase(about)
    told.matcher.follow()
    assert [each.excerpt for each in told.log()] == [""]
