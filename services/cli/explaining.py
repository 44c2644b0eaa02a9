"""`bole explain`: what the contract says of its services, methods, messages, fields and codes."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Final

from google.api import annotations_pb2
from google.protobuf.descriptor import (
    Descriptor,
    EnumDescriptor,
    FieldDescriptor,
    MethodDescriptor,
    ServiceDescriptor,
)

from services.chassis.comments import Comments, load_comments
from services.chassis.contract import OUTPUT_ONLY, REQUIRED, access_of, behaviors_of, level_of
from services.chassis.policy import Level
from services.cli.answers.columns import Column
from services.cli.session import Session
from services.kernel.errors import NotFound
from services.kernel.text import Language, Text
from services.wording.codes import roles_named
from services.wording.methods import method_title, service_title
from services.wording.persons import FIELDS

_PACKAGES: Final = ("common", "talent", "funding", "matcher")
_MOST_OTHERS: Final = 8
_SAID = Column("said", Text("说明（契约原文，英文）", "what the contract says"), wraps=True, least=30)
_SERVICES = (
    Column("name", Text("服务", "service")),
    Column("package", Text("属于", "of")),
    _SAID,
)
_METHODS = (
    Column("name", Text("方法", "method")),
    Column("http", Text("HTTP", "HTTP"), wraps=True),
    Column("roles", Text("角色", "roles"), wraps=True),
    _SAID,
)
_FIELDS = (
    Column("name", Text("字段", "field")),
    Column("type", Text("类型", "type")),
    Column("use", Text("用法", "use")),
    Column("level", Text("级别", "level")),
    _SAID,
)
_VALUES = (Column("name", Text("代码", "code")), _SAID)
_USES = {REQUIRED: Text("必填", "required"), OUTPUT_ONLY: Text("只读", "output only")}
_LEVELS = {
    Level.PUBLIC: Text("公开", "public"),
    Level.INTERNAL: Text("内部", "internal"),
    Level.PERSONAL: Text("个人", "personal"),
    Level.SENSITIVE: Text("敏感", "sensitive"),
}


class Contract:
    """Everything that has a name in the contract, with its comment."""

    def __init__(self) -> None:
        self._comments: Comments = load_comments()
        self.found: dict[str, Any] = {}
        for package in _PACKAGES:
            modules = import_module(f"bole.{package}.v1")
            for name in sorted(each.name for each in iter_modules(modules.__path__)):
                if name.endswith("_pb2"):
                    self._take(import_module(f"{modules.__name__}.{name}").DESCRIPTOR)

    def said(self, of: Any, value: str = "") -> str:
        """The comment of an element, or of one value of an enumeration."""
        return self._comments.of(f"{of.full_name}.{value}" if value else of.full_name)

    def named(self, asked: str) -> list[Any]:
        """What is called so, in any case, alone or with what it belongs to before it (`Person.city_code`)."""
        wanted = asked.casefold().strip("./").replace("/", ".").split(".")
        return [
            each for name, each in self.found.items() if name.casefold().split(".")[-len(wanted) :] == wanted
        ]

    def alike(self, asked: str) -> list[str]:
        """Names that look like one that there is not, the likeliest first."""
        short: dict[str, str] = {}
        for name in sorted(self.found, key=self._breadth):
            short.setdefault(name.rpartition(".")[2].casefold(), name)
        last = asked.casefold().rpartition(".")[2]
        begun = [name for name in short if last and name.startswith(last)]
        close = get_close_matches(last, short, _MOST_OTHERS, 0.6)
        within = [name for name in short if last and last in name]
        likely = list(dict.fromkeys([*begun, *close, *within]))[:_MOST_OTHERS]
        return [short[name].rpartition(".v1.")[2] for name in likely]

    def _breadth(self, name: str) -> tuple[int, int, str]:
        """Services and messages before their methods, fields last; the short before the long."""
        kinds = (ServiceDescriptor, Descriptor, EnumDescriptor, MethodDescriptor, FieldDescriptor)
        of = next(place for place, kind in enumerate(kinds) if isinstance(self.found[name], kind))
        return of, len(name), name

    def _take(self, file: Any) -> None:
        for service in file.services_by_name.values():
            self.found[service.full_name] = service
            self.found.update((each.full_name, each) for each in service.methods)
        for enum in file.enum_types_by_name.values():
            self.found[enum.full_name] = enum
        for message in file.message_types_by_name.values():
            self._take_message(message)

    def _take_message(self, message: Descriptor) -> None:
        self.found[message.full_name] = message
        self.found.update((each.full_name, each) for each in message.fields)
        self.found.update((each.full_name, each) for each in message.enum_types)
        for inner in message.nested_types:
            self._take_message(inner)


def explain(session: Session, asked: str) -> None:
    """Show what is called so, or all services. Raises NotFound with names that look like it."""
    contract = Contract()
    if not asked:
        _list_services(session, contract)
        return
    found = _widest(contract.named(asked))
    if not found:
        alike = contract.alike(asked)
        zh, en = "、".join(alike) or "—", ", ".join(alike) or "none"
        raise NotFound(
            Text(
                f"契约中没有“{asked}”；相近的：{zh}；不带名称运行可列出全部服务",
                f"the contract has no {asked!r}; alike: {en}; without a name it lists all services",
            ),
            reason="UNKNOWN_NAME",
        )
    for each in found:
        next(show for kind, show in _SHOW if isinstance(each, kind))(session, contract, each)


def _widest(found: list[Any]) -> list[Any]:
    """Fields alone only where nothing else has the name: one says `city` of many messages."""
    others = [each for each in found if not isinstance(each, FieldDescriptor)]
    return others or found


def _list_services(session: Session, contract: Contract) -> None:
    services = [each for each in contract.found.values() if isinstance(each, ServiceDescriptor)]
    rows = [{"name": each.name, "package": _package(each), "said": contract.said(each)} for each in services]
    session.output.rows(Text(f"{len(rows)} 个服务", f"{len(rows)} services"), _SERVICES, rows)
    if session.output.for_people:
        session.output.say(
            Text(
                "再问其中之一，或方法、消息、字段：bole explain LibraryService、GetPerson、Person、Person.city_code",
                "ask for one of them, a method, a message or a field: bole explain LibraryService, GetPerson, Person, "
                "Person.city_code",
            )
        )


def _show_service(session: Session, contract: Contract, service: ServiceDescriptor) -> None:
    chinese = session.language == "zh"
    rows = [
        {
            "name": each.name,
            "http": _http(each),
            "roles": _roles(each, session.language),
            "said": f"{_called(each).zh}。{contract.said(each)}" if chinese else contract.said(each),
        }
        for each in service.methods
    ]
    session.output.rows(_title(service, contract), _METHODS, rows)


def _show_method(session: Session, contract: Contract, method: MethodDescriptor) -> None:
    title = _title(method, contract)
    session.output.rows(title, _FIELDS, _fields(session, contract, method.input_type))
    answer = "stream " * method.server_streaming + method.output_type.name
    for zh, en in (
        (f"HTTP：{_http(method) or '—'}", f"HTTP: {_http(method) or '—'}"),
        (f"答复：{answer}", f"answers: {answer}"),
        (f"角色：{_roles(method, 'zh')}", f"roles: {_roles(method, 'en')}"),
    ):
        session.output.note(Text(zh, en).to(session.language))


def _show_message(session: Session, contract: Contract, message: Descriptor) -> None:
    session.output.rows(_title(message, contract), _FIELDS, _fields(session, contract, message))


def _show_field(session: Session, contract: Contract, field: FieldDescriptor) -> None:
    rows = [_field(session.language, contract, field)]
    name = _name(field)
    session.output.rows(Text(name, name), _FIELDS, rows)
    if session.output.for_people and field.enum_type is not None:
        _show_enum(session, contract, field.enum_type)


def _show_enum(session: Session, contract: Contract, enum: EnumDescriptor) -> None:
    rows = [
        {"name": each.name, "said": contract.said(enum, each.name)} for each in enum.values if each.number
    ]
    session.output.rows(_title(enum, contract), _VALUES, rows)


def _title(of: Any, contract: Contract) -> Text:
    said, called = contract.said(of), _called(of).zh
    return Text(
        f"{called} {_name(of)}（{_package(of)}）\n{said}".lstrip(), f"{_name(of)} ({_package(of)})\n{said}"
    )


def _called(of: Any) -> Text:
    """What a service or a method is called; of anything else nothing."""
    if isinstance(of, MethodDescriptor):
        return method_title(of.containing_service.name, of.name)
    return service_title(of.name) if isinstance(of, ServiceDescriptor) else Text("", "")


def _name(of: Any) -> str:
    return str(of.full_name.rpartition(".v1.")[2])


def _package(of: Any) -> str:
    return str(of.full_name.split(".")[1])


def _fields(session: Session, contract: Contract, message: Descriptor) -> list[Mapping[str, Any]]:
    return [_field(session.language, contract, each) for each in message.fields]


def _field(language: Language, contract: Contract, field: FieldDescriptor) -> Mapping[str, Any]:
    uses = [said.to(language) for behavior, said in _USES.items() if behavior in behaviors_of(field)]
    level = _LEVELS.get(Level(level_of(field)))
    known = FIELDS.get(field.name) if ".Person." in field.full_name else None
    said = contract.said(field)
    return {
        "name": field.name,
        "type": _type(field),
        "use": "、".join(uses),
        "level": level.to(language) if level else "",
        "said": f"{known.zh}。{said}" if known and language == "zh" else said,
    }


def _type(field: FieldDescriptor) -> str:
    inner = field.message_type or field.enum_type
    name = inner.name if inner is not None else _SCALARS[field.type]
    return f"{name}[]" if field.is_repeated else str(name)


def _http(method: MethodDescriptor) -> str:
    options: Any = method.GetOptions()
    if not options.HasExtension(annotations_pb2.http):
        return ""
    rule = options.Extensions[annotations_pb2.http]
    verb = rule.WhichOneof("pattern")
    return f"{verb.upper()} {getattr(rule, verb)}"


def _roles(method: MethodDescriptor, language: Language) -> str:
    codes: Iterable[str] = access_of(method).roles
    return Text("所有人", "everybody").to(language) if "*" in codes else roles_named(codes).to(language)


def _scalars() -> Iterator[tuple[int, str]]:
    for name in dir(FieldDescriptor):
        if name.startswith("TYPE_"):
            yield getattr(FieldDescriptor, name), name.removeprefix("TYPE_").lower()


_SCALARS: Final[Mapping[int, str]] = dict(_scalars())
_SHOW: Final[Sequence[tuple[type, Callable[[Session, Contract, Any], None]]]] = (
    (ServiceDescriptor, _show_service),
    (MethodDescriptor, _show_method),
    (Descriptor, _show_message),
    (FieldDescriptor, _show_field),
    (EnumDescriptor, _show_enum),
)
