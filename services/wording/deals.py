"""Words for the codes of the deal flow: interests, checks, votes, decisions, dossiers, alerts, capital."""

from services.kernel.text import Text

INTEREST_KINDS = {
    "NONE": Text("无", "none"),
    "EQUITY": Text("股权", "equity"),
    "EMPLOYMENT": Text("任职", "employment"),
    "KINSHIP": Text("亲属", "kinship"),
    "FINANCING": Text("资金往来", "financing"),
    "ADVISER": Text("顾问", "adviser"),
    "INVENTOR": Text("发明人", "inventor"),
    "SUPPLIER": Text("供应或采购", "supplier"),
    "OTHER": Text("其他", "other"),
}
INTEREST_STATES = {
    "STATE_CLEAR": Text("无冲突", "clear"),
    "STATE_RECUSED": Text("回避", "recused"),
    "STATE_CONTRADICTED": Text("与已知事实不符", "contradicted"),
    "STATE_ASK_AGAIN": Text("须重新声明", "declare anew"),
}
CHECK_OUTCOMES = {
    "PASS": Text("符合", "pass"),
    "FAIL": Text("不符合", "fail"),
    "UNKNOWN": Text("无法判断", "unknown"),
    "NOT_APPLICABLE": Text("不适用", "not applicable"),
    "WAIVED": Text("已豁免", "waived"),
}
SEVERITIES = {
    "BLOCK": Text("禁止", "blocks"),
    "WARN": Text("警示", "warns"),
    "INFO": Text("提示", "informs"),
}
TIERS = {"TIER_INTERNAL": Text("内部", "internal"), "TIER_EXTERNAL": Text("外部", "external")}
VOTE_RESULTS = {
    "RESULT_UNSPECIFIED": Text("表决中", "open"),
    "RESULT_CARRIED": Text("通过", "carried"),
    "RESULT_NOT_CARRIED": Text("未通过", "not carried"),
    "RESULT_NO_QUORUM": Text("未达法定人数", "no quorum"),
    "RESULT_VETOED": Text("合规否决", "vetoed"),
}
CHOICES = {
    "CHOICE_YES": Text("同意", "yes"),
    "CHOICE_NO": Text("反对", "no"),
    "CHOICE_ABSTAIN": Text("弃权", "abstain"),
}
DECISIONS = {
    "OUTCOME_APPROVED": Text("通过", "approved"),
    "OUTCOME_DECLINED": Text("否决", "declined"),
    "OUTCOME_RETURNED": Text("退回", "returned"),
}
DUTY_TESTS = {
    "TEST_DUE_DILIGENCE": Text("一 尽职", "1 due diligence"),
    "TEST_PROCEDURE": Text("二 程序合规", "2 procedure"),
    "TEST_NO_PRIVATE_GAIN": Text("三 未谋私利", "3 no private gain"),
}
DUTY_STANDINGS = {
    "STANDING_SATISFIED": Text("具备", "satisfied"),
    "STANDING_MISSING": Text("缺失", "missing"),
    "STANDING_LATE": Text("迟到", "late"),
    "STANDING_CONTRADICTED": Text("矛盾", "contradicted"),
    "STANDING_NOT_APPLICABLE": Text("不适用", "n/a"),
}
DETERMINATIONS = {
    "OUTCOME_EXEMPT": Text("免责", "exempt"),
    "OUTCOME_MITIGATED": Text("减轻", "mitigated"),
    "OUTCOME_NOT_EXEMPT": Text("不予免责", "not exempt"),
}
ALERTS = {
    "NEW_MATCH": Text("新入选", "new match"),
    "LEFT": Text("移出", "left"),
    "SCORE_CROSSED": Text("得分越线", "score crossed"),
    "GATE_CHANGED": Text("门槛变化", "gate changed"),
    "SLA_DUE": Text("超时", "over its time"),
    "HEADROOM_BELOW": Text("额度不足", "capital low"),
}
PARTIES = {
    "PROVINCE": Text("省级财政", "province"),
    "CITY": Text("市级财政", "city"),
    "DISTRICT": Text("区县财政", "district"),
    "SOE": Text("国有企业", "state-owned enterprise"),
    "SOCIAL_STATE": Text("社会资本（国有）", "social capital, state-owned"),
    "SOCIAL_PRIVATE": Text("社会资本（民营）", "social capital, private"),
    "FOREIGN": Text("外资", "foreign capital"),
    "FUND": Text("基金", "fund"),
}
LEVERAGE_SOURCES = {
    "commitments": Text("认缴登记", "commitments"),
    "rounds": Text("融资轮次", "rounds"),
    "stated": Text("基金自述", "as stated"),
}
LEVERAGE = {
    "fund": Text("基金口径：认缴总额 ÷ 财政认缴", "fund: subscribed ÷ government's part"),
    "social": Text("社会资本口径：非财政认缴 ÷ 财政认缴", "social: the rest ÷ government's part"),
    "deal": Text("项目口径：同轮外部资金 ÷ 本基金出资", "deal: outside money ÷ own tickets"),
}
SCORES = {
    "EARLY": Text("投早", "early"),
    "SMALL": Text("投小", "small"),
    "LONG": Text("投长", "long"),
    "HARD": Text("硬科技", "hard tech"),
}
DECLINED_FOR = {
    "OUT_OF_SCOPE": Text("不在投资方向内", "out of scope"),
    "NOT_ELIGIBLE": Text("不符合投早投小等条件", "not eligible"),
    "VALUATION": Text("估值过高", "valuation"),
    "TECHNOLOGY": Text("技术不成熟或不领先", "technology"),
    "TEAM": Text("团队不足", "team"),
    "MARKET": Text("市场前景不明", "market"),
    "COMPLIANCE": Text("合规问题", "compliance"),
    "CAPITAL": Text("基金额度不足", "no capital left"),
    "CONDITIONS_NOT_MET": Text("先决条件未满足", "conditions not met"),
    "OTHER": Text("其他", "other"),
}
