"""Layout of the sheets about people: persons 人才, teams 团队, positions 岗位."""

from services.workbook.choices import (
    AVAILABILITY,
    DEGREE,
    MOVE_REASON,
    NAME_KIND,
    ORIGIN,
    OUTCOME,
    PURPOSE,
    SOURCE_LIST,
    WORK_KIND,
)
from services.workbook.columns import Column, Kind, Sheet
from services.workbook.lines import FORMS

ORIGIN_COLUMN = Column("origin", "数据来源", "Origin", Kind.CHOICE, choices=ORIGIN, note="空白视为真实数据")
_SHARES_NOTE = "单一方向直接填写；多个方向写成“方向:0.6;方向:0.4”，合计为1"


def _line_note(form: str) -> str:
    zh, en = FORMS[form]
    return f"每行一项（Alt+Enter 换行）：{zh} / one item on each line: {en}"


PERSONS = Sheet(
    "persons",
    "人才",
    "People",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, note="来源系统中的编号，重复导入据此识别", length=64),
        Column("name", "姓名", "Name", Kind.NAME, True, length=60),
        Column("category", "人才类别", "Category", Kind.CATEGORY, True),
        Column("city", "所在城市", "City", Kind.CITY_OR_OUTSIDE, True, note="设区市，或填“省外”"),
        Column("mobility", "可流动城市", "Mobility", Kind.CITIES, note="多个城市用分号分隔"),
        Column("availability", "到岗意愿", "Availability", Kind.CHOICE, True, AVAILABILITY),
        Column("directions", "研究方向", "Directions", Kind.SHARES, True, note=_SHARES_NOTE, length=500),
        Column("employer", "当前单位", "Employer", Kind.NAME),
        Column("title", "职务", "Title", Kind.NAME),
        Column("profile", "简介", "Profile", Kind.TEXT, length=4000),
        Column("works", "代表成果", "Works", Kind.TEXT, length=4000),
        Column("phone", "手机", "Phone", Kind.PHONE),
        Column("email", "邮箱", "Email", Kind.EMAIL),
        Column("id_number", "证件号码", "ID number", Kind.IDENTIFIER, note="请设为文本格式", length=32),
        Column("observed", "记录日期", "Observed", Kind.DATE, True, past=True),
        Column("orcid", "ORCID", "ORCID iD", Kind.NAME, note="如 0000-0002-1825-0097", length=64),
        Column(
            "birth_year",
            "出生年份",
            "Year of birth",
            Kind.YEAR,
            note="四位年份；出生年月也可，只取年份",
            minimum=1900,
            maximum=2100,
            quoted=False,
        ),
        Column(
            "other_names",
            "其他姓名",
            "Other names",
            Kind.OTHER_NAMES,
            choices=NAME_KIND,
            note=_line_note("other_names"),
            length=1000,
        ),
        Column(
            "affiliations",
            "任职经历",
            "Affiliations",
            Kind.AFFILIATIONS,
            note=_line_note("affiliations") + "；日期写 2018-09 或 2018-09-01，至今留空",
            length=8000,
        ),
        Column(
            "education",
            "教育经历",
            "Education",
            Kind.EDUCATION,
            choices=DEGREE,
            note=_line_note("education"),
            length=4000,
        ),
        Column(
            "work_items",
            "成果明细",
            "Works in detail",
            Kind.WORK_ITEMS,
            choices=WORK_KIND,
            note=_line_note("work_items"),
            length=30_000,
        ),
        Column(
            "source_list",
            "来源名单",
            "Source list",
            Kind.CHOICE,
            choices=SOURCE_LIST,
            note="该行来自哪份名单；空白取导入时所选的来源",
        ),
        Column("purposes", "同意用途", "Purposes", Kind.CHOICES, choices=PURPOSE, note="空白表示均不同意"),
        ORIGIN_COLUMN,
    ),
)
TEAMS = Sheet(
    "teams",
    "团队",
    "Teams",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("name", "团队名称", "Name", Kind.NAME, True),
        Column("lead", "负责人编号", "Lead", Kind.REF, True, note="人才表中的编号", length=64),
        Column("members", "成员编号", "Members", Kind.REFS, note="人才表中的编号，用分号分隔", length=4000),
        Column("directions", "研究方向", "Directions", Kind.SHARES, True, note=_SHARES_NOTE, length=500),
        Column("city", "所在城市", "City", Kind.CITY, True),
        Column("profile", "简介", "Profile", Kind.TEXT, length=4000),
        Column(
            "needs",
            "所需人数",
            "Needs",
            Kind.HEADS,
            note="团队各方向总共需要的人数：“方向=人数”，多个用分号分隔；空白表示保持原有登记",
            maximum=500,
            length=2000,
        ),
        ORIGIN_COLUMN,
    ),
)
POSITIONS = Sheet(
    "positions",
    "岗位",
    "Positions",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("title", "岗位名称", "Title", Kind.NAME, True),
        Column("employer", "单位名称", "Employer", Kind.NAME, True),
        Column("employer_code", "统一社会信用代码", "Employer code", Kind.USCC),
        Column("city", "所在城市", "City", Kind.CITY, True),
        Column("direction", "技术方向", "Direction", Kind.DIRECTION, True),
        Column("category", "人才类别", "Category", Kind.CATEGORY, True),
        Column("headcount", "需求人数", "Headcount", Kind.INTEGER, True, minimum=1, maximum=100_000),
        Column("opened", "发布日期", "Opened", Kind.DATE, True, past=True),
        Column("filled", "已到岗人数", "Filled", Kind.INTEGER, maximum=100_000),
        Column("closed", "关闭日期", "Closed", Kind.DATE, note="空白表示仍在招聘", past=True),
        Column("requirement", "岗位要求", "Requirement", Kind.TEXT, length=4000),
        ORIGIN_COLUMN,
    ),
)
OUTCOMES = Sheet(
    "outcomes",
    "岗位结果",
    "Outcomes",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("position", "岗位编号", "Position", Kind.REF, True, note="岗位表中的编号", length=64),
        Column(
            "kind",
            "结果",
            "Outcome",
            Kind.CHOICE,
            True,
            OUTCOME,
            note="撤回结束其余全部人数；过期由系统登记，不能填写",
        ),
        Column("heads", "人数", "Heads", Kind.INTEGER, note="空白为1", minimum=1, maximum=100_000),
        Column("day", "日期", "Day", Kind.DATE, note="空白为导入当天", past=True),
        Column("person", "人才编号", "Person", Kind.REF, note="人才表中的编号；库内人才到岗必填", length=64),
        Column("skill", "缺失技能", "Missing skill", Kind.NAME, note="只在推荐被拒时填写", length=60),
        Column("note", "说明", "Note", Kind.TEXT, note="撤回时必填原因", length=500),
    ),
)
TRAINING = Sheet(
    "training",
    "培养名额",
    "Training",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column(
            "provider", "培养单位", "Provider", Kind.NAME, True, note="高校、院所、职业院校或企业", length=120
        ),
        Column("provider_code", "统一社会信用代码", "Provider code", Kind.USCC),
        Column("programme", "专业或项目", "Programme", Kind.NAME, length=120),
        Column("city", "就业城市", "City", Kind.CITY, True, note="预计就业的设区市"),
        Column("direction", "技术方向", "Direction", Kind.DIRECTION, True),
        Column("category", "人才类别", "Category", Kind.CATEGORY, True),
        Column("places", "名额", "Places", Kind.INTEGER, True, minimum=1, maximum=100_000),
        Column("starts", "开始日期", "Starts", Kind.DATE, True),
        Column("completes", "预计完成日期", "Completes", Kind.DATE, True),
        Column("completion", "完成率", "Completion rate", Kind.RATIO, True, note="如 92%"),
        Column(
            "retention", "留存率", "Retention rate", Kind.RATIO, True, note="完成者留在该市的比例，如 60%"
        ),
        ORIGIN_COLUMN,
    ),
)
MOVES = Sheet(
    "moves",
    "人才流动",
    "Moves",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("person", "人才编号", "Person", Kind.REF, note="人才表中的编号；匿名汇总请留空", length=64),
        Column("category", "人才类别", "Category", Kind.CATEGORY, note="填写人才编号时可空"),
        Column("directions", "研究方向", "Directions", Kind.SHARES, note=_SHARES_NOTE, length=500),
        Column("from_city", "流出地", "From", Kind.CITY_OR_OUTSIDE, True, note="设区市，或填“省外”"),
        Column("to_city", "流入地", "To", Kind.CITY_OR_OUTSIDE, note="退休或离开本领域请留空"),
        Column("day", "日期", "Day", Kind.DATE, True, past=True),
        Column("heads", "人数", "People", Kind.INTEGER, note="空白为1", minimum=1, maximum=100_000),
        Column("reason", "原因", "Reason", Kind.CHOICE, choices=MOVE_REASON),
        Column("note", "备注", "Note", Kind.TEXT, length=500),
        ORIGIN_COLUMN,
    ),
)
