"""Words for the codes of the talent service: steps, states and kinds, by their names without the enum's prefix."""

from services.kernel.text import Text

ACTORS = {"system": Text("系统", "the system")}
"""Who acts without an account."""
ACTIONS = {
    "reveal": Text("查看", "looked"),
    "create": Text("登记", "entered"),
    "update": Text("修改", "changed"),
    "assert": Text("登记说法", "stated"),
    "retract": Text("撤销说法", "took a statement back"),
    "confirm": Text("核实", "confirmed"),
    "consent": Text("登记同意", "recorded consent"),
    "withdraw": Text("登记撤回", "recorded a withdrawal"),
    "import": Text("导入", "imported"),
    "undo-import": Text("撤销导入", "took an import back"),
    "export": Text("导出", "exported"),
    "merge": Text("合并", "merged"),
    "unmerge": Text("撤销合并", "parted"),
    "link": Text("批量合并", "merged in one go"),
    "nominate": Text("申报", "nominated"),
    "ask-approval": Text("申请复核", "asked for an approval"),
    "approve": Text("复核", "approved"),
    "refuse": Text("拒绝", "refused"),
    "erase": Text("彻底删除", "erased"),
    "deny": Text("被拒绝", "was refused"),
    "judge positive": Text("判定为同一人", "judged one person"),
    "judge negative": Text("判定为两个人", "judged two people"),
    "judge unsure": Text("判定存疑", "judged unsure"),
    "take back": Text("收回判定", "took a judgement back"),
    "check": Text("核对", "checked"),
    "declare-conflict": Text("声明利益冲突", "declared a conflict of interest"),
    "review": Text("评审", "reviewed"),
    "decide": Text("审定", "decided"),
    "fund": Text("登记拨付", "recorded a payment"),
    "follow-up": Text("登记跟踪", "followed up"),
    "record-outcome": Text("登记岗位结果", "recorded an outcome"),
    "void-outcome": Text("作废岗位结果", "voided an outcome"),
    "set-quota": Text("设定名额", "set a quota"),
    "dissolve": Text("解散团队", "dissolved a team"),
    "renew": Text("续期", "renewed"),
    "close": Text("关闭", "closed"),
    "reopen": Text("重新开放", "reopened"),
    "cancel": Text("取消", "cancelled"),
    "void": Text("作废", "voided"),
    "delete": Text("删除", "deleted"),
    "draft": Text("起草", "drafted"),
    "sign": Text("签发", "signed"),
    "download": Text("下载", "took a file"),
    "reject": Text("退回", "turned down"),
    "allocate": Text("拟定引才方案", "kept a plan"),
    "publish": Text("发布预测", "published a forecast"),
}
APPLICATION_STATES = {
    "OPEN": Text("待复核", "waiting"),
    "APPROVED": Text("已同意", "approved"),
    "REFUSED": Text("已拒绝", "refused"),
    "LAPSED": Text("已失效", "lapsed"),
}
APPROVAL_STATES = {
    "STANDING": Text("有效", "counts"),
    "USED": Text("已使用", "used"),
    "EXPIRED": Text("已过期", "expired"),
    "MOOT": Text("已无需办理", "nothing left to do"),
}
CONSENT_KINDS = {
    "GIVEN": Text("同意", "given"),
    "WITHDRAWN": Text("撤回", "withdrawn"),
    "ANNULLED": Text("作废", "annulled"),
}
CONSENT_BASES = {
    "CONSENT": Text("本人同意", "consent"),
    "STATUTORY_DUTY": Text("法定职责", "statutory duty"),
}
CONSENT_PURPOSES = {
    "MATCH_POSITION": Text("人岗匹配", "matching positions"),
    "MATCH_FIRM": Text("企业对接", "matching firms"),
    "STATISTICS": Text("数据统计", "statistics"),
}
TEAM_STATES = {
    "ACTIVE": Text("在运行", "active"),
    "DISSOLVED": Text("已解散", "dissolved"),
}
NOMINATION_STATES = {
    "NOMINATED": Text("已申报", "nominated"),
    "ELIGIBLE": Text("资格通过", "eligible"),
    "INELIGIBLE": Text("资格未通过", "not eligible"),
    "REVIEWED": Text("已评审", "reviewed"),
    "AWARDED": Text("入选", "awarded"),
    "DECLINED": Text("未入选", "declined"),
    "FUNDED": Text("已拨付", "funded"),
    "FOLLOWED_UP": Text("跟踪中", "followed up"),
    "WITHDRAWN": Text("已撤回", "withdrawn"),
}
NOMINATION_STEPS = {
    "NOMINATE": Text("申报", "nominated"),
    "CHECK": Text("资格审查", "checked"),
    "DECLARE_CONFLICT": Text("利益冲突", "conflict declared"),
    "REVIEW": Text("评审", "reviewed"),
    "DECIDE": Text("审定", "decided"),
    "FUND": Text("拨付", "funded"),
    "FOLLOW_UP": Text("跟踪", "followed up"),
    "WITHDRAW": Text("撤回", "withdrawn"),
}
FOLLOW_UP_RESULTS = {
    "IN_POST": Text("在岗", "in post"),
    "MOVED": Text("省内变动", "moved within the province"),
    "LEFT_PROVINCE": Text("离省", "left the province"),
}
EVIDENCE_KINDS = {
    "PLATFORM": Text("平台载体", "carrier"),
    "PILOT_ZONE": Text("先导区", "pilot zone"),
    "SCENARIO": Text("应用场景", "scenario"),
    "RD_PROJECT": Text("研发项目", "R&D project"),
    "LEADING_TALENT": Text("领军人才（团队）", "leading talent"),
    "INNOVATIVE_TALENT": Text("创新人才（团队）", "innovative talent"),
    "GROWTH_INDUSTRY": Text("成长型产业", "growth industry"),
    "CCUS_CAPACITY": Text("CCUS能力", "CCUS capability"),
    "GOVERNANCE_CASE": Text("治理案例", "governance case"),
    "MILESTONE": Text("里程碑佐证", "milestone"),
}
EVIDENCE_STATES = {
    "ENTERED": Text("待确认", "entered"),
    "CONFIRMED": Text("已确认", "confirmed"),
    "VOIDED": Text("已作废", "voided"),
}
TARGET_LIGHTS = {
    "GREEN": Text("绿灯", "on course (green)"),
    "YELLOW": Text("黄灯", "in doubt (yellow)"),
    "RED": Text("红灯", "unlikely (red)"),
    "GREY": Text("灰灯（逾期）", "overdue (grey)"),
    "UNSPECIFIED": Text("", ""),
}
IMPORT_STATES = {
    "STATE_RUNNING": Text("进行中", "running"),
    "STATE_COMMITTED": Text("已写入", "written"),
    "STATE_CHECKED": Text("试运行", "dry run"),
    "STATE_REFUSED": Text("未写入（有拒收行）", "nothing written"),
    "STATE_FAILED": Text("失败", "failed"),
    "STATE_INTERRUPTED": Text("中断", "interrupted"),
    "STATE_UNDONE": Text("已撤销", "undone"),
    "STATE_PARTLY_UNDONE": Text("部分撤销", "partly undone"),
}
ROW_OUTCOMES = {
    "OUTCOME_NEW": Text("新增", "new"),
    "OUTCOME_CHANGED": Text("变更", "changed"),
    "OUTCOME_REFUSED": Text("拒收", "refused"),
}
ROW_OVERRULED = Text(
    "已记为该来源的说法；采用的值不变（见“信息来源”）",
    "recorded as what this source says; the values shown stay (see who says what)",
)
"""Of a row that changed a record and none of the values that are shown of it."""
DUPLICATE_BANDS = {
    "LINK": Text("可关联", "link"),
    "REVIEW": Text("待审核", "review"),
    "UNSPECIFIED": Text("—", "—"),
}
DUPLICATE_VERDICTS = {
    "POSITIVE": Text("同一人", "one person"),
    "NEGATIVE": Text("不同的人", "two people"),
    "UNSURE": Text("无法判断", "cannot tell"),
}
