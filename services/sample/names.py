"""Fictional names and numbers: people, firms, institutes, credit codes, telephones, addresses.

Brands are made of rare characters because common two-character brands are nearly all taken; that makes a
clash with a real firm unlikely, not impossible, which is why every row is marked as synthetic.
"""

from random import Random

from services.kernel.uscc import ALPHABET, check_character, organisation_check_character
from services.sample.draws import Weighted

_SURNAMES = Weighted.of(
    {
        **dict.fromkeys("王李张刘陈", 7.0),
        **dict.fromkeys("杨赵黄周吴徐孙胡朱高", 2.2),
        **dict.fromkeys("林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕", 0.9),
        **dict.fromkeys("苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦", 0.4),
        **dict.fromkeys(("欧阳", "上官", "司徒", "诸葛", "慕容"), 0.1),
    }
)
_GIVEN_FIRST = "文志建国明嘉思雨子浩宇晨俊天佳欣晓若静雅慧清书景云海东立永振承启安沐泽瑞锦亦知远怀致"
_GIVEN_SECOND = "华强军伟杰涛磊鹏飞斌超波辉宁琳婷娜敏洁颖薇萱涵怡然轩博睿哲航铭帆阳彤岚舟川源恒朗"
_GIVEN_SINGLE = "伟芳娜敏静磊洋艳勇军杰娟涛超明霞平刚辉鹏岩宁蕾颖晨凯帆昊睿璇"
_BRAND_FIRST = "翯垚晅昉旻晞昶炘烜焜燚珩琮琰瑄璆瓒玹珵琯瑀瑗璘沄泠洹浡淏渼湉溦滢"
_BRAND_SECOND = "峤嵘嶒峥崧翀翊翎翙翚翮谌谡谧诩骁骅骎骐骦骧蘅荃菡萦葳蓁蕤芃苡荇莳邈"
_BRANDS = len(_BRAND_FIRST) * len(_BRAND_SECOND)
_FIRM_WORDS: dict[str, tuple[str, ...]] = {
    "third-gen-semiconductor": ("半导体", "微电子", "芯材科技"),
    "future-network": ("通信技术", "网络科技", "光通信"),
    "hydrogen": ("氢能科技", "氢能装备", "能源技术"),
    "energy-storage": ("储能科技", "新能源", "电池技术"),
    "cell-gene": ("生物医药", "基因科技", "细胞技术"),
    "synthetic-biology": ("合成生物", "生物技术", "生物制造"),
    "general-intelligence": ("智能科技", "人工智能", "认知科技"),
    "frontier-materials": ("新材料", "材料科技", "先进材料"),
    "ccus": ("低碳科技", "环境工程", "碳能技术"),
    "virtual-reality": ("数字科技", "虚拟现实", "光电显示"),
    "quantum": ("量子科技", "量子技术", "精密测量"),
    "deep-sea-earth-aerospace": ("装备科技", "探测技术", "工程装备"),
    "humanoid-robot": ("机器人", "仿生机器人", "智能装备"),
    "advanced-nuclear": ("核能技术", "核能装备", "核材料科技"),
}
_INSTITUTE_WORDS = ("先进技术研究院", "产业创新中心", "联合实验室", "应用技术学院", "工程研究中心")


def person_name(random: Random) -> str:
    """A Chinese name of two to four characters."""
    return _SURNAMES.draw(random) + given_name(random)


def given_name(random: Random) -> str:
    """A given name of one or two characters."""
    if random.random() < 0.18:
        return random.choice(_GIVEN_SINGLE)
    return random.choice(_GIVEN_FIRST) + random.choice(_GIVEN_SECOND)


def brand(index: int) -> str:
    """Brand number `index`: all are different up to the size of the pool, then they repeat."""
    first, second = divmod(index * 389 % _BRANDS, len(_BRAND_SECOND))
    return _BRAND_FIRST[first] + _BRAND_SECOND[second]


def firm_name(random: Random, index: int, industry: str, city_zh: str) -> str:
    """The full name of firm `index` of an industry in a city (`city_zh` ends in 市)."""
    return f"{city_zh}{brand(index)}{random.choice(_FIRM_WORDS[industry])}有限公司"


def institute_name(random: Random, city_short: str) -> str:
    """One of a city's made-up institutes; each city has fifteen."""
    number = random.randrange(15)
    return f"{city_short}{brand(700 + number)}{_INSTITUTE_WORDS[number % len(_INSTITUTE_WORDS)]}"


def credit_code(index: int, adcode: str) -> str:
    """The unified social credit code of made-up firm `index`: valid, with the visible block DEM0."""
    digits = ""
    for _ in range(4):
        index, rest = divmod(index, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    organisation = f"DEM0{digits}"
    first17 = f"91{adcode}{organisation}{organisation_check_character(organisation)}"
    return first17 + check_character(first17)


def phone(index: int) -> str:
    """A number in the range 100…, which no mobile network uses."""
    return f"100{index:08d}"


def email(index: int) -> str:
    """An address under the reserved top-level domain `.invalid`."""
    return f"p{index:06d}@bole-demo.invalid"
