"""Words for the closed codes of the contract: enum values as they come over the wire, parts, counted dimensions."""

from collections.abc import Iterable

from services.kernel.text import Text

SHORTAGE_STATES = {
    "STATE_NO_DATA": Text("无数据", "no data"),
    "STATE_NO_DEMAND": Text("无需求", "no demand"),
    "STATE_LIBRARY_GAP": Text("库内空白", "nobody in the library"),
    "STATE_ESTIMATED": Text("", ""),
}
OUTCOMES = {
    "OUTCOME_PASS": Text("通过", "pass"),
    "OUTCOME_FAIL": Text("不符", "fail"),
    "OUTCOME_UNKNOWN": Text("未知", "unknown"),
    "OUTCOME_NOT_APPLICABLE": Text("不适用", "n/a"),
}
POSITION_STATES = {
    "STATE_OPEN": Text("招聘中", "open"),
    "STATE_CLOSED": Text("已关闭", "closed"),
    "STATE_EXPIRED": Text("已过期", "expired"),
}
OUTCOME_KINDS = {
    "KIND_UNSPECIFIED": Text("未注明", "not stated"),
    "KIND_FILLED_FROM_LIBRARY": Text("库内人才到岗", "filled from the library"),
    "KIND_FILLED_ELSEWHERE": Text("其他人员到岗", "filled by others"),
    "KIND_WITHDRAWN": Text("撤回", "withdrawn"),
    "KIND_EXPIRED": Text("过期", "expired"),
    "KIND_PROPOSAL_REFUSED": Text("推荐被拒", "proposal refused"),
}
TRAINING_STATES = {
    "STATE_ACTIVE": Text("有效", "counts"),
    "STATE_CANCELLED": Text("已取消", "cancelled"),
}
MOVE_REASONS = {
    "REASON_UNSPECIFIED": Text("未注明", "not stated"),
    "REASON_JOB": Text("工作", "work"),
    "REASON_PAY": Text("薪酬", "pay"),
    "REASON_HOUSING": Text("住房", "housing"),
    "REASON_FAMILY": Text("家庭", "family"),
    "REASON_STUDY": Text("求学", "study"),
    "REASON_FIELD_LEFT": Text("离开本领域", "left the field"),
    "REASON_RETIRED": Text("退休", "retired"),
    "REASON_OTHER": Text("其他", "other"),
}
HIRE_BASES = {
    "BASIS_UNSPECIFIED": Text("未注明", "not stated"),
    "BASIS_PLAN": Text("用人计划", "the deal's plan"),
    "BASIS_EARLIER_DEALS": Text("同阶段既往项目", "earlier deals of the stage"),
}
EVENT_TYPES = {
    "TYPE_CREATED": Text("新增", "created"),
    "TYPE_RESCORED": Text("重评", "rescored"),
    "TYPE_WITHDRAWN": Text("撤回", "withdrawn"),
    "TYPE_ERASED": Text("已删除个人", "person erased"),
}
ROLES = {
    "talent_officer": Text("人才专员", "talent officer"),
    "talent_viewer": Text("人才库查阅", "talent viewer"),
    "fund_manager": Text("基金管理人", "fund manager"),
    "fund_analyst": Text("投资分析", "fund analyst"),
    "committee_member": Text("投委会委员", "committee member"),
    "committee_secretary": Text("投委会秘书", "committee secretary"),
    "legal": Text("法务", "legal"),
    "finance": Text("财务", "finance"),
    "firm_representative": Text("企业代表", "firm representative"),
    "supervisor": Text("主管部门", "supervisor"),
    "auditor": Text("审计", "auditor"),
    "partner": Text("合作方系统", "partner"),
    "partner_reader": Text("合作方只读密钥", "partner reader"),
    "partner_scout": Text("推荐方", "partner scout"),
    "admin": Text("管理员", "admin"),
    "service": Text("内部服务", "service"),
}
KINDS = {
    "person-direction": Text("人才—方向", "person–direction"),
    "firm-direction": Text("企业—方向", "firm–direction"),
    "team-direction": Text("团队—方向", "team–direction"),
    "person-position": Text("人才—岗位", "person–position"),
    "team-position": Text("团队—岗位", "team–position"),
    "person-firm": Text("人才—企业", "person–firm"),
    "firm-fund": Text("企业—基金", "firm–fund"),
    "person-cell": Text("人才—紧缺单元", "person–shortage cell"),
    "person-team": Text("人才—团队缺口", "person–team that lacks them"),
    "similar-persons": Text("相似人才", "similar people"),
    "similar-firms": Text("相似企业", "similar firms"),
}
LISTLESS = frozenset({"person-cell", "person-team", "similar-persons", "similar-firms"})
"""Kinds that are answered when somebody asks and keep no lists: they have no changes to tell."""
CONTRIBUTIONS = {
    "constant": Text("基准", "constant"),
    "place": Text("名次影响", "place in the list"),
    "page": Text("页次影响", "page of the list"),
    "text": Text("文本", "text"),
    "placed": Text("归类", "placement"),
    "directions": Text("方向", "directions"),
    "gap_words": Text("所缺的词", "words of the gap"),
    "fills": Text("补缺", "fills a gap"),
    "in_scope": Text("投资范围", "mandate"),
    "scope_words": Text("范围内的词", "words of the mandate"),
    "field": Text("领域", "field"),
    "city": Text("城市", "city"),
    "home_city": Text("本市", "home city"),
    "category": Text("类别", "category"),
    "availability": Text("意愿", "availability"),
    "founder": Text("创始人", "founder"),
    "technical_lead": Text("技术负责人", "technical lead"),
    "adviser": Text("顾问", "adviser"),
    "stage": Text("阶段", "stage"),
    "same_stage": Text("同阶段", "same stage"),
    "ticket": Text("金额", "ticket"),
    "tightness": Text("供需", "tightness"),
    "difficulty": Text("难招", "difficulty"),
    "pipeline": Text("后备", "pipeline"),
    "momentum": Text("走势", "momentum"),
    "flow": Text("外流", "outflow"),
}
GATES = {
    "OPEN": Text("有效", "open"),
    "CONSENT": Text("同意", "consent"),
    "INDUSTRY_SCOPE": Text("投资产业", "industries of the mandate"),
    "CITY_SCOPE": Text("投资地区", "cities of the mandate"),
    "STAGE_SCOPE": Text("投资阶段", "stages of the mandate"),
    "VALUATION_LIMIT": Text("估值上限", "limit of valuation"),
    "TICKET_LIMIT": Text("单笔上限", "limit of a ticket"),
    "NOT_A_MEMBER": Text("非本队成员", "not a member"),
    "LACKS_SOMEBODY": Text("团队有缺", "team lacks somebody"),
}
"""What must hold of a pair before any score, by the codes of its explanation."""
ITEMS = {
    "person": Text("人才", "people"),
    "team": Text("团队", "teams"),
    "position": Text("岗位", "positions"),
    "firm": Text("企业", "firms"),
    "fund": Text("基金", "funds"),
    "direction": Text("方向", "directions"),
    "cell": Text("紧缺单元", "shortage cells"),
}
FIRM_ROLES = {
    "FOUNDER": Text("创始人", "founder"),
    "TECHNICAL_LEAD": Text("技术负责人", "technical lead"),
    "ADVISER": Text("顾问", "adviser"),
}
BROADENINGS = {
    "CITY_TO_MOBILITY": Text("城市放宽到愿意前往者", "from the city to who would go there"),
    "CITY_TO_PROVINCE": Text("城市放宽到全省", "from the city to the province"),
    "DIRECTION_TO_INDUSTRY": Text("方向放宽到所属产业", "from the direction to its industry"),
}
CHANNELS = {
    "api": Text("逐项登记", "entered one by one"),
    "import": Text("文件导入", "imported file"),
}
"""Where a deal came from, where nobody said so."""
FACETS = {
    "state": Text("状态", "state"),
    "industry_code": Text("产业", "industry"),
    "city_code": Text("城市", "city"),
    "category_code": Text("类别", "category"),
    "blocking": Text("未过的否决项", "blocking checks"),
    "direction_code": Text("方向", "direction"),
    "from_city_code": Text("流出", "from"),
    "to_city_code": Text("流入", "to"),
    "reason": Text("原因", "reason"),
    "stage": Text("阶段", "stage"),
    "availability": Text("意愿", "availability"),
    "band": Text("得分档", "band"),
    "early_gate": Text("投早门槛", "early gate"),
    "small_gate": Text("投小门槛", "small gate"),
    "hard_gate": Text("硬科技门槛", "hard-tech gate"),
    "eligible": Text("合规", "eligible"),
    "owner": Text("负责人", "owner"),
    "channel": Text("来源渠道", "channel"),
    "origin": Text("数据来源", "origin of the data"),
    "sla": Text("办理时限", "time of the stage"),
    "first_loan": Text("首贷", "first loan"),
    "ip_pledge": Text("知识产权质押", "pledged rights"),
}
SHEETS = {
    "persons": Text("人才", "people"),
    "teams": Text("团队", "teams"),
    "positions": Text("岗位", "positions"),
    "outcomes": Text("岗位结果", "outcomes"),
    "training": Text("培养名额", "training places"),
    "moves": Text("人才流动", "moves"),
    "evidence": Text("佐证", "evidence"),
    "firms": Text("企业", "firms"),
    "funds": Text("基金", "funds"),
    "deals": Text("项目", "deals"),
}

