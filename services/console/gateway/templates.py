"""Path templates of `google.api.http`: literals, `*`, variables over several segments, and a custom verb."""

import re
from dataclasses import dataclass
from typing import Final

ANY: Final = "*"
_PART: Final = re.compile(r"\{([a-z][a-z0-9_.]*)(?:=([^{}]+))?\}|([^/{}]+)")
_VERB: Final = re.compile(r":([a-zA-Z]+)$")


@dataclass(frozen=True, slots=True)
class Variable:
    """A field of the request, by its path, that segments `first` up to `end` (exclusive) are the value of."""

    field: str
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Template:
    """One path. Segments are literals or `*`; `verb` is what follows the last colon, or empty."""

    segments: tuple[str, ...]
    verb: str
    variables: tuple[Variable, ...]

    @property
    def shape(self) -> str:
        """The path without the names of its variables: two methods with one shape could not be told apart."""
        return "/" + "/".join(self.segments) + (f":{self.verb}" if self.verb else "")

    def values(self, segments: tuple[str, ...]) -> dict[str, str]:
        """What the variables stand for in a path that matches."""
        return {each.field: "/".join(segments[each.first : each.end]) for each in self.variables}


def parse(path: str) -> Template:
    """The template of `/v1/{name=deals/*}:approve`. Raises ValueError for a form that the contract may not use."""
    found = _VERB.search(path)
    verb = found[1] if found else ""
    rest = path[: found.start()] if found else path
    segments: list[str] = []
    variables: list[Variable] = []
    at = 0
    while at < len(rest):
        part = _PART.match(rest, at + 1) if rest[at] == "/" else None
        if part is None:
            raise ValueError(f"no path template: {path}")
        field, pattern, literal = part.groups()
        inner = [literal] if literal else (pattern or ANY).split("/")
        if field:
            variables.append(Variable(field, len(segments), len(segments) + len(inner)))
        segments += inner
        at = part.end()
    if not segments:
        raise ValueError(f"no path template: {path!r}")
    if any(ANY in each and each != ANY for each in segments) or "" in segments:
        raise ValueError(f"only whole segments may vary: {path}")
    return Template(tuple(segments), verb, tuple(variables))
