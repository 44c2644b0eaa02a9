"""What releases and reports, their editions, states and steps are called."""

from collections.abc import Mapping

from services.kernel.text import Text, counted

EDITION_NAMES: Mapping[str, Text] = {
    "INTERNAL": Text("内部版", "internal"),
    "PUBLIC": Text("公开版", "public"),
}
STATES: Mapping[str, Text] = {
    "DRAFT": Text("起草", "draft"),
    "CHECKED": Text("已核稿", "checked"),
    "SIGNED": Text("已签发", "signed"),
    "REJECTED": Text("已退回", "turned down"),
}
ACTIONS: Mapping[str, Text] = {
    "DRAFT": Text("起草", "draft"),
    "CHECK": Text("核稿", "check"),
    "SIGN": Text("签发", "sign"),
    "REJECT": Text("退回", "turn down"),
}
CHANGES: Mapping[str, Text] = {
    "ADDED": Text("新增", "added"),
    "REMOVED": Text("移除", "removed"),
    "SYMBOL": Text("有无指数", "index or none"),
    "STAR": Text("星级", "star"),
    "NUMBER": Text("数值", "number"),
}
"""How a cell differs between two releases."""


def standing(late: int, *, signed: bool) -> Text:
    """How a period of the release calendar stands, `late` days after its day."""
    if signed:
        return Text(f"晚 {late} 天", f"{counted(late, 'day')} late") if late else Text("按期", "on time")
    if late:
        return Text(f"未签发，已过 {late} 天", f"not signed, {counted(late, 'day')} overdue")
    return Text("未到期", "not due yet")
