"""Layout of the sheet of the evidence register: evidence 佐证."""

from services.workbook.choices import Choice, Choices
from services.workbook.columns import Column, Kind, Sheet
from services.workbook.talent_sheets import ORIGIN_COLUMN

EVIDENCE_KIND: Choices = (
    Choice("PLATFORM", "平台载体", "Carrier"),
    Choice("PILOT_ZONE", "先导区", "Pilot zone"),
    Choice("SCENARIO", "开放应用场景", "Open scenario", ("应用场景",)),
    Choice("RD_PROJECT", "前瞻技术研发项目", "Forward-looking R&D project", ("研发项目",)),
    Choice("LEADING_TALENT", "领军人才（团队）", "Leading talent (team)"),
    Choice("INNOVATIVE_TALENT", "创新人才（团队）", "Innovative talent (team)"),
    Choice("GROWTH_INDUSTRY", "成长型未来产业", "Growth-stage industry"),
    Choice("CCUS_CAPACITY", "碳捕集利用及封存能力", "CCUS capability"),
    Choice("GOVERNANCE_CASE", "治理案例", "Governance case"),
    Choice("MILESTONE", "里程碑佐证", "Evidence for a milestone"),
)
EVIDENCE = Sheet(
    "evidence",
    "佐证",
    "Evidence",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, note="来源系统中的编号，重复导入据此识别", length=64),
        Column("kind", "佐证类别", "Kind", Kind.CHOICE, True, EVIDENCE_KIND),
        Column("title", "名称", "Title", Kind.NAME, note="人才类留空，姓名只保存在人才库"),
        Column(
            "type_code", "类型代码", "Type code", Kind.REF, note="目录中的代码，如 fi-institute", length=63
        ),
        Column("city", "所在城市", "City", Kind.CITY, True),
        Column("industry", "产业", "Industry", Kind.INDUSTRY),
        Column("approved", "批准日期", "Approved", Kind.DATE, past=True),
        Column("opened", "启用日期", "Opened", Kind.DATE, note="项目为启动日期，人才为到岗日期", past=True),
        Column("closed", "关闭日期", "Closed", Kind.DATE, note="人才为离岗日期", past=True),
        Column("document", "证明文件", "Document", Kind.NAME, note="文号或名称，人才为合同"),
        Column("department", "确认部门", "Department", Kind.DEPARTMENT),
        Column("person", "人才编号", "Person", Kind.REF, note="人才表中的编号，人才类填写", length=64),
        Column("team", "团队编号", "Team", Kind.REF, note="团队表中的编号，人才类填写", length=64),
        Column("quantity", "数量", "Quantity", Kind.INTEGER, maximum=1_000_000_000_000, note="仅能力类填写"),
        Column("remark", "备注", "Remark", Kind.TEXT, length=1000),
        ORIGIN_COLUMN,
    ),
)
