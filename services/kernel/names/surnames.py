"""Chinese surnames: the compound ones, and the readings that only a surname has."""

from services.kernel.names.script import syllables

_COMPOUND = (
    "欧阳 上官 皇甫 令狐 司徒 诸葛 司马 夏侯 端木 尉迟 公孙 慕容 长孙 宇文 司空 东方 独孤 南宫 万俟 闻人 "
    "赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 轩辕 钟离 鲜于 闾丘 亓官 司寇 子车 颛孙 巫马 公西 "
    "漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 百里 东郭 南门 呼延 羊舌 微生 梁丘 左丘 东门 西门 第五 "
    "纳兰 完颜 叶赫 富察 钮祜禄 爱新觉罗 耶律"
)
COMPOUND = frozenset(_COMPOUND.split())
_READINGS = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "翟": "zhai",
    "盖": "ge",
    "任": "ren",
    "朴": "piao",
    "乐": "yue",
    "缪": "miao",
    "覃": "qin",
    "秘": "bi",
    "冼": "xian",
    "黑": "he",
    "重": "chong",
    "召": "shao",
    "繁": "po",
    "员": "yun",
    "种": "chong",
    "洗": "xian",
    "逄": "pang",
    "郇": "xun",
    "折": "she",
    "尉迟": "yuchi",
    "万俟": "moqi",
    "单于": "chanyu",
    "澹台": "tantai",
    "卜": "bu",
    "阚": "kan",
    "薄": "bo",
    "都": "du",
    "隗": "wei",
    "句": "gou",
    "祭": "zhai",
    "藏": "zang",
    "粘": "nian",
    "乜": "nie",
    "能": "nai",
    "么": "yao",
    "角": "jue",
    "佴": "nai",
    "蔚": "yu",
    "柜": "ju",
    "乐正": "yuezheng",
    "子车": "ziju",
}
_READ_APART = frozenset(surname[0] for surname in _READINGS)
_LONGEST = max(map(len, COMPOUND))


def split(name: str) -> tuple[str, str]:
    """Surname and given name of a name in characters; a single character is a surname."""
    for length in range(min(_LONGEST, len(name) - 1), 1, -1):
        if name[:length] in COMPOUND:
            return name[:length], name[length:]
    return name[:1], name[1:]


def own_reading(surname: str) -> str | None:
    """The reading that the characters have as a surname alone; None for the many that are read as ever."""
    return _READINGS.get(surname)


def may_be_read_apart(first: str) -> bool:
    """Whether a surname that begins with this character has a reading of its own."""
    return first in _READ_APART


def surname_reading(surname: str) -> str:
    """The reading as a surname: 单 is shan, 曾 is zeng."""
    return _READINGS.get(surname) or "".join(syllables(surname))
