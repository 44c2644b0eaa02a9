"""Words that postings and profiles use whatever the trade: duties, degrees, years, manners. They tell nobody apart.

They count in the likeness of texts as rarely as they are rare, but are told neither as shared nor as lacking.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from services.matcher.domain.texts.windows import normal

_CHINESE = """
岗位职责 工作职责 主要职责 职责描述 职位描述 岗位描述 工作内容 任职要求 任职资格 任职条件 岗位要求
岗位 职位 职责 要求 招聘 诚聘 负责 参与 主持 承担 协助 完成 开展 从事 独立完成 独立开展
独立承担 组织实施 熟悉 精通 掌握 了解 熟练掌握 熟练使用 熟练运用 熟练 擅长 善于 具有 具备 拥有
能够 能适应 能独立 适应 胜任 良好的 良好 较强的 较强 优秀的 优秀 扎实的 扎实 丰富的 丰富 一定的
沟通能力 沟通协调 沟通 表达能力 语言表达 协调能力 学习能力 动手能力 抗压能力 解决问题的能力 能力
责任心 责任感 团队合作精神 团队合作 团队协作 团队精神 团队管理 团队建设 合作精神 敬业精神 团队 本科
硕士 博士后 博士 研究生 大专 学士 学历 学位 及以上 以上学历 以上 相关专业 相关工作 相关领域
相关经验 等相关 等专业 专业背景 行业背景 工作经验 工作经历 工作年限 从业经验 项目经验 经验者 经验
经历 者优先 优先考虑 优先录用 优先 英语 英文 流利 读写 听说 四级 六级 出差 加班 薪资 待遇 面议
五险一金 工程师 以及 并且 面向 围绕 针对 支撑 重点 突破 解决 提供 用于 应用于 取得 致力于 专注于 及其
目标市场为 目标市场 核心环节为 核心环节 主要专长为 已形成 建立了 实现了 形成了 我们正在 我们 正在 寻找 寻求
及配套服务 配套服务 长期从事 研究方向为 方向为 发表过相关 过相关 发表过 通过 着力 为核心 等自主 一种 现寻求
最好有 最好 有多年
"""
_ENGLISH = """
responsible responsibilities responsibility requirement requirements required require requires
qualification qualifications preferred preferably experience experienced experiences year years skill
skills skilled strong excellent good fluent english communication ability able team teamwork work working
knowledge familiar familiarity proficient proficiency degree phd doctorate master bachelor senior junior
engineer plus must should will including etc related relevant role position job join candidate candidates
apply a an and as at by for from in into is it its of on or our that the their this to via we who with
within you your hiring seeking looking
und oder der die das den dem des ein eine einen einem einer für mit von zur zum im auf bei als wir sie ist sind
suchen suche insbesondere sowie kenntnisse erfahrung erfahrungen erforderlich gute sehr
"""
_JAPANESE = "募集 歓迎 担当 経験 応募 必須 尚可 以上 研究者"
_KOREAN = "있습니다 합니다 찾고 찾습니다 우리는 저희 경험 우대 채용 모집 담당 보유 가능한 및"
_WHOLE = r"(?<![a-z])(?:{})(?![a-z])"
_YEARS = r"[0-9一二三四五六七八九十两]+\s*\+?\s*年(?:及以上|以上|左右)?|[0-9]+\+?(?=\s*years?)"
# 与, 或, 的 and the like, but within words: 目的, 饱和, 普及, 有机, 等离子.
_JOINING = (
    r"[与或をの]|(?<!目)的|(?<![饱共总调缓柔温中])和(?![谐氏平])|(?<![普波涉触顾])及(?![时格])"
    r"|(?<=[,.;:!?。\n])有(?![机限源色轨效序向氧丝害益毒])|等(?=[,.;:!?。\n])"
)
# Each but where it is a part of other words: 优先级 (priority), 经验模态 (empirical mode), 自适应 (adaptive), 智能力控
# (intelligent force control), 基本科学 (basic science).
_BUT = {
    "优先": "优先(?!级)",
    "经验": "经验(?!模态|公式|小波)",
    "适应": "(?<!自)适应(?!性)",
    "能力": "(?<![智动势核])能力",
    "本科": "(?<!基)本科",
    "突破": "突破(?!性|口)",
    "重点": "重点(?!实验室)",
    "通过": "(?<!直)通过(?![性率量])",
    "着力": "着力(?!点)",
    "解决": "解决(?!方案)",
}


def posting_words(text: str) -> NDArray[np.bool_]:
    """Which characters of a normalised text stand in such words, and those that join terms, 与, 或 and 的."""
    found = np.zeros(len(text), np.bool_)
    for each in _pattern().finditer(text):
        found[each.start() : each.end()] = True
    return found


@cache
def _pattern() -> re.Pattern[str]:
    chinese = [
        _BUT.get(word, re.escape(normal(word)))
        for word in _longest_first(f"{_CHINESE} {_JAPANESE} {_KOREAN}")
    ]
    english = _WHOLE.format("|".join(map(re.escape, _longest_first(_ENGLISH))))
    return re.compile("|".join([_YEARS, *chinese, english, _JOINING]))


def _longest_first(words: str) -> list[str]:
    return sorted(words.split(), key=len, reverse=True)
