"""What programs can call over HTTP, from the contract: every method with what it takes, answers and refuses."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from starlette.responses import Response

from bole.matcher.v1 import matching_service_pb2_grpc as service_grpc
from services.chassis.comments import load_comments
from services.console.gateway.bindings import bindings
from services.console.gateway.openapi.document import document
from services.console.gateway.openapi.operations import EVENTS
from services.console.gateway.refusals import STATUSES
from services.console.pages.events.schemas import (
    Field,
    codes_of,
    fields_of,
    meaning_of,
    resolved,
    type_of,
    within,
)
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.errors import NotFound
from services.kernel.text import Text
from services.wording.codes import ROLES
from services.wording.meanings import in_both
from services.wording.methods import method_title, service_title

_JSON: Final = "application/json"
_SENT: Final = {
    _JSON: f" -H 'Content-Type: {_JSON}' -d @body.json",
    "application/octet-stream": " --data-binary @FILE",
}
_OTHERS: Final = ("partner", "partner_reader", "service")
"""Roles of who is no staff."""
_ENDED: Final = "problem"
"""The event that ends a stream: an error, in the form that all methods have."""
_ID: Final = Text("记录的编号", "the id of the record")
_HEADERS: Final = {
    "if-match": "修改所依据的版本，即读到的 ETag；已有新版本时答复 412",
    "if-none-match": "已有的版本，即 ETag；仍是最新时答复 304",
    "last-event-id": "已处理的最后一个事件的 id：从其后继续，不论地址写从何处开始",
    "idempotency-key": "本次操作的 UUID；重复发送得到第一次的答复",
    "x-bole-purpose": "查看目的，决定能看到哪些内容",
    "x-bole-timeout": "最多等待的秒数",
    "accept-language": "错误说明的语言：zh（默认）或 en",
    "x-request-id": "调用方自己的请求编号",
}
"""What headers are for, in Chinese; the contract has the English."""
_REFUSALS: Final = {
    "INVALID_ARGUMENT": Text(
        "请求有误：指出字段、值、规则和改法", "wrong: field, value, rule and remedy are named"
    ),
    "UNAUTHENTICATED": Text("未登录，或密钥无效", "not signed in, or a key that does not count"),
    "PERMISSION_DENIED": Text("没有权限，或须由他人办理", "not permitted, or for somebody else to do"),
    "NOT_FOUND": Text("没有该记录，或无权看到", "no such record, or none that the caller may see"),
    "ALREADY_EXISTS": Text("编号已被占用，或已经办理", "the number is taken, or it has been done"),
    "ABORTED": Text(
        "记录已被他人修改，请重新读取；带 If-Match 时为 412", "changed since it was read; 412 with If-Match"
    ),
    "FAILED_PRECONDITION": Text(
        "当前状态不允许，并说明可以做什么", "not possible now; what is possible is said"
    ),
    "OUT_OF_RANGE": Text("续传位置早于留存的事件", "the place to resume is older than what is kept"),
    "RESOURCE_EXHAUSTED": Text(
        "超过配额或服务繁忙，请按 Retry-After 等待", "over quota or busy; wait as Retry-After says"
    ),
    "UNAVAILABLE": Text("服务暂不可用，可重试", "not available now; try again"),
    "DEADLINE_EXCEEDED": Text("超过等待时间，可重试", "it took longer than was to be waited for; try again"),
}
"""What the codes mean: the same for all methods; the description of a method says which it has of its own."""


@dataclass(frozen=True, slots=True)
class Method:
    """One method over HTTP. `partners`: a partner's key may call it; `roles`: of staff who may, none for all of them.
    `sent` and `answer`: media types, or the message that is answered as JSON. `events`: of a stream, by their names,
    and `held`: what they hold, by the types. `inner`: the messages in all of these, by theirs.
    """

    id: str
    verb: str
    path: str
    service: str
    title: Text
    name: str
    said: Text
    roles: Sequence[Text]
    partners: bool
    parameters: Sequence[Field]
    body: Sequence[Field]
    sent: str
    answer: str
    answered: Sequence[Field]
    events: Sequence[Field]
    held: Mapping[str, Sequence[Field]]
    inner: Mapping[str, Sequence[Field]]

    def curl(self, url: str) -> str:
        """How to call it from a shell; words in capitals are for the caller to fill in."""
        path = re.sub(r"{(\w+)}", lambda found: found[1].upper(), self.path)
        asked = "&".join(f"{each.name}={each.name.upper()}" for each in self.parameters if each.asked)
        who = "X-Bole-Key: YOUR_KEY" if self.partners else "Authorization: Bearer YOUR_TOKEN"
        sent = _SENT.get(self.sent, "")
        verb = "" if self.verb == "GET" or (self.verb == "POST" and sent) else f" -X {self.verb}"
        verb += " -N" if self.answer == "text/event-stream" else ""
        return f"curl{verb} -H '{who}'{sent} '{url}{path}{'?' if asked else ''}{asked}'"


def show(visit: Visit) -> Response:
    """Every method, by the service that answers it."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    refusals = [(STATUSES[code], code, meaning) for code, meaning in _REFUSALS.items()]
    return render(visit, "events/methods.html", active="events", groups=_grouped(), refusals=refusals)


