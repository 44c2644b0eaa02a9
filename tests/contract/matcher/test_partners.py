"""PartnerService: registered by the administrator, keys made, used, narrowed and revoked; and what is refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from bole.matcher.v1 import (
    matching_service_pb2,
    matching_service_pb2_grpc,
    partner_pb2,
    partner_service_pb2_grpc,
    webhook_service_pb2,
    webhook_service_pb2_grpc,
)
from bole.matcher.v1 import partner_service_pb2 as wire
from services.chassis.identity.identity import Grant
from services.chassis.rpc.wire import instant_to_wire
from services.cli.answers.output import Format, Output
from services.cli.matcher import partners
from services.cli.session import Session
from tests.contract.installation import Installation, fields, refused, staff_token

ADMIN = Grant("admin")
EVENTS = partner_pb2.PartnerKey.SCOPE_EVENTS
LIVE, REVOKED = partner_pb2.PartnerKey.STATE_LIVE, partner_pb2.PartnerKey.STATE_REVOKED


@pytest.fixture
def admin(whole: Installation) -> Iterator[Any]:
    with whole.channel("matcher", ADMIN, subject="admin") as channel:
        yield partner_service_pb2_grpc.PartnerServiceStub(channel)


@pytest.fixture
def partner(admin: Any) -> partner_pb2.Partner:
    """A partner of this test's own."""
    request = wire.CreatePartnerRequest(
        partner=partner_pb2.Partner(title=f"合作方 {uuid4()}"), request_id=str(uuid4())
    )
    made = admin.CreatePartner(request)
    assert admin.CreatePartner(request) == made
    again = wire.CreatePartnerRequest(partner=partner_pb2.Partner(title=made.title))
    failure = refused(admin.CreatePartner, again)
    assert (failure.code, failure.metadata["partner"]) == ("ALREADY_EXISTS", made.name)
    return made


def key(admin: Any, parent: str, **given: Any) -> wire.CreatePartnerKeyResponse:
    return admin.CreatePartnerKey(
        wire.CreatePartnerKeyRequest(parent=parent, key=partner_pb2.PartnerKey(**given))
    )


def test_two_keys_count_until_one_is_revoked(
    whole: Installation, admin: Any, partner: partner_pb2.Partner
) -> None:
    first, second = key(admin, partner.name, title="一"), key(admin, partner.name, title="二")
    failure = refused(admin.CreatePartnerKey, wire.CreatePartnerKeyRequest(parent=partner.name))
    assert (failure.code, failure.reason) == ("FAILED_PRECONDITION", "TWO_LIVE_KEYS")
    with whole.channel("matcher", key=second.secret) as channel:
        own = partner_service_pb2_grpc.PartnerServiceStub(channel)
        assert own.GetPartner(wire.GetPartnerRequest(name="partners/me")).live_key_count == 2
        request = wire.RevokePartnerKeyRequest(name=first.key.name, request_id=str(uuid4()))
        assert own.RevokePartnerKey(request).state == REVOKED
        listed = own.ListPartnerKeys(wire.ListPartnerKeysRequest(parent="partners/me"))
        third = key(own, "partners/me", title="三")
    assert {each.title: each.state for each in listed.keys} == {"二": LIVE, "一": REVOKED}
    assert {each.title: each.HasField("last_use_time") for each in listed.keys} == {"二": True, "一": False}
    for secret, code in ((first.secret, "UNAUTHENTICATED"), (third.secret, "")):
        with whole.channel("matcher", key=secret) as channel:
            own = partner_service_pb2_grpc.PartnerServiceStub(channel)
            ask = wire.GetPartnerRequest(name=partner.name)
            if code:
                assert refused(own.GetPartner, ask).code == code
            else:
                assert own.GetPartner(ask).title == partner.title


