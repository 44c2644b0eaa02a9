"""Closed choices of the exchange format: stable code, Chinese and English label."""

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """One admissible value. `aliases` are further spellings that are understood."""

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


Choices = tuple[Choice, ...]

AVAILABILITY: Choices = (
    Choice("NOW", "随时", "At any time", ("随时到岗",)),
    Choice("HALF_YEAR", "半年内", "Within half a year"),
    Choice("FLEXIBLE", "柔性", "Flexible or part-time", ("兼职", "柔性/兼职", "柔性引进")),
    Choice("SETTLED", "暂不流动", "Not for the moment", ("不流动",)),
)
PURPOSE: Choices = (
    Choice("match-position", "人岗匹配", "Matching with positions"),
    Choice("match-firm", "企业对接", "Matching with firms", ("人企匹配",)),
    Choice("statistics", "数据统计", "Statistics", ("统计",)),
)
MOVE_REASON: Choices = (
    Choice("JOB", "工作", "Work", ("工作变动",)),
    Choice("PAY", "薪酬", "Pay", ("待遇",)),
    Choice("HOUSING", "住房", "Housing"),
    Choice("FAMILY", "家庭", "Family"),
    Choice("STUDY", "求学", "Study", ("升学",)),
    Choice("FIELD_LEFT", "离开本领域", "Left the field", ("转行",)),
    Choice("RETIRED", "退休", "Retired"),
    Choice("OTHER", "其他", "Other"),
)
OUTCOME: Choices = (
    Choice("FILLED_FROM_LIBRARY", "库内人才到岗", "Filled from the library", ("库内到岗",)),
    Choice("FILLED_ELSEWHERE", "其他人员到岗", "Filled by others", ("其他到岗", "到岗")),
    Choice("WITHDRAWN", "撤回", "Withdrawn"),
    Choice("EXPIRED", "过期", "Expired"),
    Choice("PROPOSAL_REFUSED", "推荐被拒", "Proposal refused", ("被拒",)),
)
ORIGIN: Choices = (
    Choice("REAL", "真实数据", "Real data", ("真实",)),
    Choice("SYNTHETIC", "演示数据", "Synthetic data", ("合成数据", "合成")),
)
YES_NO: Choices = (
    Choice("YES", "是", "Yes", ("true", "1", "y", "有")),
    Choice("NO", "否", "No", ("false", "0", "n", "无")),
)
SOURCE_LIST: Choices = (
    Choice("social-insurance", "社保", "Social insurance", ("社会保险", "社保名单", "人社")),
    Choice("university", "高校", "Universities", ("高校院所", "院校", "高等学校")),
    Choice("headhunter", "猎头", "Headhunters", ("猎头机构", "人力资源机构")),
    Choice("employer", "用人单位", "Employers", ("企业", "企业申报", "单位申报")),
    Choice("city-office", "市县人才办", "City and county offices", ("人才办", "市县")),
    Choice("programme-list", "人才计划名单", "Lists of talent programmes", ("计划名单", "人才计划")),
    Choice("professional-title", "职称与资格名册", "Registers of titles and licences", ("职称", "职业资格")),
    Choice("returnees", "留学归国登记", "Register of returnees", ("留学人员", "归国")),
    Choice("other-list", "其他名单", "Another list", ("其他",)),
)
"""Where lists of people come from: independent ones tell how many people none of them knows."""
NAME_KIND: Choices = (
    Choice("FORMER", "曾用名", "Former name"),
    Choice("ALTERNATIVE", "别名", "Other name"),
    Choice("LATIN", "拉丁转写", "Name in Latin letters", ("拉丁", "英文名", "Latin")),
)
DEGREE: Choices = (
    Choice("NONE", "无学位", "No degree", ("无",)),
    Choice("BACHELOR", "学士", "Bachelor", ("本科",)),
    Choice("MASTER", "硕士", "Master"),
    Choice("DOCTOR", "博士", "Doctor"),
    Choice("POSTDOC", "博士后", "Postdoc"),
)
WORK_KIND: Choices = (
    Choice("PAPER", "论文", "Paper"),
    Choice("PATENT", "专利", "Patent"),
    Choice("PROJECT", "项目", "Project"),
    Choice("STANDARD", "标准", "Standard"),
    Choice("PRODUCT", "产品", "Product"),
    Choice("AWARD", "奖项", "Award", ("获奖",)),
    Choice("OTHER", "其他", "Other"),
)
STAGE: Choices = (
    Choice("SEED", "种子期", "Seed"),
    Choice("STARTUP", "初创期", "Start-up"),
    Choice("EARLY_GROWTH", "早期成长", "Early growth", ("早期成长期",)),
    Choice("GROWTH", "成长期", "Growth"),
)
FUND_KIND: Choices = (
    Choice("PROVINCIAL_MOTHER", "省级母基金", "Provincial mother fund"),
    Choice("FUTURE_ANGEL", "未来产业天使基金", "Future-industry angel fund"),
    Choice("CITY_SPECIAL", "设区市专项基金", "City special fund"),
    Choice("SUB_FUND", "子基金", "Sub-fund"),
    Choice("OTHER", "其他", "Other"),
)
RULESET: Choices = (
    Choice("suzhou-522", "苏州天使母基金规则", "Suzhou angel mother fund rules"),
    Choice("national-2025", "国家创业投资引导基金规则", "National venture guidance fund rules (2025)"),
    Choice("tax-2018-55", "财税〔2018〕55号", "Tax notice 2018 No. 55"),
)
DEAL_STATE: Choices = (
    Choice("LEAD", "线索", "Lead"),
    Choice("SUBMITTED", "已申报", "Submitted"),
    Choice("SCREENING", "初审", "Screening"),
    Choice("INITIATED", "立项", "Initiated"),
    Choice("DUE_DILIGENCE", "尽调", "Due diligence"),
    Choice("IC_INTERNAL", "内投", "Internal investment committee"),
    Choice("IC_EXTERNAL", "外投", "External investment committee"),
    Choice("APPROVED", "已批准", "Approved"),
    Choice("SIGNED", "已签约", "Signed"),
    Choice("INVESTED", "已出资", "Invested"),
    Choice("INFO_REQUESTED", "待补充材料", "Information requested"),
    Choice("ON_HOLD", "暂缓", "On hold"),
    Choice("DECLINED", "已否决", "Declined"),
    Choice("WITHDRAWN", "已撤回", "Withdrawn"),
    Choice("LAPSED", "已失效", "Lapsed"),
)


def fold(text: str) -> str:
    """Width-insensitive, case-insensitive form without blanks, for comparing names."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def find(choices: Choices, text: str) -> Choice | None:
    """The choice that `text` names by code, label or alias; None when there is none."""
    wanted = fold(text)
    for choice in choices:
        if wanted in {fold(name) for name in (choice.code, choice.zh, choice.en, *choice.aliases)}:
            return choice
    return None


def label_zh(choices: Choices, code: str) -> str:
    """The Chinese label of a code that is known to exist; KeyError otherwise."""
    return {choice.code: choice.zh for choice in choices}[code]
