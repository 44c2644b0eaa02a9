"""A matcher restored from before a revocation: keys and certificates that a list names count for nobody any more."""

from datetime import timedelta

from sqlalchemy import select

from services.chassis.audit import Audit
from services.chassis.house import House
from services.matcher.domain.partner import Scope
from services.matcher.domain.partner_certificate import Certificate
from services.matcher.service.certificates import find_certificate
from services.matcher.service.partners import Partners, find_key
from services.matcher.service.revoking_again import LIST, RevokingAgain, revoked
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
    assert again.run([*strange, gone, shown.name]) == 2
    assert again.run([gone, shown.name]) == 0
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
