"""Words for runs over all anchors of a kind."""

from collections.abc import Mapping

from services.kernel.text import Text

STATES: Mapping[str, Text] = {
    "RUNNING": Text("运行中", "running"),
    "CANCELLED": Text("已取消", "cancelled"),
    "DONE": Text("已完成", "done"),
    "FAILED": Text("未能继续", "failed"),
}
