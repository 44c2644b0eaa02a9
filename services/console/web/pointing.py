"""What a failure points to: pages of ours stand in the place of resource names, which people do not read."""

import re
from dataclasses import replace
from typing import Any, NamedTuple

from services.chassis.rpc.failures import Failure
from services.kernel.text import Text
from services.wording.pages import PAGES

STALE = "STALE_ETAG"
_CHANGED = Text(
    "您打开本页之后，这条记录已有改动，所以这一步没有做。",
    "The record was changed after you opened this page, so nothing was done.",
)
_GONE = Text(
    "没有这条记录：它可能已被删除、合并，或地址有误。",
    "There is no such record: it may have been deleted or merged, or the address is wrong.",
)

_NAMED = re.compile(r"（(([a-zA-Z]+)/[a-z0-9-]+)）")
"""A resource name as the services write it in a Chinese sentence; in an English one in brackets of its own."""


class Led(NamedTuple):
    """A sentence without the resource name in it, and the page of that record; empty where it names none."""

    text: Text
    page: str


def led(said: Any) -> Led:
    """A sentence of a service, as a text of the house or of the wire, and the page of the one record it names."""
    text = Text(said.zh, said.en)
    names = [each for each in _NAMED.finditer(text.zh) if each[2] in PAGES]
    if len(names) != 1:
        return Led(text, "")
    name = names[0][1]
    return Led(_without(text, name), f"{PAGES[names[0][2]]}/{name.partition('/')[2]}")


def _without(text: Text, name: str) -> Text:
    return Text(text.zh.replace(f"（{name}）", ""), text.en.replace(f" ({name})", ""))


def plainly(failure: Failure) -> Failure:
    """The failure without the resource name that its text has in brackets; a form that came too late and a
    record that is not there in our words.
    """
    if failure.reason == STALE:
        return replace(failure, text=_CHANGED)
    name = failure.metadata.get("resource")
    if not name:
        return failure
    if failure.code == "NOT_FOUND":
        return replace(failure, text=_GONE)
    return replace(failure, text=_without(failure.text, name))


def pointed(failure: Failure) -> str:
    """The page of the record because of which something is refused; empty without one."""
    collection, _, id_ = failure.metadata.get("resource", "").partition("/")
    if failure.reason == STALE or failure.code == "NOT_FOUND" or not id_ or "/" in id_:
        return ""
    return f"{PAGES[collection]}/{id_}" if collection in PAGES else ""
