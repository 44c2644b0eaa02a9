"""How common surnames and the characters of given names are, in people per million.

Rounded from the statistics of the National Citizen Identity Information Center over 1.2 billion people of
2008 (H.-W.-S. Bao, ChineseNames, doi:10.32614/CRAN.package.ChineseNames). Given names: people born 1960 to
1999; the cohorts in which a character is not among the fifty most frequent count half of the fiftieth.
"""

from typing import Final

_MILLION = 1_000_000
# A surname or a character that is not listed: about as common as the last of those that are.
_RARE_SURNAME = 200
_RARE_CHARACTER = 1_200
# Characters in a given name: one with this share of people, two with the rest.
_SINGLE = 0.15


def _table(text: str) -> dict[str, int]:
    words = text.split()
    return {word: int(count) for word, count in zip(words[::2], words[1::2], strict=True)}


SURNAMES: Final = _table(
    "王 74862 李 73703 张 70329 刘 53056 陈 45548 杨 33689 黄 "
    "23483 赵 21113 吴 19990 周 19626 徐 14972 孙 14555 朱 "
    "13210 马 13077 胡 12035 郭 11500 何 10737 高 10429 罗 9862 "
    "林 9824 郑 9119 梁 8389 谢 7467 宋 7319 唐 7150 韩 6426 许 "
    "6403 冯 6340 邓 6240 曹 6199 彭 5900 曾 5653 肖 5453 田 "
    "5429 董 5335 袁 5207 于 5143 潘 5115 蒋 4933 杜 4855 蔡 "
    "4851 余 4807 程 4697 魏 4640 叶 4609 吕 4519 丁 4513 苏 "
    "4494 任 4335 沈 4242 姚 4175 姜 4144 卢 4068 崔 4026 钟 "
    "3945 谭 3797 汪 3784 范 3759 陆 3714 金 3687 石 3539 廖 "
    "3483 贾 3465 夏 3333 付 3275 方 3168 韦 3130 邹 3061 白 "
    "3036 熊 3016 孟 2995 秦 2981 邱 2753 尹 2706 江 2690 薛 "
    "2663 闫 2604 侯 2583 段 2519 雷 2469 史 2228 龙 2226 陶 "
    "2201 顾 2155 贺 2148 黎 2118 郝 2095 毛 2081 邵 2060 龚 "
    "2058 万 2006 钱 1933 武 1896 严 1896 戴 1865 孔 1801 向 "
    "1786 覃 1751 常 1741 汤 1736 莫 1682 康 1638 文 1608 温 "
    "1604 牛 1593 代 1593 赖 1586 洪 1550 葛 1525 施 1521 邢 "
    "1496 安 1465 樊 1411 齐 1389 乔 1362 易 1352 庞 1309 倪 "
    "1266 伍 1266 鲁 1253 聂 1244 章 1198 岳 1182 颜 1178 殷 "
    "1162 翟 1155 申 1150 耿 1090 欧 1072 庄 1052 左 1048 焦 "
    "1047 兰 1047 关 1033 俞 1011 柳 1001 甘 959 祝 939 傅 920 包 "
    "871 尚 863 毕 854 舒 842 宁 834 曲 817 梅 816 童 802 阮 800 "
    "纪 798 季 797 苗 790 单 790 裴 788 符 781 谷 780 凌 780 成 "
    "772 霍 771 盛 769 詹 759 冉 758 路 747 骆 731 辛 722 靳 722 "
    "柯 720 涂 715 蓝 692 欧阳 684 柴 678 管 676 翁 667 祁 649 鲍 "
    "646 喻 634 游 620 蒙 614 华 602 蒲 595 房 577 滕 577 屈 572 "
    "饶 560 解 557 艾 555 牟 553 尤 512 穆 504 司 468 吉 452 车 "
    "452 项 445 缪 442 卓 425 窦 425 褚 421 娄 418 古 417 景 412 "
    "宫 411 戚 406 费 404 卜 394 晏 394 柏 374 卫 370 宗 366 岑 "
    "358 瞿 349 臧 340 闵 334 卞 329 桑 323 仇 315 荣 302 郎 294 "
    "查 271 甄 269 虞 266 阎 250 上官 52 皇甫 42 令狐 37 司徒 28 诸葛 "
    "27 "
)
GIVEN: Final = _table(
    "华 27392 红 25027 英 23867 文 23517 玉 23365 丽 23310 明 "
    "22773 军 21259 春 19883 海 19335 平 19333 梅 19062 建 "
    "19007 秀 18738 国 18239 艳 17012 金 16665 小 16507 志 "
    "16352 芳 15613 云 15323 晓 15179 伟 14967 霞 14410 兰 "
    "14238 玲 14179 永 13946 林 13791 凤 12552 荣 12418 燕 "
    "11544 娟 10088 桂 10081 强 9979 珍 9857 美 9855 辉 9230 新 "
    "9050 杰 8924 香 8872 龙 8862 成 8847 东 8795 德 8585 花 "
    "8422 爱 8406 飞 7935 敏 7838 雪 7535 利 7522 勇 7314 超 "
    "7255 琴 7161 萍 7087 俊 7073 涛 6893 静 6849 婷 6586 忠 "
    "6457 淑 6444 清 6441 佳 6418 生 6326 宇 6303 鹏 6280 学 "
    "6033 芬 6023 波 5984 亚 5935 洪 5914 菊 5827 连 5774 福 "
    "5756 兴 5703 峰 5683 光 5668 慧 5640 娜 5625 亮 5595 鑫 "
    "5543 梦 5496 丹 5457 浩 5352 "
)


def surname_share(surname: str) -> float:
    """Share of people with this surname, simplified."""
    return SURNAMES.get(surname, _RARE_SURNAME) / _MILLION


def given_share(given: str) -> float:
    """Share of people with this given name, its characters taken as independent; never 0."""
    if not given:
        return 1.0
    share = _SINGLE if len(given) == 1 else 1 - _SINGLE
    for char in given:
        share *= character_share(char)
    return share


def character_share(char: str) -> float:
    """Chance that a given place of a given name holds this character; people have 1.85 places on average."""
    return GIVEN.get(char, _RARE_CHARACTER) / _MILLION / (2 - _SINGLE)
