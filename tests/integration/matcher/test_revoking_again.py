"""A matcher restored from before something was taken back of a partner: what a list names does not count any more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.chassis.audit.audit import Audit
from services.chassis.house import House
from services.chassis.sealing import KeyRing
from services.kernel.clock import ManualClock
from services.kernel.text import Text
from services.matcher.domain.partners.partner import Scope
from services.matcher.domain.partners.partner_certificate import Certificate
from services.matcher.domain.webhooks.address import networks
from services.matcher.domain.webhooks.webhook import Wanted, Webhook, WebhookState
from services.matcher.service.partner_topics.opening import PartnerTopics
from services.matcher.service.partners.certificates import find_certificate
from services.matcher.service.partners.partners import Partners, find_key
from services.matcher.service.partners.revoking_again import LIST, RevokingAgain, milliseconds, revoked
from services.matcher.service.webhooks.registering import Webhooks
from services.matcher.store.partners import partner_topics, webhooks
from services.matcher.store.schema import shared
from tests.integration.matcher.installed import Matcher


def test_what_a_list_names_is_revoked_again_once_and_nothing_else(matcher: Matcher) -> None:
    house = matcher.house
    again = RevokingAgain(house.database, Audit(shared.audit), house.clock)
    partners = Partners(b"pepper", house.ids, house.clock)
    with house.database.write() as session:
        partner = partners.create(session, "合作方").id
        session.flush()
        gone, stays = (partners.create_key(session, partner, "", Scope.FULL, None)[0].name for _ in range(2))
        shown = certificate(house, partner)
        session.add(shown)
    assert revoked(house.database) == []
    strange = [f"partners/{partner}/keys/none", f"partners/other/keys/{stays.rpartition('/')[2]}"]
    assert all(LIST.is_entry(each) for each in [*strange, gone, shown.name])
    assert again.run([*strange, gone, shown.name]).en.startswith("2 revocations")
    assert again.run([gone, shown.name]).en.startswith("0 revocations")
    assert sorted(revoked(house.database)) == sorted([gone, shown.name])
    assert find_key(house.database, gone.rpartition("/")[2]) is None
    assert find_key(house.database, stays.rpartition("/")[2]) is not None
    assert find_certificate(house.database, shown.fingerprint) is None
    entries = shared.audit.entries.c
    with house.database.read() as session:
        said = session.execute(select(entries.action, entries.resource).where(entries.actor == "restore"))
        assert {tuple(row) for row in said} == {
            ("revoke-partner-key", gone),
            ("revoke-partner-certificate", shown.name),
        }


def test_topics_that_were_closed_and_webhooks_that_were_deleted_tell_nobody_any_more(
    matcher: Matcher,
) -> None:
    house, clock = at_noon(matcher)
    topics = PartnerTopics(clock)
    with house.database.write() as session:
        partner = Partners(b"pepper", house.ids, clock).create(session, "合作方").id
        session.flush()
        name = topics.open(session, partner, from_start=False).name
        gone, stays = (hooked(house, session, partner, number).name for number in range(2))
    clock.advance(timedelta(hours=1))
    entries = [f"{name}/closed-{milliseconds(clock.now())}", f"{gone}/deleted"]
    assert all(map(LIST.is_entry, entries))
    assert again(house, entries).en.startswith("2 revocations")
    assert sorted(revoked(house.database)) == sorted(entries)  # by the audit, for the next restore
    with house.database.write() as session:
        assert partner_topics.get(session, partner) is None
        assert webhooks.by_id(session, gone.rpartition("/")[2]) is None
        assert webhooks.by_id(session, stays.rpartition("/")[2]) is not None
        clock.advance(timedelta(hours=1))
        topics.open(session, partner, from_start=False)  # another one
    assert again(house, entries).en.startswith("0 revocations")


def test_a_webhook_signs_with_the_secret_it_was_given_last_and_is_told_nothing_where_it_was_changed(
    matcher: Matcher,
) -> None:
    house, clock = at_noon(matcher)
    with house.database.write() as session:
        partner = Partners(b"pepper", house.ids, clock).create(session, "合作方").id
        session.flush()
        rotated, moved = (hooked(house, session, partner, number) for number in range(2))
        before = {each.id: (each.secret, each.wanted) for each in (rotated, moved)}
    assert revoked(house.database) == []
    clock.advance(timedelta(hours=1))
    with house.database.write() as session:
        first, second = (webhooks.by_id(session, each.id, lock=True) for each in (rotated, moved))
        assert first is not None
        assert second is not None
        first.rotate(b"n" * 61, clock.now() + timedelta(hours=24), clock.now())
        second.restate(replace(second.wanted, url="https://new.example/hook"), second.state, clock.now())
    entries = revoked(house.database)
    assert len(entries) == 2
    assert all(map(LIST.is_entry, entries))
    assert "new.example" not in "".join(entries)
    with house.database.write() as session:  # as the backup has them
        for each in (rotated, moved):
            found = webhooks.by_id(session, each.id, lock=True)
            assert found is not None
            found.secret, found.former_secret, found.former_until = before[each.id][0], None, None
            found.url = before[each.id][1].url
            found.updated_at = found.created_at
    clock.advance(timedelta(hours=1))
    said = again(house, [*entries, f"{rotated.name}/stated-1-0-{'0' * 32}-{'00' * 20}"])
    assert said.en.startswith("2 revocations")
    assert moved.name in said.en
    assert moved.name in said.zh
    assert rotated.name not in said.en
    with house.database.read() as session:
        first, second = (webhooks.by_id(session, each.id) for each in (rotated, moved))
        assert first is not None
        assert second is not None
        assert (first.secrets(clock.now()), first.state) == (
            [b"n" * 61, before[rotated.id][0]],
            WebhookState.ENABLED,
        )
        assert (second.state, second.url) == (WebhookState.DISABLED, before[moved.id][1].url)
    assert again(house, entries).en.startswith("0 revocations")


def at_noon(matcher: Matcher) -> tuple[House, ManualClock]:
    clock = ManualClock(datetime(2026, 11, 1, 12, tzinfo=UTC))
    return replace(matcher.house, clock=clock), clock


def again(house: House, entries: list[str]) -> Text:
    return RevokingAgain(house.database, Audit(shared.audit), house.clock).run(entries)


def hooked(house: House, session: Session, partner: str, number: int) -> Webhook:
    wanted = Wanted(f"https://192.0.2.{number}/hook", "", (), "", (), ())
    rooms = Webhooks(house, KeyRing({1: b"k" * 32}), networks("192.0.2.0/24"))
    return rooms.create(session, partner, wanted, WebhookState.ENABLED)[0]


def certificate(house: House, partner: str) -> Certificate:
    now = house.clock.now()
    return Certificate(
        id=house.ids.new(),
        partner_id=partner,
        fingerprint="ab" * 32,
        subject="CN=partner",
        issuer="CN=authority",
        not_before=now,
        not_after=now + timedelta(days=30),
        title="",
        scope=Scope.EVENTS,
        created_at=now,
    )
