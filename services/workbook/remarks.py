"""What an XLSX file carries beside its visible cells, told to whoever uploads it."""

import re
from collections.abc import Collection, Iterator
from enum import Enum, auto

from services.kernel.text import Text

_HIDDEN = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^>]*\bhidden\s*=\s*["'](?:1|true)["']""")


# The template has help in the comments of its first row; whatever is said further down is somebody's.
_COMMENT = re.compile(rb"""<(?:\w+:)?comment\s[^>]*\bref\s*=\s*["'][A-Z]{1,3}(?!1["'])\d""")


class Hint(Enum):
    """What a part of a workbook says beside its visible cells."""

    HIDDEN = auto()
    COMMENTS = auto()


def hint_of(name: str, piece: bytes) -> Hint | None:
    """What a piece of the part with this name gives away."""
    if name.startswith("xl/worksheets/") and _HIDDEN.search(piece):
        return Hint.HIDDEN
    if name.startswith("xl/comments") and _COMMENT.search(piece):
        return Hint.COMMENTS
    return None


def remarks(names: Collection[str], hints: Collection[Hint]) -> Iterator[Text]:
    """The remarks on an archive with these parts, which give these hints."""
    if Hint.COMMENTS in hints or any(
        name.startswith(("xl/threadedComments", "xl/persons")) for name in names
    ):
        yield Text(
            "文件含有批注，批注未读取；批注可能含个人信息，请删除后留存",
            "the file has comments, which were not read; they may hold personal data, delete them before keeping it",
        )
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield Text(
            "文件引用了外部工作簿，链接未打开，仅读取已保存的值",
            "the file links to other workbooks; no link was followed, the stored values were read",
        )
    if Hint.HIDDEN in hints:
        yield Text(
            "文件有隐藏的行或列，其中的数据同样已读取，请核对",
            "the file has hidden rows or columns, whose data were read as well; check them",
        )
