"""One visit: the request with who makes it, in which language and look, and how links and answers are made for it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

from starlette.requests import Request

from services.catalogue import Catalogue
from services.chassis.identity.identity import Principal
from services.console import acts
from services.console.backend import Backend
from services.console.web.marks import mark_of
from services.console.web.paths import inside
from services.kernel.errors import InvalidArgument, Unauthenticated
from services.kernel.text import Language, Text
from services.wording.codes import PURPOSES

Stub = TypeVar("Stub")
LANGUAGE_COOKIE = "bole_lang"
THEME_COOKIE = "bole_theme"
PURPOSE_COOKIE = "bole_purpose"
THEMES = ("light", "dark")


def whole_number(said: str, most: int = 999_999_999) -> int | None:
    """A whole number from 0 to `most`, in at most 15 digits; None for anything else."""
    is_one = said.isascii() and said.isdigit() and len(said) <= 15 and int(said) <= most
    return int(said) if is_one else None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a form. `filename` is what the browser calls it."""

    filename: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of somebody. `form` is empty unless something was sent; its values are text, which may have lines."""

    request: Request
    language: Language
    theme: str
    backend: Backend
    catalogue: Catalogue
    token: str | None = None
    principal: Principal | None = None
    form: Mapping[str, str] = field(default_factory=dict)
    upload: Upload | None = None
    mark: str | None = None
    """Of a session whose token is renewed: it stays."""
    request_id: str = field(default_factory=lambda: uuid4().hex)
    """What the services are asked for a page belongs together: whoever looked at somebody by it looked once."""
    now: datetime = field(kw_only=True)

    def say(self, zh: str, en: str) -> str:
        """One of two wordings."""
        return zh if self.language == "zh" else en

    def text(self, said: Any) -> str:
        """A text of the house, or one as it came over the wire, in the visitor's language."""
        return said.to(self.language) if isinstance(said, Text) else str(getattr(said, self.language))

    def get(self, name: str) -> str:
        """A parameter of the address, stripped; empty if it is not there."""
        return self.request.query_params.get(name, "").strip()

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number of the address, from 0 to `most`. Raises InvalidArgument."""
        given = self.get(name)
        if not given:
            return default
        found = whole_number(given, most)
        if found is None:
            raise InvalidArgument.field(
                name, "NOT_A_NUMBER", f"应为 0 至 {most} 的整数", f"must be a whole number from 0 to {most}"
            )
        return found

    def stub(self, made: Callable[[Any], Stub], purpose: str | None = None) -> Stub:
        """A service, called in the visitor's name. Raises Unauthenticated for a visitor who is not signed in."""
        return self.backend.stub(made, self.require_token(), purpose, self.request_id)

    def require_token(self) -> str:
        """What the visitor is signed in by. Raises Unauthenticated for one who is not."""
        if self.token is None:
            raise Unauthenticated(Text("请先登录", "sign in first"), reason="NOT_SIGNED_IN")
        return self.token

    def link(self, path: str = "", /, **changes: str | int | None) -> str:
        """An address with the parameters of this one, some changed; None takes one away."""
        return _address(
            path or inside(self.request.url.path), self.request.query_params.multi_items(), changes
        )

    def at(self, address: str) -> "Visit":
        """The same visitor, with what was sent, on another page of ours."""
        path, _, query = address.partition("?")
        return replace(
            self, request=Request({**self.request.scope, "path": path, "query_string": query.encode()})
        )

    def here(self, **changes: str) -> str:
        """The page that is shown, with some parameters changed; of a form that was sent, the page it stood on."""
        if self.request.method == "GET":
            return self.link(**changes)
        before = self._before
        return _address("/", (), changes) if before is None else _address(*before, changes)

    @property
    def before(self) -> str:
        """The page of ours that the visitor came from; empty for none, and for this very page."""
        address = "" if self._before is None else _address(*self._before, {})
        return "" if address == self.link() else address

    @property
    def _before(self) -> tuple[str, list[tuple[str, str]]] | None:
        before = urlsplit(self.request.headers.get("referer", ""))
        if before.netloc != self.request.headers.get("host"):
            return None
        return inside(before.path), parse_qsl(before.query)

    def part(self, name: str) -> str:
        """A part of the path, as the route names it."""
        return str(self.request.path_params[name])

    @property
    def path(self) -> str:
        """The path of the address."""
        return self.request.url.path

    @property
    def purposes(self) -> list[str]:
        """What the visitor's grants allow to look at people for."""
        grants = self.principal.grants if self.principal else ()
        granted = {purpose for grant in grants for purpose in grant.purposes}
        return [code for code in PURPOSES if code in granted]

    @property
    def purpose(self) -> str | None:
        """What the visitor said to look for, as long as it is granted."""
        stated = self.request.cookies.get(PURPOSE_COOKIE, "")
        return stated if stated in self.purposes else None

    @property
    def csrf(self) -> str:
        """What the forms of this answer must carry."""
        return mark_of(self.session)

    @property
    def session(self) -> str:
        """What stays the same from signing in to signing out; empty for who is not signed in."""
        return self.mark or self.token or ""

    def may(self, act: str) -> bool:
        """Whether an act (`services.console.acts`) is open to the visitor: for what is offered, never for what is
        allowed.
        """
        return acts.may(self.principal, act, self.now)

    def doers(self, act: str) -> str:
        """The roles that an act is open to."""
        return self.text(acts.doers(act))


def _address(path: str, given: Iterable[tuple[str, str]], changes: Mapping[str, str | int | None]) -> str:
    kept = [pair for pair in given if pair[0] not in changes]
    asked = urlencode(
        kept + [(name, str(value)) for name, value in changes.items() if value not in (None, "")]
    )
    return path + (f"?{asked}" if asked else "")