def show_one(visit: Visit, console_url: str) -> Response:
    """One method in full. Raises NotFound for none of this name."""
    visit.stub(service_grpc.MatchingServiceStub)  # for whoever is signed in
    name = visit.request.path_params["method"]
    method = _described().get(name)
    if method is None:
        raise NotFound(
            Text(f"没有方法“{name}”，请从列表中选择", f"there is no method {name!r}; choose one of the list"),
            reason="NO_SUCH_METHOD",
        )
    return render(visit, "events/method.html", active="events", method=method, curl=method.curl(console_url))


@cache
def _grouped() -> Sequence[tuple[Text, Sequence[Method]]]:
    groups: dict[str, list[Method]] = {}
    for each in _described().values():
        groups.setdefault(each.service, []).append(each)
    return [(service_title(service), methods) for service, methods in sorted(groups.items())]


@cache
def _described() -> Mapping[str, Method]:
    """The operations of the OpenAPI document, by their ids."""
    whole = document(bindings(), load_comments())
    made = (
        _method(whole, path, verb, each)
        for path, verbs in whole["paths"].items()
        for verb, each in verbs.items()
    )
    return {each.id: each for each in made}


def _method(whole: Any, path: str, verb: str, operation: Any) -> Method:
    (service,) = operation["tags"]
    name = operation["operationId"].partition("_")[2]
    called = operation["x-bole-rpc"].rpartition("/")[2] if "x-bole-rpc" in operation else "ListEvents"
    (content,) = operation["responses"]["200"]["content"].items()
    events = content[1].get(EVENTS, {})
    told = {name: each for name, each in events.items() if name != _ENDED}
    roles, sent = operation.get("x-bole-roles", []), operation.get("requestBody", {}).get("content", {})
    asked, answered = sent.get(_JSON, {}).get("schema", {}), content[1]["schema"]
    return Method(
        id=operation["operationId"],
        verb=verb.upper(),
        path=path,
        service=service,
        title=method_title(service, called),
        name=name,
        said=in_both(operation["description"]),
        roles=[ROLES[role] for role in roles if role in ROLES and role not in _OTHERS],
        partners={"partner": []} in operation["security"],
        parameters=list(_parameters(whole, operation)),
        body=list(fields_of(whole, asked)),
        sent=next(iter(sent), ""),
        answer=type_of(answered) if content[0] == _JSON else content[0],
        answered=list(fields_of(whole, answered)),
        events=[Field(name, type_of(each), in_both(meaning_of(each))) for name, each in events.items()],
        held={type_of(each): list(fields_of(whole, each)) for each in told.values()},
        inner=within(whole, asked, [answered, *told.values()]),
    )


def _parameters(whole: Any, operation: Any) -> Iterator[Field]:
    for given in operation["parameters"]:
        each = resolved(whole, given)
        said, name = meaning_of(each), each["name"]
        of_headers = Text(_HEADERS[name], said) if name in _HEADERS else in_both(said)
        yield Field(
            name=name,
            type=type_of(each["schema"]),
            said=_ID if each["in"] == "path" else of_headers,
            required=each.get("required", False),
            place=each["in"],
            codes=codes_of(whole, each["schema"]),
        )
