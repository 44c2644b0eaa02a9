"""Installations that the command line may talk to, by names of the user's own: where they are, and by which key.

One file of the user, `bole/contexts.json` in `XDG_CONFIG_HOME` (else `~/.config`), which nobody else may read. What the
environment says of an address goes before what a context says of it; the keys of a context are sent with it alone, and
those of this machine's installation never are. `local` is this machine's installation, and needs no entry.
"""

import json
import os
import re
import stat
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from uuid import uuid4

from services.chassis.configuration import ConfigurationError
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text

LOCAL = "local"
CHOICE = "BOLE_CONTEXT"
"""The variable that names the context of one command: of the command line alone, as is a partner's key."""
PARTNER_KEY = "BOLE_KEY"
"""The variable with a partner's key."""
PLACES = ("talent_address", "funding_address", "matcher_address", "console_url", "tls_dir")
"""The settings that a context may say."""
_OWN = frozenset({CHOICE, PARTNER_KEY})
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class Context:
    """An installation: its places, empty where it does not say, and the secrets to show there, empty without one."""

    name: str
    talent_address: str = ""
    funding_address: str = ""
    matcher_address: str = ""
    console_url: str = ""
    tls_dir: str = ""
    token: str = field(default="", repr=False)
    key: str = field(default="", repr=False)

    def unsaid_by(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The settings that it says and the environment does not."""
        said = {name: str(getattr(self, name)) for name in PLACES}
        return {name: value for name, value in said.items() if value and variable(name) not in environ}

    def knows(self, service: str, environ: Mapping[str, str]) -> bool:
        """Whether it, or the environment, says where a service is; else it would be asked of this machine's."""
        place = f"{service}_address"
        return bool(getattr(self, place)) or variable(place) in environ

    def require_place(self, service: str, environ: Mapping[str, str]) -> None:
        """Raises InvalidArgument (NO_ADDRESS) where nothing says where a service is."""
        if not self.knows(service, environ):
            option = f"--{service}-address"
            raise InvalidArgument.field(
                option,
                "NO_ADDRESS",
                f"连接（{self.name}）没有该服务的地址，请运行 bole context add {self.name} {option} HOST:PORT",
                f"the context ({self.name}) does not say where this service is; "
                f"run `bole context add {self.name} {option} HOST:PORT`",
            )


@dataclass(frozen=True)
class Contexts:
    """All of a user's, by name, and which is in use."""

    current: str = LOCAL
    known: Mapping[str, Context] = field(default_factory=dict)

    def with_(self, context: Context) -> "Contexts":
        """With another one, or one changed."""
        return replace(self, known={**self.known, context.name: context})

    def without(self, name: str) -> "Contexts":
        """Without one; this machine's installation is in use if that one was. Raises InvalidArgument."""
        self.require(name)
        left = {each: context for each, context in self.known.items() if each != name}
        return Contexts(LOCAL if self.current == name else self.current, left)

    def require(self, name: str) -> None:
        """Raises InvalidArgument (NO_SUCH_CONTEXT), with the names there are, for one that is not known."""
        if name not in self.known:
            names = ", ".join(self.known) or "—"
            raise InvalidArgument.field(
                "name",
                "NO_SUCH_CONTEXT",
                f"没有名为“{name}”的连接；现有：{names}",
                f'there is no context "{name}"; there are: {names}',
            )


def of_services(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment without what only the command line reads."""
    return {name: value for name, value in environ.items() if name not in _OWN}


def variable(setting: str) -> str:
    """The environment variable of a setting."""
    return f"BOLE_{setting.upper()}"


def place_of(environ: Mapping[str, str]) -> Path:
    """The file."""
    home = environ.get("XDG_CONFIG_HOME", "")
    return (Path(home) if home else Path.home() / ".config") / "bole" / "contexts.json"


def require_name(name: str) -> None:
    """Raises InvalidArgument (INVALID_NAME) for a name that no context may have."""
    if name == LOCAL or _NAME.fullmatch(name) is None:
        raise InvalidArgument.field(
            "name",
            "INVALID_NAME",
            f"连接名为1至40个小写字母、数字、点、下划线或连字符，且不能是 {LOCAL}（本机）",
            f"a name has 1 to 40 lower-case letters, digits, dots, underscores or hyphens, and is not {LOCAL}",
        )


def load(environ: Mapping[str, str]) -> Contexts:
    """What the file says; nothing without one. Raises ConfigurationError for a file that others may read, or that
    cannot be read as what `save` wrote.
    """
    place = place_of(environ)
    try:
        if place.stat().st_mode & _OPEN_TO_OTHERS:
            raise ConfigurationError(
                str(place),
                f"含有密钥而他人可读，请运行 chmod 600 {place}",
                f"holds keys and is open to other users; run chmod 600 {place}",
            )
        read = json.loads(place.read_text("utf-8"))
        names = {each.name for each in fields(Context)} - {"name"}
        known = {
            name: Context(name, **{each: str(said.get(each, "")) for each in names})
            for name, said in read["contexts"].items()
        }
        current = read["current"]
    except FileNotFoundError:
        return Contexts()
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise ConfigurationError(
            str(place),
            "无法读取，请修正，或删除后用 bole context add 重新添加",
            "cannot be read; mend it, or delete it and add the contexts anew (`bole context add`)",
        ) from error
    return Contexts(current if current in known else LOCAL, known)


def save(contexts: Contexts, environ: Mapping[str, str]) -> None:
    """Write the file, for its owner alone. Raises ConfigurationError where that cannot be done."""
    place = place_of(environ)
    said = {
        name: {key: value for key, value in asdict(context).items() if value and key != "name"}
        for name, context in sorted(contexts.known.items())
    }
    # Written aside and renamed: nobody else can read it at any moment, and there is never half of it.
    aside = place.with_name(f"{place.name}.{uuid4().hex[:8]}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(
            os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump({"current": contexts.current, "contexts": said}, file, ensure_ascii=False, indent=2)
        aside.replace(place)
    except OSError as error:
        raise ConfigurationError(
            str(place), f"无法写入：{error.strerror}", f"cannot be written: {error.strerror}"
        ) from error
    finally:
        aside.unlink(missing_ok=True)


def in_use(environ: Mapping[str, str]) -> Context | None:
    """The context of this command: the one that `BOLE_CONTEXT` names, else the one in use; None for this machine's.

    Raises ConfigurationError for a name that is not known, and as `load`.
    """
    chosen = environ.get(CHOICE, "")
    if chosen == LOCAL:
        return None
    contexts = load(environ)
    name = chosen or contexts.current
    if chosen and chosen not in contexts.known:
        names = ", ".join((LOCAL, *contexts.known))
        raise ConfigurationError(
            CHOICE, f"没有名为“{chosen}”的连接；现有：{names}", f'no context "{chosen}"; there are: {names}'
        )
    return contexts.known.get(name)


def name_in_use(environ: Mapping[str, str]) -> str:
    """The name of the context of this command; empty for this machine's, and where it cannot be told."""
    try:
        context = in_use(environ)
    except ConfigurationError:
        return ""
    return context.name if context else ""


def elsewhere(environ: Mapping[str, str]) -> Text | None:
    """What a command about this machine says to whose other commands go elsewhere; None while they do not."""
    if not (name := name_in_use(environ)):
        return None
    return Text(
        f"这是本机的情况；查询与变更发往连接（{name}），换回本机：bole context use {LOCAL}",
        f"this is about this machine; questions and changes go to the context ({name}): "
        f"`bole context use {LOCAL}` comes back",
    )
