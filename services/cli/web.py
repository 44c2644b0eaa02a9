"""`--web`: the page of the console that shows what a command asks, instead of the answer."""

import os
import re
import sys
import webbrowser
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from services.cli import contexts
from services.cli.session import language_of, settings_of_context
from services.kernel.text import Text
from services.wording.pages import PAGES

_SCOPE = {"industry": "industry", "direction": "direction", "city": "city", "category": "category"}
_PAGES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "news": ("/", {}),
    "shortage": ("/map", {**_SCOPE, "day": "as_of"}),
    "shortage compare": ("/map/compare", {**_SCOPE, "day": "as_of"}),
    "shortage reweigh": ("/map/weights", _SCOPE),
    "shortage watch": ("/map/watches", {}),
    "shortage watches": ("/map/watches", {}),
    "shortage release": ("/releases", {}),
    "report": ("/reports", {}),
    "talent": ("/people", {"query": "q"}),
    "talent duplicates": ("/duplicates", {}),
    "talent import": ("/import", {}),
    "team": ("/teams", {}),
    "position": ("/positions", {"query": "q"}),
    "training": ("/training", {"query": "q"}),
    "mobility": ("/moves", {"query": "q"}),
    "nomination": ("/nominations", {}),
    "target": ("/targets", {}),
    "evidence": ("/evidence", {}),
    "import": ("/import", {}),
    "approval": ("/approvals", {}),
    "deal": ("/deals", {"words": "q", "fund": "fund", "filter_": "filter", "order_by": "order"}),
    "search": ("/deals", {}),
    "note": ("/deals/reminders", {}),
    "committee": ("/deals/committees", {}),
    "firm": ("/firms", {"words": "q"}),
    "firm import": ("/deals/import", {}),
    "fund": ("/funds", {}),
    "mandate": ("/funds", {}),
    "match": (
        "/matches",
        {"kind": "kind", "anchor": "anchor", "candidate": "candidate", "filter_": "filter"},
    ),
    "match watch": ("/events", {}),
    "proposal": ("/proposals", {}),
    "partner": ("/events/partners", {}),
    "webhook": ("/events/partners", {}),
    "conformance": ("/events", {}),
}
"""By a command, or else its noun: the page, and the parameters of its address by those of the command."""
_RECORD = re.compile(rf"({'|'.join(PAGES)})/([\w-]+)")
_CONDITION = re.compile(r'(industry|direction|city|category)_code\s*[=:]\s*"?([^"\s()]+)"?')
_VIEWS = {
    "deal list": "list",
    "deal screen": "list",
    "deal timeline": "timeline",
    "deal completion": "outlook",
    "deal forecast": "outlook",
}
"""Which view of the deal flow shows the same as a command."""
_CITIES = ("a", "b", "c", "d")


def show(root: Any, context: Any) -> int:
    """Say the address of the page, and open it where there is a screen; the exit status. Raises UsageError."""
    words, given = _read(root, context)
    path = page(words, given)
    language = language_of(given.get("lang"))
    if path is None:
        text = Text(
            f"控制台没有 bole {' '.join(words)} 的页面；去掉 --web 直接查询",
            f"the console has no page of bole {' '.join(words)}; ask without --web",
        )
        sys.stderr.write(text.to(language) + "\n")
        return 2
    left = unsaid(words, given)
    if left:
        text = Text(f"网页不接受的筛选已略去：{left}", f"the page does not take this filter: {left}")
        sys.stderr.write(text.to(language) + "\n")
    context = contexts.in_use(os.environ)
    if context is not None and not context.console_url and contexts.variable("console_url") not in os.environ:
        add = f"bole context add {context.name} --console-url URL"
        told = Text(
            f"连接（{context.name}）没有控制台地址，请运行 {add}",
            f"the context ({context.name}) does not say where its console is; run `{add}`",
        )
        sys.stderr.write(told.to(language) + "\n")
        return 2
    address = settings_of_context(context).console_url.rstrip("/") + path
    sys.stdout.write(address + "\n")
    if sys.stdout.isatty() and _has_screen():
        webbrowser.open(address)
    return 0


def page(words: Sequence[str], given: Mapping[str, Any]) -> str | None:
    """The address of the page within the console: the list of a command, the record that it names, or its noun's list;
    None where there is none.
    """
    called = " ".join(words[:2])
    path, names = _PAGES.get(called) or _PAGES.get(words[0], ("", {}))
    record = next(_records(given), None)
    if called == "deal compare":
        named = [each.removeprefix("deals/") for each in given.get("names", ())]
        return "/deals/compare?" + urlencode([("deal", each) for each in named])
    if record and words[0] != "match" and called not in ("deal board", *_VIEWS):
        return record
    if not path:
        return None
    asked = {name: str(given[key]) for key, name in names.items() if given.get(key)}
    if asked.get("q", "").startswith("funds/"):
        asked["fund"] = asked.pop("q")
    if not asked.get("fund", "funds/").startswith("funds/"):
        del asked["fund"]
    asked |= dict(zip(_CITIES, given.get("cities", ()), strict=False))
    if path in ("/people", "/positions", "/teams", "/nominations"):
        asked |= dict(_conditions(given.get("filter_", "")))
    if called in _VIEWS:
        asked["view"] = _VIEWS[called]
    return path + (f"?{urlencode(asked)}" if asked else "")


def unsaid(words: Sequence[str], given: Mapping[str, Any]) -> str:
    """What of the command's filter, and of a fund that it calls by name, is not in the address of its page."""
    _, names = _PAGES.get(" ".join(words[:2])) or _PAGES.get(words[0], ("", {}))
    written = "" if "filter_" in names else str(given.get("filter_") or "")
    parts = [each for each in re.split(r"\s+AND\s+", written) if each and not _CONDITION.fullmatch(each)]
    fund = str(given.get("fund") or "")
    return " AND ".join(
        parts + ([fund] if "fund" in names and fund and not fund.startswith("funds/") else [])
    )


def _conditions(written: str) -> Iterator[tuple[str, str]]:
    for each in re.split(r"\s+AND\s+", written):
        found = _CONDITION.fullmatch(each)
        if found:
            yield found[1], found[2]


def _records(given: Mapping[str, Any]) -> Iterator[str]:
    """The pages of the records that the command names, in order."""
    for value in given.values():
        found = _RECORD.match(value) if isinstance(value, str) else None
        if found:
            yield f"{PAGES[found[1]]}/{found[2]}"


def _read(command: Any, context: Any) -> tuple[list[str], Mapping[str, Any]]:
    """The words of a command and its parameters, as they would be run. Raises UsageError."""
    words: list[str] = []
    rest = _rest(context)
    while hasattr(command, "commands") and rest:
        name, command, rest = command.resolve_command(context, rest)
        words.append(name)
        if hasattr(command, "commands") and not rest:
            return words, {}
        context = command.make_context(name, rest, parent=context)
        rest = _rest(context)
    return words, context.params


def _rest(context: Any) -> list[str]:
    protected: Iterable[str] = getattr(context, "_protected_args", ())
    return [*protected, *context.args]


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
    )
