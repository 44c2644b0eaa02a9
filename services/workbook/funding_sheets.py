"""Layout of the sheets about capital: firms 企业, funds 基金, deals 项目."""

from services.kernel.money import MAX_FEN
from services.workbook.choices import DEAL_STATE, FUND_KIND, RULESET, STAGE
from services.workbook.columns import Column, Kind, Sheet
from services.workbook.talent_sheets import ORIGIN_COLUMN

_MONEY = "无单位按元计；可写 500万元、1.5亿元；空白表示未知"
_COUNT = "空白表示未知，不是0"

FIRMS = Sheet(
    "firms",
    "企业",
    "Firms",
    (
        Column("uscc", "统一社会信用代码", "USCC", Kind.USCC, True),
        Column("name", "企业名称", "Name", Kind.NAME, True),
        Column("city", "所在城市", "City", Kind.CITY, True),
        Column("directions", "技术方向", "Directions", Kind.SHARES, True, note="写法同人才表", length=500),
        Column("founded", "成立日期", "Founded", Kind.DATE, True, past=True),
        Column(
            "founded_checked",
            "成立日期已核对",
            "Founding date checked",
            Kind.YES_NO,
            note="成立日期早于1949-10-01的，核对后填“是”",
        ),
        Column("stage", "发展阶段", "Stage", Kind.CHOICE, True, STAGE),
        Column("staff", "员工人数", "Staff", Kind.INTEGER, note=_COUNT),
        Column("rd_staff", "研发人员", "R&D staff", Kind.INTEGER, note=_COUNT),
        Column("bachelor_staff", "本科及以上人数", "Bachelor staff", Kind.INTEGER, note=_COUNT),
        Column("assets", "总资产", "Assets", Kind.AMOUNT, note=_MONEY),
        Column("net_assets", "净资产", "Net assets", Kind.AMOUNT, note=_MONEY + "；可为负", minimum=-MAX_FEN),
        Column("revenue", "营业收入", "Revenue", Kind.AMOUNT, note=_MONEY),
        Column("cost", "成本费用", "Cost", Kind.AMOUNT, note=_MONEY),
        Column("rd_cost", "研发费用", "R&D cost", Kind.AMOUNT, note=_MONEY),
        Column("inventions", "发明专利", "Inventions", Kind.INTEGER, note=_COUNT),
        Column("pct", "PCT申请", "PCT", Kind.INTEGER, note=_COUNT),
        Column("utility", "实用新型", "Utility models", Kind.INTEGER, note=_COUNT),
        Column("software", "软件著作权", "Software", Kind.INTEGER, note=_COUNT),
        Column("external_rounds", "外部融资轮次", "External rounds", Kind.INTEGER, note=_COUNT, maximum=30),
        Column("trl", "技术成熟度", "TRL", Kind.INTEGER, note="1至9", minimum=1, maximum=9),
        Column("technology", "核心技术", "Technology", Kind.TEXT, length=4000),
        Column("product", "产品与应用", "Product", Kind.TEXT, length=4000),
        Column("sought", "融资需求", "Amount sought", Kind.AMOUNT, note=_MONEY, minimum=1),
        Column("as_of", "数据截止日期", "As of", Kind.DATE, True, past=True),
        Column("verified", "已核验", "Verified", Kind.YES_NO),
        Column("abnormal", "经营异常", "Abnormal", Kind.YES_NO),
        Column("restricted", "限制淘汰禁止类", "Restricted", Kind.YES_NO, note="限制类、淘汰类、明令禁止"),
        Column("core_project", "核心技术攻关项目", "Core project", Kind.YES_NO, note="承担国家或省级项目"),
        ORIGIN_COLUMN,
    ),
    natural_key="uscc",
)
FUNDS = Sheet(
    "funds",
    "基金",
    "Funds",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("name", "基金名称", "Name", Kind.NAME, True),
        Column("kind", "基金类型", "Kind", Kind.CHOICE, True, FUND_KIND),
        Column("city", "所在城市", "City", Kind.CITY),
        Column("size", "认缴规模", "Size", Kind.AMOUNT, True, note=_MONEY),
        Column("paid_in", "实缴", "Paid in", Kind.AMOUNT, note=_MONEY),
        Column("government", "财政出资", "Government", Kind.AMOUNT, note=_MONEY),
        Column("committed", "已承诺投资额", "Committed", Kind.AMOUNT, note=_MONEY),
        Column("established", "设立日期", "Established", Kind.DATE, True, past=True),
        Column("life_years", "存续期年", "Life years", Kind.INTEGER, True, minimum=1, maximum=30),
        Column("investment_years", "投资期年", "Investment years", Kind.INTEGER, True, minimum=1, maximum=30),
        Column("ruleset", "规则集", "Rule set", Kind.CHOICE, True, RULESET),
        Column("industries", "投资范围", "Industries", Kind.INDUSTRIES, note="产业，用分号分隔", length=500),
        Column("cities", "投资区域", "Cities", Kind.CITIES, note="设区市，用分号分隔；空白表示全省"),
        Column("ticket_max", "单笔上限", "Ticket max", Kind.AMOUNT, note=_MONEY),
        Column("valuation_max", "投前估值上限", "Valuation max", Kind.AMOUNT, note=_MONEY),
        Column("concentration_max", "单项目占比上限", "Concentration max", Kind.RATIO, note="如 20% 或 1/5"),
        Column("early_floor", "早期占比下限", "Early floor", Kind.RATIO, note="如 70%"),
        ORIGIN_COLUMN,
    ),
)
DEALS = Sheet(
    "deals",
    "项目",
    "Deals",
    (
        Column("ref", "编号", "Ref", Kind.REF, True, length=64),
        Column("fund", "基金编号", "Fund", Kind.REF, True, note="基金表中的编号", length=64),
        Column("firm", "企业信用代码", "Firm", Kind.USCC, True, note="企业表中的统一社会信用代码"),
        Column("round", "轮次", "Round", Kind.NAME, True, note="如 种子轮、天使轮、Pre-A轮", length=40),
        Column("ticket", "拟投金额", "Ticket", Kind.AMOUNT, True, note=_MONEY),
        Column("pre_money", "投前估值", "Pre-money", Kind.AMOUNT, note=_MONEY),
        Column("round_total", "本轮总额", "Round total", Kind.AMOUNT, note=_MONEY),
        Column("holding_years", "计划持有年限", "Holding years", Kind.INTEGER, maximum=30),
        Column(
            "redemption_year", "最早回购年", "Redemption year", Kind.INTEGER, note="交割后第几年", maximum=30
        ),
        Column("fixed_return", "固定回报条款", "Fixed return", Kind.YES_NO),
        Column("follow_on", "后续投资预留", "Follow-on", Kind.AMOUNT, note=_MONEY),
        Column("state", "当前状态", "State", Kind.CHOICE, choices=DEAL_STATE, note="空白视为线索"),
        Column("submitted", "申报日期", "Submitted", Kind.DATE, True, past=True),
        Column("owner", "负责人", "Owner", Kind.NAME),
        Column("expert_rating", "专家评分", "Expert rating", Kind.INTEGER, note="1至5", minimum=1, maximum=5),
        Column(
            "hiring_plan",
            "岗位计划",
            "Hiring plan",
            Kind.HIRES,
            note="出资后拟用人：类别=人数，或 方向:类别=人数，用分号分隔，如 卓越工程师=6",
            length=2000,
        ),
        Column("hiring_months", "用人期限月", "Hiring months", Kind.INTEGER, minimum=1, maximum=60),
        ORIGIN_COLUMN,
    ),
)
