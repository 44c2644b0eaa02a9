"""The same caller gets the same answer by gRPC and by HTTP: the same fields, or the same refusal."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import grpc
import pytest
from google.protobuf.json_format import MessageToDict

from services.chassis.contract import access_of
from services.chassis.identity.identity import Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import Failure, read_failure
from services.console.gateway.bindings import SERVICES, Binding, bindings_of, methods_of
from services.console.gateway.refusals import STATUSES
from tests.contract.console.door import Answer, Door
from tests.contract.console.transcoding import fits, http_form
from tests.contract.coverage import PATIENCE
from tests.contract.installation import MANAGER, OFFICER, Installation, staff_token
from tests.contract.noise import Noise
from tests.contract.rehearsals import plain

SEED = 7
# Who calls, for what purpose, and how many of the methods that read at least answer them.
CALLERS = {
    "officer for the talent service": ((OFFICER,), "talent-service", 35),
    "officer of one city, in contact": (
        (Grant("talent_officer", "suzhou", frozenset({"contact"})),),
        "contact",
        30,
    ),
    "manager in due diligence": ((MANAGER,), "due-diligence", 65),
    "analyst": ((Grant("fund_analyst"),), None, 65),
}
# Made anew for every answer: tokens of pages, times of making, and whatever ends in one of these.
_OF_THE_MOMENT = {"next_page_token", "resume_token", "as_of_time"}


def unary(*, mutates: bool) -> list[Binding]:
    """The first form of every method with one request and one answer that only reads, or that changes something."""
    methods = [method for service in SERVICES for method in methods_of(service)]
    return [
        next(bindings_of(each))
        for each in methods
        if not (each.client_streaming or each.server_streaming) and access_of(each).mutates is mutates
    ]


def harmless(binding: Binding, request: Any, grants: Sequence[Grant]) -> bool:
    """Whether the request leaves everything as it is: it is validated only, or the contract refuses its caller."""
    said = getattr(request, "command", request)
    if "validate_only" in said.DESCRIPTOR.fields_by_name:
        said.validate_only = True
        return True
    return not {"*", *(each.role for each in grants)} & set(access_of(binding.method).roles)


Channels = dict[str, grpc.Channel]


@contextmanager
def channels(of: Installation, token: str, purpose: str | None = None) -> Iterator[Channels]:
    """A channel to each service."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                open_channel(getattr(of.settings, f"{name}_address"), token=lambda: token, purpose=purpose)
            )
            for name in SERVICES
        }


def by_grpc(through: Channels, binding: Binding, request: Any) -> Any:
    """The answer, or the failure."""
    ask = through[binding.service].unary_unary(
        binding.rpc,
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=binding.response_class.FromString,
    )
    try:
        return ask(request)
    except grpc.RpcError as error:
        return read_failure(error)


def as_json(answer: Any) -> Any:
    """The answer as protobuf's own library writes it."""
    return MessageToDict(answer, preserving_proto_field_name=True, always_print_fields_with_no_presence=True)


def by_http(door: Door, binding: Binding, request: Any, token: str, purpose: str | None) -> Answer:
    """The answer by the other door."""
    verb, path, body = http_form(binding, request)
    headers = {"authorization": f"Bearer {token}"} | ({"x-bole-purpose": purpose} if purpose else {})
    return door.ask(verb, path, body, headers)


def steady(value: Any) -> Any:
    """An answer without what is made anew for each."""
    if isinstance(value, dict):
        return {name: steady(each) for name, each in value.items() if name not in _OF_THE_MOMENT}
    return [steady(each) for each in value] if isinstance(value, list) else value


def _described(binding: Binding) -> Any:
    """The method as the compiled contract has it."""
    return SimpleNamespace(name=binding.method.name, input_type=f".{binding.request.full_name}")


@pytest.fixture(scope="module")
def shown(whole: Installation) -> list[Any]:
    """Lists of what there is, for noise to name."""
    lists = [
        each
        for each in unary(mutates=False)
        if each.method.name.startswith("List") and not each.template.variables
    ]
    with channels(whole, staff_token(whole)) as through:
        answers = [by_grpc(through, each, each.request_class()) for each in lists]
    return [each for each in answers if not isinstance(each, Failure)]


def _asked(shown: list[Any], *, mutates: bool) -> Iterator[tuple[Binding, Any]]:
    """Of every method a request that is nearly right, and the HTTP form that can say it."""
    noise = Noise(SEED)
    for each in shown:
        noise.learn(each)
    for first in unary(mutates=mutates):
        request = noise.right(_described(first))
        binding = next((each for each in bindings_of(first.method) if fits(each, request)), None)
        if binding is not None:
            yield binding, request


@pytest.mark.parametrize("caller", CALLERS)
def test_either_door_gives_the_same(whole: Installation, door: Door, shown: list[Any], caller: str) -> None:
    grants, purpose, least = CALLERS[caller]
    token, seen = staff_token(whole, *grants, subject="either"), 0
    with channels(whole, token, purpose) as through:
        for binding, request in _asked(shown, mutates=False):
            seen += _agree(through, door, binding, request, token, purpose)
    assert seen >= least


@pytest.mark.parametrize("caller", CALLERS)
def test_either_door_lets_the_same_be_changed(
    whole: Installation, door: Door, shown: list[Any], caller: str
) -> None:
    grants, purpose, _ = CALLERS[caller]
    token, tried = staff_token(whole, *grants, subject="either"), 0
    with channels(whole, token, purpose) as through:
        for binding, request in _asked(shown, mutates=True):
            if harmless(binding, request, grants):
                _agree(through, door, binding, request, token, purpose)
                tried += 1
    assert tried > 80


def _agree(
    through: Channels, door: Door, binding: Binding, request: Any, token: str, purpose: str | None
) -> bool:
    """Whether there is an answer; by either door it is the same. What changed meanwhile is asked again."""
    where = f"{binding.method.full_name} {http_form(binding, request)}"
    changes = access_of(binding.method).mutates
    deadline = time.monotonic() + PATIENCE
    while True:
        before = _plain(by_grpc(through, binding, request), changes=changes)
        found = by_http(door, binding, request, token, purpose)
        if _plain_http(found, changes=changes) == before:
            return found.status == 200
        if (
            _plain(by_grpc(through, binding, request), changes=changes) == before
            or time.monotonic() > deadline
        ):
            assert _plain_http(found, changes=changes) == before, where


def _plain(answer: Any, *, changes: bool) -> Any:
    """Status and content of what gRPC gave, as HTTP is to give it; of a change, without what each makes up anew."""
    if not isinstance(answer, Failure):
        return 200, _kept(as_json(answer), changes=changes)
    texts = {"zh-CN": answer.text.zh, "en": answer.text.en}
    fields = [each.field for each in answer.violations]
    return STATUSES[answer.code], (answer.code, answer.reason, texts, fields)


def _plain_http(answer: Answer, *, changes: bool) -> Any:
    """Status and content of what HTTP gave."""
    told = answer.json
    if answer.status == 200:
        return 200, _kept(told, changes=changes)
    fields = [each["field"] for each in told["violations"]]
    return answer.status, (told["code"], told["reason"], told["messages"], fields)


def _kept(answer: Any, *, changes: bool) -> Any:
    return plain(answer) if changes else steady(answer)
