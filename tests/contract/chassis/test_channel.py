"""Service config and metadata of client channels."""

import json

import pytest

from services.chassis.rpc.channel import Caller, channel_options, service_config
from tests.contract.chassis.trial import NAME, contract


def test_only_unary_methods_that_are_safe_to_repeat_are_retried() -> None:
    contract()
    (rule,) = service_config([NAME])["methodConfig"]
    assert {name["method"] for name in rule["name"]} == {"GetRecord", "SaveRecord", "Unwritten", "Forgotten"}
    assert all(name["service"] == NAME for name in rule["name"])
    assert rule["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE", "CANCELLED"]
    assert "timeout" not in rule
    assert json.loads(dict(channel_options([]))["grpc.service_config"]) == {}


def test_an_unknown_service_is_refused() -> None:
    with pytest.raises(KeyError):
        service_config(["bole.none.v1.NoService"])


def test_what_a_call_states_itself_is_kept() -> None:
    caller = Caller(token=lambda: "t", purpose="contact")
    given = [("x-bole-purpose", "verification"), ("traceparent", "mine")]
    assert caller.metadata(given) == [*given, ("authorization", "Bearer t")]
    keys = [key for key, _ in Caller(partner_key=lambda: "k").metadata(None)]
    assert keys == ["x-bole-key", "traceparent"]
