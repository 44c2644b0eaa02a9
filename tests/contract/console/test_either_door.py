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
from services.chassis.rpc.channel import Caller, open_channel
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
def channels(of: Installation, caller: Caller) -> Iterator[Channels]:
    """A channel to each service."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(
                open_channel(
                    getattr(of.settings, f"{name}_address"),
                    token=caller.token,
                    partner_key=caller.partner_key,
                    purpose=caller.purpose,
                )
            )
            for name in SERVICES
        }


def staff(of: Installation, grants: Sequence[Grant] = (), purpose: str | None = None) -> Caller:
    """Somebody with these grants."""
    token = staff_token(of, *grants, subject="either")
    return Caller(token=lambda: token, purpose=purpose)


def headers_of(caller: Caller) -> dict[str, str]:
    """What says who calls, by HTTP."""
    told = {"authorization": f"Bearer {caller.token()}"} if caller.token else {}
    told |= {"x-bole-key": caller.partner_key()} if caller.partner_key else {}
    return told | ({"x-bole-purpose": caller.purpose} if caller.purpose else {})


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


def by_http(door: Door, binding: Binding, request: Any, caller: Caller) -> Answer:
    """The answer by the other door."""
    verb, path, body = http_form(binding, request)
    return door.ask(verb, path, body, headers_of(caller))


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
    with channels(whole, staff(whole)) as through:
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


@pytest.fixture(scope="module")
def partner(whole: Installation) -> Caller:
    """A partner with a key."""
    made = whole.tool("matcher", "add-partner", "两门相同的合作方")
    assert made.returncode == 0
    key = made.stdout.strip()
    return Caller(partner_key=lambda: key)


@pytest.mark.parametrize("caller", CALLERS)
def test_either_door_gives_the_same(whole: Installation, door: Door, shown: list[Any], caller: str) -> None:
    grants, purpose, least = CALLERS[caller]
    assert _answered(whole, door, shown, staff(whole, grants, purpose)) >= least


def test_either_door_gives_the_same_to_a_partner(
    whole: Installation, door: Door, shown: list[Any], partner: Caller
) -> None:
    assert _answered(whole, door, shown, partner) >= 4


@pytest.mark.parametrize("caller", CALLERS)
def test_either_door_lets_the_same_be_changed(
    whole: Installation, door: Door, shown: list[Any], caller: str
) -> None:
    grants, purpose, _ = CALLERS[caller]
    who, tried = staff(whole, grants, purpose), 0
    with channels(whole, who) as through:
        for binding, request in _asked(shown, mutates=True):
            if harmless(binding, request, grants):
                _agree(through, door, binding, request, who)
                tried += 1
    assert tried > 80


def _answered(of: Installation, door: Door, shown: list[Any], caller: Caller) -> int:
    """How many methods that read answered the caller, by either door the same."""
    with channels(of, caller) as through:
        return sum(
            _agree(through, door, binding, request, caller)
            for binding, request in _asked(shown, mutates=False)
        )


def _agree(through: Channels, door: Door, binding: Binding, request: Any, caller: Caller) -> bool:
    """Whether there is an answer; by either door it is the same. What changed meanwhile is asked again."""
    where = f"{binding.method.full_name} {http_form(binding, request)}"
    changes = access_of(binding.method).mutates
    deadline = time.monotonic() + PATIENCE
    while True:
        before = _plain(by_grpc(through, binding, request), changes=changes)
        found = by_http(door, binding, request, caller)
        if 429 in (before[0], found.status) and time.monotonic() < deadline:
            continue  # a partner's quota fills again within milliseconds
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
