"""Acts on people that nobody does alone, in words."""

from typing import Any

from bole.talent.v1 import act_approval_service_pb2 as wire
from services.kernel.text import Text
from services.wording import codes

ACTS = {
    "EXPORT": Text("导出个人信息", "exporting who people are"),
    "ERASE": Text("彻底删除", "erasing a person"),
    "UNDO": Text("撤销导入", "undoing an import"),
}


def said(act: Any) -> Text:
    """What an approval or an application is for, with the resource or the filter."""
    if act.act == wire.PERSON_ACT_ERASE:
        return Text(f"彻底删除 {act.person}", f"erase {act.person}")
    if act.act == wire.PERSON_ACT_UNDO:
        return Text(f"撤销导入 {act.batch}", f"undo {act.batch}")
    sheet = codes.SHEETS[act.sheet]
    return Text(f"导出{sheet.zh} {act.filter}".strip(), f"export {sheet.en} {act.filter}".strip())
