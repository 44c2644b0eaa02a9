"""The form of a partner's key: what was made is never told as refused, and what it opens is named."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bole.common.v1 import text_pb2
from bole.matcher.v1 import (
    partner_certificate_service_pb2,
    partner_erasure_pb2,
    partner_erasure_service_pb2,
    partner_pb2,
    partner_service_pb2,
    partner_topic_pb2,
    webhook_pb2,
    webhook_service_pb2,
)
from services.console.pages.events.certificates import scope_of
from services.console.pages.events.partners import create_key, show, show_one, troubled
from services.console.pages.events.webhooks import set_state
from services.console.pages.events.webhooks import show as show_webhook
from services.console.web.visits import Visit
from services.kernel.errors import InvalidArgument, Unavailable
from services.kernel.text import Text
from tests.unit.console.pages.visiting import NOW, Nobody, visit

SILENT = webhook_pb2.Webhook(
    name="partners/p/webhooks/w",
    url="https://example.com/",
    state="STATE_ENABLED",
    silent_reason=text_pb2.Text(zh="按城市订阅收不到任何事件", en="would be told nothing"),
)


class Partner(Nobody):
    """A service that makes keys; `broken`: its webhooks cannot be read."""

    def __init__(self, *, broken: bool = False) -> None:
        self.calls: list[str] = []
        self.broken = broken

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def CreatePartnerKey(self, *_: Any, **__: Any) -> Any:
        """Made."""
        self.calls.append("made")
        key = partner_pb2.PartnerKey(
            name="partners/p/keys/k", title="钥匙一", scope="SCOPE_EVENTS", state="STATE_LIVE"
        )
        return partner_service_pb2.CreatePartnerKeyResponse(key=key, secret="bole-secret")

    def ListWebhooks(self, *_: Any, **__: Any) -> Any:
        """Not answered by a broken one."""
        if self.broken:
            raise Unavailable(Text("不可用", "unavailable"))
        return self._read(webhook_service_pb2.ListWebhooksResponse(webhooks=[SILENT]))

    def GetWebhook(self, *_: Any, **__: Any) -> Any:
        """One that no list can meet."""
        return self._read(SILENT)

    def ListWebhookAttempts(self, *_: Any, **__: Any) -> Any:
        """None."""
        return self._read(webhook_service_pb2.ListWebhookAttemptsResponse())

    def GetPartner(self, *_: Any, **__: Any) -> Any:
        """One."""
        return self._read(partner_pb2.Partner(name="partners/p", title="合作方"))

    def ListPartnerKeys(self, *_: Any, **__: Any) -> Any:
        """None yet."""
        return self._read(partner_service_pb2.ListPartnerKeysResponse())

    def ListPartnerCertificates(self, *_: Any, **__: Any) -> Any:
        """None."""
        return self._read(partner_certificate_service_pb2.ListPartnerCertificatesResponse())

    def GetPartnerTopic(self, *_: Any, **__: Any) -> Any:
        """One."""
        return self._read(partner_topic_pb2.PartnerTopic(topic="bole.partner.p.matches.v1"))

    def ListPartnerErasures(self, *_: Any, **__: Any) -> Any:
        """One whose time is up."""
        late = partner_erasure_pb2.PartnerErasure(sequence=17, subject="subjects/s", state="STATE_OVERDUE")
        return self._read(
            partner_erasure_service_pb2.ListPartnerErasuresResponse(erasures=[late], total_size=1)
        )

    def ListPartners(self, *_: Any, **__: Any) -> Any:
        """One that is late, and one that owes nothing."""
        late = partner_pb2.Partner(name="partners/p", title="合作方", open_erasure_count=3)
        late.open_erasure_time.FromDatetime(NOW - timedelta(days=20))
        late.erasure_due_time.FromDatetime(NOW - timedelta(days=5))
        done = partner_pb2.Partner(
            name="partners/q",
            title="另一家",
            webhook_count=3,
            stopped_webhook_count=1,
            failing_webhook_count=2,
        )
        return partner_service_pb2.ListPartnersResponse(partners=[late, done], total_size=2)

    def _read(self, answer: Any) -> Any:
        self.calls.append("read")
        return answer


def asked(behind: Partner) -> Visit:
    found = replace(visit(form={"scope": "events"}), backend=behind)
    found.request.scope["path_params"] = {"partner": "p"}
    return found


def test_nothing_is_asked_after_a_key_was_made_and_the_page_has_it() -> None:
    behind = Partner()
    shown = bytes(create_key(asked(behind)).body).decode()
    assert "bole-secret" in shown
    assert "钥匙一" in shown
    assert behind.calls.index("made") == len(behind.calls) - 1


def test_what_was_not_acknowledged_is_on_the_page() -> None:
    shown = bytes(show_one(asked(Partner())).body).decode()
    assert "subjects/s" in shown
    assert "逾期未确认" in shown


def test_who_is_late_with_acknowledging_is_in_the_list() -> None:
    shown = bytes(show(asked(Partner())).body).decode()
    rows = shown.partition("<tbody>")[2].split("</tr>")
    assert "3，已逾期" in rows[0]
    assert "逾期" not in rows[1]


def test_whose_webhooks_do_not_get_through_is_in_the_list_and_on_the_start_page() -> None:
    shown = bytes(show(asked(Partner())).body).decode()
    rows = shown.partition("<tbody>")[2].split("</tr>")
    assert "停推" not in rows[0]
    assert 'href="/events/partners/q#webhooks"' in rows[1]
    assert "停推 1" in rows[1]
    assert "失败中 2" in rows[1]
    assert [each.name for each in troubled(asked(Partner()), 8)] == ["partners/q"]


def test_a_webhook_that_is_told_of_no_match_says_so_in_the_list_and_why_on_its_page() -> None:
    assert "收不到匹配" in bytes(show_one(asked(Partner())).body).decode()
    asking = asked(Partner())
    asking.request.scope["path_params"] = {"partner": "p", "id": "w"}
    assert "按城市订阅收不到任何事件" in bytes(show_webhook(asking).body).decode()


def test_a_page_that_cannot_be_drawn_makes_no_key() -> None:
    behind = Partner(broken=True)
    with pytest.raises(Unavailable):
        create_key(asked(behind))
    assert "made" not in behind.calls


@pytest.mark.parametrize("form", [{}, {"scope": ""}, {"scope": "SCOPE_FULL"}])
def test_a_scope_that_is_not_named_opens_nothing(form: dict[str, str]) -> None:
    assert (scope_of({"scope": "full"}), scope_of({"scope": "events"})) == ("SCOPE_FULL", "SCOPE_EVENTS")
    with pytest.raises(InvalidArgument) as caught:
        scope_of(form)
    assert [each.field for each in caught.value.violations] == ["scope"]


@pytest.mark.parametrize("state", ["", "on", "STATE_ENABLED"])
def test_a_state_of_a_webhook_that_is_none_changes_nothing(state: str) -> None:
    asking = replace(visit(form={"state": state}), backend=Partner())
    asking.request.scope["path_params"] = {"partner": "p", "id": "w"}
    with pytest.raises(InvalidArgument) as caught:
        set_state(asking)
    assert [each.field for each in caught.value.violations] == ["state"]