PURPOSES = {
    "talent-service": Text("人才服务", "talent service"),
    "contact": Text("联系本人", "contact"),
    "due-diligence": Text("尽职调查", "due diligence"),
    "verification": Text("核验", "verification"),
    "supervision": Text("督查", "supervision"),
    "audit": Text("审计", "audit"),
}
PROPOSAL_STATES = {
    "PROPOSED": Text("已推荐", "proposed"),
    "VIEWED": Text("已查看", "viewed"),
    "ACCEPTED": Text("已接受", "accepted"),
    "REJECTED": Text("已拒绝", "rejected"),
    "CONTACTED": Text("已联系", "contacted"),
    "DONE": Text("已完成", "done"),
    "WITHDRAWN": Text("已撤回", "withdrawn"),
}
PROPOSAL_REASONS = {
    "SKILLS": Text("技能或技术不符", "skills or technology"),
    "LEVEL": Text("层次或阶段不符", "level or stage"),
    "CITY": Text("城市", "city"),
    "TERMS": Text("薪酬、价格或估值", "pay, price or valuation"),
    "TIMING": Text("时间不合", "timing"),
    "NOT_INTERESTED": Text("无意向", "not interested"),
    "OTHER_CHOSEN": Text("已另选他人", "somebody else was chosen"),
    "NOT_ADMITTED": Text("不再允许推荐", "may not be proposed any more"),
    "OTHER": Text("其他", "other"),
}


def purpose_named(code: str | None) -> Text:
    """What a stated purpose is called, with its code; that none was stated."""
    if code is None:
        return Text("未声明", "none stated")
    known = PURPOSES.get(code, Text(code, code))
    return Text(f"{known.zh}（{code}）", f"{known.en} ({code})")


def roles_named(codes: Iterable[str]) -> Text:
    """What roles are called, one after the other; without that of the house's own processes, which nobody is given."""
    known = [ROLES.get(code, Text(code, code)) for code in codes if code != "service"]
    return Text("、".join(each.zh for each in known), ", ".join(each.en for each in known))
