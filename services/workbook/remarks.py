"""What an XLSX file carries beside its visible cells, told to whoever uploads it."""

import re
from collections.abc import Collection, Iterator

from services.kernel.text import Text

_HIDDEN = re.compile(rb"""<(?:\w+:)?(?:row|col)\s[^>]*\bhidden\s*=\s*["'](?:1|true)["']""")


def hides_cells(sheet: bytes) -> bool:
    """Whether the XML of a sheet has hidden rows or columns."""
    return _HIDDEN.search(sheet) is not None


def remarks(names: Collection[str], *, hidden: bool) -> Iterator[Text]:
    """The remarks on an archive with these parts; `hidden`: whether a sheet hides rows or columns."""
    if any(name.startswith(("xl/comments", "xl/threadedComments", "xl/persons")) for name in names):
        yield Text(
            "文件含有批注，批注未读取；批注可能含个人信息，请删除后留存",
            "the file has comments, which were not read; they may hold personal data, delete them before keeping it",
        )
    if any(name.startswith("xl/externalLinks/") for name in names):
        yield Text(
            "文件引用了外部工作簿，链接未打开，仅读取已保存的值",
            "the file links to other workbooks; no link was followed, the stored values were read",
        )
    if hidden:
        yield Text(
            "文件有隐藏的行或列，其中的数据同样已读取，请核对",
            "the file has hidden rows or columns, whose data were read as well; check them",
        )
