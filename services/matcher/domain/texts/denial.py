"""What a text says that it is not about: clauses that deny a field of work, in Chinese and English.

Words of working in a field deny one (不从事氢能, not in hydrogen), and so do those of wanting, taking and leaving out
(不要氢能, 除氢能外均可, other than fuel cells). Other negations (不含铂, without platinum) say how something is made,
and are read as they stand; 不仅, 不限于 and *not only* deny nothing.
"""

import re

_END = r"[,.;!?。\n]"
_TURN = (
    r"而是|而从事|而做|转而|转做|改做|只做|仅做|但|只要|只招|只找|只投|还是要"
    r"|\bbut\b|\bonly\b|\band (?:now|work|do|move|switch|want|prefer)\b"
)
_CLAUSE = rf"[^,.;!?。\n]*?(?={_END}|{_TURN}|$)"
# What is wanted of something stands before 的: 不考虑成本的燃料电池 is one, and 不要氢能的 is none.
_TO_NOUN = rf"[^,.;!?。\n的]*?(?={_END}|的|{_TURN}|$)"
_TO_PREPOSITION = rf"[^,.;!?。\n]*?(?={_END}|{_TURN}|\b(?:in|for|at|as|by|with|to|when|while|where|from)\b|$)"
_AT_FIRST = r"(?:^|(?<=[,.;:!?。(\n])|(?<=[,.;:!?] ))"
# 不得不做, 不可不做 and 做不做 deny nothing.
_NO = r"(?<![得可能无莫])不"
_DO = r"(?:从事|涉足|进入|研究|开发|做|搞|投|招|找|干|碰|去)"
_OF_A_FIELD = r"(?:方向|背景|岗位|人才|经验|项目|专业|行业|领域|企业|公司|类)"
_WORKING = (
    rf"{_NO}再?(?:从事|涉及)|(?:未曾?|没有?)(?:从事|涉及|涉足)|(?:未曾|没有?)(?:研究|做)过"
    rf"|{_NO}再?(?:研究|属于|(?<!做不)做)(?!了|到|出|好|完|过|成)"
    rf"|{_NO}是{_DO}(?!了|到|出|好|完|过|成)"
    rf"|{_AT_FIRST}(?:不是|并非)(?=[^,.;!?。\n是]{{1,16}},?(?:而是|是))"
)
_WANTING = (
    rf"{_NO}(?<!要不)要(?![求让使紧])|{_NO}(?<!想不)想(?![象到法]|错过|放弃|离开)(?:再|要|{_DO})*"
    rf"|{_NO}愿意?(?!放弃|离开|错过)(?:再|{_DO})*|{_NO}(?:打算|准备|计划|希望)再?{_DO}"
    rf"|{_NO}再?(?:考虑|接受|聘|引进|搞|(?<!找不)找(?!平)|(?<!招不)招(?![标待致惹])|(?<!投不)投(?![产入料放运]))"
    r"|无意(?:再|于)*(?![间识中义])|(?:没有?|无)兴趣(?:做|从事)?|不感兴趣的?:|不喜欢|不看(?![好重到出清见似])"
    r"|(?:别|勿|不要)(?:再|给我)*推(?:荐|送)?|离开(?=[^,.;!?。\n]{1,10}(?:行业|领域|产业))"
    rf"|{_NO}需要(?=[^,.;!?。\n的]{{1,12}}{_OF_A_FIELD})|{_NO}包括"
    r"|(?<![不未想肯愿])(?:放弃|退出|撤出)|谢绝|婉拒|拒绝(?!服务|率|域)"
    r"|排除(?![^,.;!?。\n]*(?:故障|干扰|影响|隐患|误差|噪声|问题|异常|风险|障碍|因素|可能|法))"
)
_LEFT_OUT = (
    r"(?<![消清扣去剔解废删免拆排根铲破开移切扫])除(?:了|开|去)?[^,.;!?。\n]{1,24}?(?:(?:之外|以外|外),?|(?<!除),|(?=都|均|皆|其[他它余]))"
    r"(?=[^,.;!?。\n还也又并]{0,12}(?:都|均|皆|其他|其它|其余|任何|一律|不限|全部)"
    r"(?![^,.;!?。\n]*(?:[还也又]|不[投做招看考])))"
    r"|(?:(?!非|不)[^,.;:!?。()\n]){1,16}(?:除外|(?<!诚)勿扰|勿投|免谈)"
    r"|对[^,.;!?。\n]{1,16}?(?:不感|没有?|无)兴趣"
    rf"|{_AT_FIRST}(?!非|除)[^,.;:!?。\n不以之什]{{1,10}}(?<!要)(?<!做)不(?:再?考虑|要推?|投|招|做|看)了?(?={_END}|$)"
    r"|(?:(?<=我|们)|(?<=公司|业务|本人|岗位|项目)|(?<=[,.;:!?。\n])|^)[与和跟同][^,.;!?。\n]{1,16}(?:无关|没有?关系)"
)
_NOT_AFTER = (
    r"(?!only|just|merely|simply|solely|to\b|limited|least|yet|because|as\b|so\b|that|until|even|all|always|every"
    r"|necessarily|unlike|if|for\b|a few|\w+ing\b)"
)
_EN_WORKING = (
    r"\bnot (?:in|(?:working|active|engaged|involved|interested|experienced|investing) (?:in|on|with)"
    r"|looking for|seeking|hiring|considering|funding)\b"
    r"|\b(?:no|without(?: any)?) (?:experience|interest) (?:in|with|of)\b"
    r"|\bnot (?:into|keen on|fond of)\b|\bnever (?:worked|been) (?:in|on|with)\b"
    r"|\b(?:stopped|quit|gave up) (?:working|doing)\b"
    r"|\bno longer (?:in|do|doing|hiring|funding|seeking|pursuing|looking for"
    r"|(?:work|working|active|engaged|involved|interested|invest|investing) (?:in|on|with))\b"
    r"|\b(?:do|does|did|will)(?: not|n['’]t) (?:do|want|hire|fund|seek|consider|accept|(?:work|invest) (?:in|on|with)"
    r"|look for)\b"
    rf"|(?:{_AT_FIRST}(?:and )?|\bbut )not {_NOT_AFTER}"
    rf"|{_AT_FIRST}no (?!doubt|less|more|longer|one\b|matter|wonder|other)"
    r"(?=[^,.;!?。\n]{1,30}, ?(?:please|only|just|but)\b)"
)
_EN_LEFT_OUT = (
    r"(?<!none )(?<!nothing )(?<!no )\bother than\b"
    r"|(?<!none )(?<!nothing )(?<!nobody )\bexcept(?:ing)?\b(?! that| when| in\b| where| if| as| to\b)"
    r"|\bexcluding\b|\b(?:everything|anything|anyone|all) but\b|\bplease no\b"
    r"|\b(?:apart|aside) from\b(?=[^,.;!?。\n]{1,40},? (?:any|all|every))"
    r"|\b(?:want|wants|wish|prefer|prefers|like|please)(?: to)? avoid\b"
)
_EN_INSTEAD = (
    r"\b(?:rather than|instead of)\b(?: (?:working|investing|being|staying|active))?(?: (?:in|on|with)\b)?"
)
_KEPT = (
    r"(?P<kept>不[^,.;!?。\n]{1,8}(?:放弃|退出)|从[不未][^,.;!?。\n]{0,4}(?:放弃|退出)"
    r"|(?:未曾?|没有?)(?:从事|涉及|研究|做)过[^,.;!?。\n]{1,16}(?:以外|之外)"
    r"|除[^,.;!?。\n]{1,20}都不[投做招看考])"
)
"""What has the words of a denial and denies nothing."""
_DENIED = re.compile(
    f"{_KEPT}|(?:{_WORKING}|{_EN_WORKING}|{_EN_LEFT_OUT}){_CLAUSE}|(?:{_WANTING}){_TO_NOUN}|{_LEFT_OUT}"
    f"|(?:{_EN_INSTEAD}){_TO_PREPOSITION}"
)
_SIGNS = (
    *("不从", "不涉", "不研", "不属", "不做", "不再", "不是", "并非", "未从", "未涉", "未曾", "没"),
    *("不要", "不想", "不愿", "不打算", "不准备", "不计划", "不希望", "不考虑", "不接受", "不聘"),
    *(
        "不引进",
        "不搞",
        "不找",
        "不招",
        "不投",
        "不需要",
        "不包括",
        "不感",
        "不喜",
        "不看",
        "无意",
        "兴趣",
        "别推",
        "别再",
        "别给",
        "离开",
        "放弃",
        "退出",
        "撤出",
    ),
    *("谢绝", "婉拒", "拒绝", "排除", "除了", "之外", "以外", "外,", "外其", "外都", "外均", "除外"),
    *("勿", "免谈", "无关", "not ", "no ", "n't ", "n’t ", "other than", "except", "excluding"),
    *(
        "avoid",
        "never ",
        "stopped ",
        "quit ",
        "gave up ",
        " but ",
        "apart from",
        "aside from",
        "without ",
        "rather than",
        "instead of",
    ),
)
_OPEN = re.compile(f"(?:{'|'.join(map(re.escape, _SIGNS))})[^,.;!?。]*$")


def denies(text: str) -> bool:
    """Whether a text may deny something; one without any of the signs does not."""
    return any(sign in text for sign in _SIGNS)


def denies_to_its_end(line: str) -> bool:
    """Whether what a line may deny goes on to where the line ends; more before it never changes a yes."""
    return _OPEN.search(line) is not None


def affirmed(text: str) -> str:
    """A text in its normal form without what it denies; as long as before, so that places in it stay what they are."""
    if not denies(text):
        return text
    before = ""
    while before != text:  # what is left may read otherwise than it did: 不从事氢能 within another denial
        before, text = text, _DENIED.sub(_blank, text)
    return text


def _blank(found: re.Match[str]) -> str:
    return found["kept"] or " " * len(found.group())
