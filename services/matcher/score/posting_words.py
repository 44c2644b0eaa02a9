"""Words that postings and profiles use whatever the trade: duties, degrees, years, manners. They tell nobody apart.

They count in the likeness of texts as rarely as they are rare, but are told neither as shared nor as lacking.
"""

import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

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
五险一金 工程师 以及 并且
"""
_ENGLISH = """
responsible responsibilities responsibility requirement requirements required require requires
qualification qualifications preferred preferably experience experienced experiences year years skill
skills skilled strong excellent good fluent english communication ability able team teamwork work working
knowledge familiar familiarity proficient proficiency degree phd doctorate master bachelor senior junior
engineer plus must should will including etc related relevant role position job join candidate candidates
apply a an and as at by for from in into is it its of on or our that the their this to via we who with
within you your
"""
_WHOLE = r"(?<![a-z])(?:{})(?![a-z])"
_YEARS = r"[0-9一二三四五六七八九十两]+\s*\+?\s*年(?:及以上|以上|左右)?|[0-9]+\+?(?=\s*years?)"
# Each but where it is a part of other words: 优先级 (priority), 经验模态 (empirical mode), 自适应 (adaptive), 智能力控
# (intelligent force control), 基本科学 (basic science).
_BUT = {
    "优先": "优先(?!级)",
    "经验": "经验(?!模态|公式|小波)",
    "适应": "(?<!自)适应(?!性)",
    "能力": "(?<![智动势核])能力",
    "本科": "(?<!基)本科",
}


def posting_words(text: str) -> NDArray[np.bool_]:
    """Which characters of a normalised text stand in such words, and those that join terms, 与, 或 and 的."""
    found = np.zeros(len(text), np.bool_)
    for each in _pattern().finditer(text):
        found[each.start() : each.end()] = True
    return found


@cache
def _pattern() -> re.Pattern[str]:
    chinese = [_BUT.get(word, re.escape(word)) for word in _longest_first(_CHINESE)]
    english = _WHOLE.format("|".join(map(re.escape, _longest_first(_ENGLISH))))
    return re.compile("|".join([_YEARS, *chinese, english, "[与或]|(?<!目)的"]))


def _longest_first(words: str) -> list[str]:
    return sorted(words.split(), key=len, reverse=True)
