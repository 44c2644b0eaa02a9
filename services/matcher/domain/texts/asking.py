"""What a short text asks for, without the words of asking: 量子 of 找量子人才, SiC of *looking for SiC engineers*."""

import re

_BEFORE = re.compile(
    r"(?:我们?|本公司|是|想|要|急|寻|找|招|聘|求|投|做|从事|需要?|关注|有关|关于|的|都|均|可以|[^\w])+"
    r"|(?:(?:we|i|are|am|is|looking for|want|wants|wanted|need|needs|seeking|hiring|investing in|interested in"
    r"|working (?:in|on)|only|an?|the|for)\b[^\w]*)+"
)
_WHO = (
    r"的|方向|领域|行业|产业|技术|赛道|相关|类|专业|研发|研究|人才|专家|人员|工程师|科学家|博士|硕士|岗位?|职位"
    r"|企业|公司|项目|团队|初创|优先|均可|都可以?"
)
_BEHIND = re.compile(
    rf"(?:{_WHO}|[^\w]|\b(?:engineers?|experts?|scientists?|specialists?|researchers?|people|talents?|jobs?"
    r"|positions?|compan(?:y|ies)|firms?|start-?ups?|projects?|teams?|technology|industry|only|please)\b)+$"
)


def asked(text: str) -> str:
    """A normal text without words that only ask at its beginning and its end; nothing where it is nothing else."""
    begun = _BEFORE.match(text)
    rest = text[begun.end() :] if begun else text
    return _BEHIND.sub("", rest)


LONGEST = 40
"""So many characters of asking may stand around what is asked for."""
