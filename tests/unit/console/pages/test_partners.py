"""The form of a partner's key: what was made is never told as refused, and what it opens is named."""

from dataclasses import replace
from typing import Any

import pytest

from bole.matcher.v1 import partner_service_pb2
from services.console.pages.events.certificates import scope_of
from services.console.pages.events.partners import create_key
from services.kernel.errors import InvalidArgument, Unavailable
from services.kernel.text import Text
from tests.unit.console.pages.visiting import Nobody, visit


class Failing(Nobody):
    """A service that makes a key, after which its webhooks cannot be read."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def CreatePartnerKey(self, *_: Any, **__: Any) -> Any:
        """Made."""
        self.calls.append("made")
        return partner_service_pb2.CreatePartnerKeyResponse(secret="s")

    def ListWebhooks(self, *_: Any, **__: Any) -> Any:
        """Not answered."""
        self.calls.append("read")
        raise Unavailable(Text("不可用", "unavailable"))


def test_a_page_that_fails_after_a_key_was_made_is_no_refusal_of_the_key() -> None:
    behind = Failing()
    asked = replace(visit(form={"scope": "events"}), backend=behind)
    asked.request.scope["path_params"] = {"partner": "p"}
    with pytest.raises(Unavailable):
        create_key(asked)
    assert behind.calls == ["made", "read"]


@pytest.mark.parametrize("form", [{}, {"scope": ""}, {"scope": "SCOPE_FULL"}])
def test_a_scope_that_is_not_named_opens_nothing(form: dict[str, str]) -> None:
    assert (scope_of({"scope": "full"}), scope_of({"scope": "events"})) == ("SCOPE_FULL", "SCOPE_EVENTS")
    with pytest.raises(InvalidArgument) as caught:
        scope_of(form)
    assert [each.field for each in caught.value.violations] == ["scope"]
