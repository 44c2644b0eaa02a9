"""What is refused is told without resource names, and leads to the record because of which it is refused."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bole.matcher.v1 import webhook_pb2, webhook_service_pb2
from services.console.pages.events.webhooks import delete, rotate, set_state
from services.console.web.pointing import led, pointed
from services.console.web.refusals import failure_of
from services.console.web.since import changes, noted
from services.console.web.visits import Visit
from services.kernel.errors import Aborted, AlreadyExists, BoleError, FailedPrecondition, NotFound
from services.kernel.text import Language, Text
from tests.unit.console.pages.visiting import Nobody, visit

Hook = webhook_pb2.Webhook


def waits(name: str) -> FailedPrecondition:
    return FailedPrecondition(
        Text(f"已有一份（{name}）待签发", f"one ({name}) waits"), metadata={"resource": name}
    )


@pytest.mark.parametrize(
    ("error", "page"),
    [
        (waits("shortageReleases/r1"), "/releases/r1"),
        (waits("reports/p1"), "/reports/p1"),
        (waits("actApplications/a1"), ""),
        (waits("firms/f/rounds/r"), ""),
        (AlreadyExists(Text("已申报", "stands"), metadata={"resource": "nominations/n"}), "/nominations/n"),
        (NotFound.resource("persons/p"), ""),
        (Aborted.stale("persons/p", "3"), ""),
    ],
)
def test_a_refusal_leads_to_the_record_and_does_not_show_its_resource_name(
    error: BoleError, page: str
) -> None:
    failure = failure_of(error)
    assert pointed(failure) == page
    assert "/" not in failure.text.zh + failure.text.en


def test_a_sentence_leads_to_the_one_record_that_it_names() -> None:
    said = Text("已有在办项目（deals/d1），请先了结", "another deal (deals/d1); settle it")
    assert led(said) == (Text("已有在办项目，请先了结", "another deal; settle it"), "/deals/d1")
    for other in ("不在范围（苏州/南京）", "已有（actApplications/a）", "（deals/a）与（deals/b）", "无"):
        assert led(Text(other, "as it is")) == (Text(other, "as it is"), "")


class Changed(Nobody):
    """A webhook that was disabled by the endpoint's 410 after the page was drawn."""

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def GetWebhook(self, *_: Any, **__: Any) -> Any:
        """As it is now."""
        return Hook(
            name="partners/p/webhooks/w",
            url="https://a.example/hook",
            title="新名",
            state=Hook.STATE_DISABLED,
            disable_reason=Hook.DISABLE_REASON_GONE,
            etag="v2",
        )

    def ListWebhookAttempts(self, *_: Any, **__: Any) -> Any:
        """None."""
        return webhook_service_pb2.ListWebhookAttemptsResponse()

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise Aborted.stale("partners/p/webhooks/w", "v2")

    UpdateWebhook = RotateWebhookSecret = DeleteWebhook = _refuse


SEEN: Mapping[Language, Mapping[str, str]] = {
    "zh": {"状态": "启用", "地址": "https://a.example/hook", "名称": "旧名"},
    "en": {"State": "enabled", "Address": "https://a.example/hook", "Name": "旧名"},
}


def late(language: Language) -> Visit:
    form = {
        "state": "disabled",
        "etag": "v1",
        "seen": noted(SEEN[language]),
    }
    found = replace(visit(form=form, language=language), backend=Changed())
    found.request.scope["path_params"] = {"partner": "p", "id": "w"}
    return found


@pytest.mark.parametrize("act", [set_state, rotate, delete])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh", ("已有改动", "状态：启用 → 停用（对方答复 410）", "名称：旧名 → 新名", "核对后再提交")),
        (
            "en",
            (
                "was changed",
                "State: enabled → disabled (the endpoint answered 410)",
                "Name: 旧名 → 新名",
                "again",
            ),
        ),
    ],
)
def test_a_change_that_came_too_late_says_what_changed_and_goes_on_from_there(
    act: Any, language: Language, said: tuple[str, ...]
) -> None:
    answer = act(late(language))
    page = bytes(answer.body).decode()
    assert answer.status_code == 409
    for each in said:
        assert each in page, each
    alert = page.partition('role="alert"')[2].partition("</div>")[0]
    assert "partners/" not in alert
    assert 'name="etag" value="v2"' in page
    assert "hook → " not in page


@pytest.mark.parametrize("given", ["", "[]", "{", '{"状态": 1}', '{"另一项": "x"}', "x" * 9_999])
def test_what_a_form_says_was_seen_is_compared_as_far_as_it_is_ours(given: str) -> None:
    assert changes({"seen": given}, {"状态": "停用"}) == []
    assert changes({"seen": noted({"状态": "启用"})}, {"状态": "停用"}) == [("状态", "启用", "停用")]