def test_a_key_for_events_alone_opens_nothing_else(
    whole: Installation, admin: Any, partner: partner_pb2.Partner
) -> None:
    made = key(admin, partner.name, scope=EVENTS)
    assert made.key.scope == EVENTS
    with whole.channel("matcher", key=made.secret) as channel:
        matching = matching_service_pb2_grpc.MatchingServiceStub(channel)
        call = matching.WatchMatches(matching_service_pb2.WatchMatchesRequest())
        assert next(call).HasField("checkpoint")
        call.cancel()
        own = partner_service_pb2_grpc.PartnerServiceStub(channel)
        hooks = webhook_service_pb2_grpc.WebhookServiceStub(channel)
        for ask, request in (
            (own.ListPartnerKeys, wire.ListPartnerKeysRequest(parent="partners/me")),
            (own.CreatePartnerKey, wire.CreatePartnerKeyRequest(parent="partners/me")),
            (hooks.ListWebhooks, webhook_service_pb2.ListWebhooksRequest(parent="partners/me")),
        ):
            assert refused(ask, request).code == "PERMISSION_DENIED"


def test_what_is_over_does_not_count(whole: Installation, admin: Any, partner: partner_pb2.Partner) -> None:
    over = instant_to_wire(datetime.now(UTC) - timedelta(days=1))
    stated = partner_pb2.PartnerKey(expire_time=over)
    failure = refused(admin.CreatePartnerKey, wire.CreatePartnerKeyRequest(parent=partner.name, key=stated))
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["key.expire_time"])
    later = instant_to_wire(datetime.now(UTC) + timedelta(days=30))
    assert key(admin, partner.name, expire_time=later).key.expire_time == later


def test_who_is_no_partner_is_asked_which_one(admin: Any) -> None:
    failure = refused(admin.ListPartnerKeys, wire.ListPartnerKeysRequest(parent="partners/me"))
    assert (failure.code, fields(failure)) == ("INVALID_ARGUMENT", ["parent"])
    assert "请写明是哪一个" in failure.text.zh
    assert refused(admin.GetPartner, wire.GetPartnerRequest(name="partners/me")).code == "INVALID_ARGUMENT"


def test_a_partner_reaches_its_own_alone(
    whole: Installation, admin: Any, partner: partner_pb2.Partner
) -> None:
    mine = key(admin, partner.name)
    other = admin.CreatePartner(wire.CreatePartnerRequest(partner=partner_pb2.Partner(title=f"他 {uuid4()}")))
    theirs = key(admin, other.name)
    with whole.channel("matcher", key=mine.secret) as channel:
        own = partner_service_pb2_grpc.PartnerServiceStub(channel)
        for ask, request in (
            (own.GetPartner, wire.GetPartnerRequest(name=other.name)),
            (own.ListPartnerKeys, wire.ListPartnerKeysRequest(parent=other.name)),
            (own.CreatePartnerKey, wire.CreatePartnerKeyRequest(parent=other.name)),
            (own.RevokePartnerKey, wire.RevokePartnerKeyRequest(name=theirs.key.name)),
        ):
            assert refused(ask, request).code == "NOT_FOUND"
        assert refused(own.ListPartners, wire.ListPartnersRequest()).code == "PERMISSION_DENIED"
    page = admin.ListPartners(wire.ListPartnersRequest(page_size=1))
    assert page.next_page_token
    assert page.total_size >= 2
    assert refused(admin.ListPartners, wire.ListPartnersRequest(page_token="x")).code == "INVALID_ARGUMENT"


def test_the_command_line_does_the_same(whole: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    token = staff_token(whole, ADMIN, subject="admin")
    for language, said in (("zh", ("有效", "已停用", "blk_")), ("en", ("live", "revoked", "blk_"))):
        with Session(whole.settings, Output(Format.TABLE, language), token=token) as opened:  # type: ignore[arg-type]
            made = partners.create(opened, f"命令行 {uuid4()}")
            partners.create_key(opened, made.name, "x", 30, events_only=True)
            (kept,) = partners.keys(opened, made.name, 10)
            partners.show_keys(opened, [kept, partners.revoke(opened, kept.name)])
            partners.show(opened, [partners.get(opened, made.name), *partners.listed(opened, 5)])
        printed = "".join(capsys.readouterr())
        assert all(each in printed for each in said)
