"""A browser of the tests: keeps cookies by path, follows nothing by itself."""

from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlencode, urlsplit

PATIENCE = 60
_BOUNDARY = "between-two-parts"


@dataclass(frozen=True)
class Answer:
    """What came back; `to`: where it sends on to; `strict`: how long the browser comes by https alone."""

    status: int
    to: str
    text: str
    cookies: tuple[str, ...]
    refresh: str
    strict: str

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of the address it sends on to."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.to).query).items()}


@dataclass
class Browser:
    """For one site at `url`; other addresses are asked without its cookies."""

    url: str
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, address: str) -> Answer:
        """A page of the site, or of elsewhere."""
        return self._ask("GET", address)

    def post(self, address: str, form: dict[str, str], *, files: bool = False) -> Answer:
        """A form of the site; `files`: sent as those that may carry some."""
        return self._ask("POST", address, _in_parts(form) if files else urlencode(form), files=files)

    def sign_in(self, path: str = "/") -> Answer:
        """There and back; the answer is that to the way back."""
        there = self.get("/sign-in/start?" + urlencode({"next": path}))
        return self.get(self.get(there.to).to)

    def name(self) -> str:
        """Who the pages say is signed in; empty for nobody."""
        return "li.si" if "<span>li.si</span>" in self.get("/no-such-page").text else ""

    def _ask(self, verb: str, address: str, body: str | None = None, *, files: bool = False) -> Answer:
        whole = address if address.startswith("http") else self.url + address
        parts = urlsplit(whole)
        headers = {"Accept-Language": "en"}
        if whole.startswith(self.url):
            headers["Cookie"] = "; ".join(
                f"{name}={value}"
                for name, (value, path) in self.cookies.items()
                if parts.path.startswith(path)
            )
        if body is not None:
            headers["Content-Type"] = (
                f"multipart/form-data; boundary={_BOUNDARY}" if files else "application/x-www-form-urlencoded"
            )
        connection = HTTPConnection(parts.netloc, timeout=PATIENCE)
        try:
            connection.request(verb, f"{parts.path}?{parts.query}", body, headers)
            found = connection.getresponse()
            text, given = found.read().decode(), tuple(found.headers.get_all("set-cookie", []))
        finally:
            connection.close()
        self._keep(given)
        said = (found.headers[name] or "" for name in ("refresh", "strict-transport-security"))
        return Answer(found.status, found.headers["location"] or "", text, given, *said)

    def _keep(self, given: tuple[str, ...]) -> None:
        for line in given:
            for name, cookie in SimpleCookie(line).items():
                if cookie["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = (cookie.value, cookie["path"])


def _in_parts(form: dict[str, str]) -> str:
    parts = (
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in form.items()
    )
    return "".join((*parts, f"--{_BOUNDARY}--\r\n"))
