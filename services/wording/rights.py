"""Words for the rights of firms: what they are, and whose."""

from services.kernel.text import Text

KINDS = {
    "KIND_INVENTION": Text("发明专利", "invention"),
    "KIND_UTILITY_MODEL": Text("实用新型", "utility model"),
    "KIND_DESIGN": Text("外观设计", "design"),
    "KIND_SOFTWARE": Text("软件著作权", "software"),
    "KIND_LAYOUT": Text("布图设计", "layout design"),
    "KIND_TRADEMARK": Text("商标", "trademark"),
}
OWNERSHIPS = {
    "OWNERSHIP_UNSPECIFIED": Text("未核查", "not looked up"),
    "OWNERSHIP_OWNED": Text("企业独有", "owned by the firm"),
    "OWNERSHIP_EXCLUSIVE_LICENCE": Text("独占许可", "licensed to it alone"),
    "OWNERSHIP_SHARED_BY_AGREEMENT": Text("共有，有约定", "shared, by agreement"),
    "OWNERSHIP_SHARED": Text("共有，无约定", "shared, no agreement"),
    "OWNERSHIP_DISPUTED": Text("权属争议", "disputed"),
}
