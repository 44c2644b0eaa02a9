"""What the codes of webhooks, their delivery log, keys of partners and erasures they are told are called."""

from services.kernel.text import Text

STATES = {"ENABLED": Text("启用", "enabled"), "DISABLED": Text("停用", "disabled")}
REASONS = {
    "OWNER": Text("人工停用", "by hand"),
    "GONE": Text("对方答复 410", "the endpoint answered 410"),
    "FAILING": Text("连续三天失败", "failing for three days"),
}
CAUSES = {
    "EVENT": Text("事件", "event"),
    "TEST": Text("测试", "test"),
    "REDELIVERY": Text("重发", "redelivery"),
}
OUTCOMES = {
    "DELIVERED": Text("已送达", "delivered"),
    "REFUSED": Text("对方拒收", "refused"),
    "TIMEOUT": Text("超时", "timed out"),
    "UNREACHABLE": Text("无法连接", "unreachable"),
    "FORBIDDEN_ADDRESS": Text("地址不许可", "address forbidden"),
}
SCOPES = {"FULL": Text("全部", "all"), "EVENTS": Text("只读事件", "events alone")}
KEY_STATES = {
    "LIVE": Text("有效", "live"),
    "EXPIRED": Text("已到期", "expired"),
    "REVOKED": Text("已停用", "revoked"),
}
ERASURE_STATES = {
    "OPEN": Text("待确认", "open"),
    "OVERDUE": Text("逾期未确认", "overdue"),
    "ACKNOWLEDGED": Text("已确认", "acknowledged"),
}

PEOPLE_SHOWN = Text(
    "人员只以该合作方专用的化名出现：不提供任何个人信息，因此不占用每日查看额度",
    "people stand under pseudonyms of this partner's own; it is shown no personal field, so the daily budget does not "
    "apply",
)
"""What a partner is shown of people (`chassis.policy`), where partners are shown."""
