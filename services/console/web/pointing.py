"""What a failure points to: pages of ours stand in the place of resource names, which people do not read."""

from dataclasses import replace

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
    told = Text(failure.text.zh.replace(f"（{name}）", ""), failure.text.en.replace(f" ({name})", ""))
    return replace(failure, text=told)


def pointed(failure: Failure) -> str:
    """The page of the record because of which something is refused; empty without one."""
    collection, _, id_ = failure.metadata.get("resource", "").partition("/")
    if failure.reason == STALE or failure.code == "NOT_FOUND" or not id_ or "/" in id_:
        return ""
    return f"{PAGES[collection]}/{id_}" if collection in PAGES else ""
