"""People of the sample: each with one or two directions and texts that speak of exactly those."""

from collections.abc import Mapping
from random import Random

from services.catalogue import OUTSIDE
from services.sample import names
from services.sample.draws import Weighted, days_before
from services.sample.triples import Triple
from services.sample.world import PEOPLE, World
from services.workbook.writing import CellValue

_AVAILABILITY = Weighted.of({"随时": 8, "半年内": 18, "柔性": 20, "暂不流动": 54})
_PURPOSES = Weighted.of(
    {"人岗匹配;企业对接;数据统计": 84, "数据统计": 8, "人岗匹配;数据统计": 4, "": 4},
)
_SHARES = (("0.6", "0.4"), ("0.7", "0.3"), ("0.5", "0.5"), ("0.8", "0.2"))
_TITLES: Mapping[str, tuple[str, ...]] = {
    "strategic-scientist": ("首席科学家", "学术委员会主任"),
    "leading-scientist": ("研究员", "实验室主任", "技术总监", "教授"),
    "young-scientist": ("副研究员", "助理研究员", "博士后", "青年研究员"),
    "outstanding-engineer": ("高级工程师", "研发经理", "主任工程师", "工程师"),
    "highly-skilled": ("技师", "高级技师", "高级工"),
    "master-craftsman": ("首席技师", "工匠工作室带头人"),
}
_SCIENTISTS = {"strategic-scientist", "leading-scientist", "young-scientist"}
_PROFILES: Mapping[bool, tuple[str, ...]] = {
    True: (
        (
            "长期从事{technology}研究，围绕{challenge}开展机理与工艺攻关，研究成果用于{application}。"
            "主要专长为{skill1}与{skill2}，主持或参与研制{product}。"
        ),
        (
            "研究方向为{technology}，重点解决{challenge}问题。"
            "带领课题组完成{product}样机验证，熟悉{skill1}、{skill2}和{skill3}。"
        ),
        (
            "面向{application}需求开展{technology}的基础与应用研究，在{challenge}方面形成系统方法。"
            "具有{skill2}和{skill3}的研究经历，推动{product}走向中试。"
        ),
    ),
    False: (
        (
            "从事{product}的研发与工程化，掌握{technology}全流程，擅长{skill1}和{skill2}。"
            "在{challenge}方面积累了现场经验，产品用于{application}。"
        ),
        (
            "负责{technology}的工艺放大与量产导入，针对{challenge}建立了控制方法。"
            "熟练掌握{skill1}、{skill2}，参与{product}定型。"
        ),
        (
            "有多年{skill1}和{skill3}一线经历，承担{product}的调试、检测与改进。"
            "参与{application}项目交付，熟悉{technology}的关键工序。"
        ),
    ),
}
_WORKS: Mapping[bool, tuple[str, ...]] = {
    True: (
        "论文《{technology}：{challenge}》",
        "论文《面向{application}的{product}关键技术研究》",
        "发明专利《一种{product}及其实现方法》",
        "论文《{skill1}在{technology}中的应用》",
        "专著章节《{product}：从{technology}到{application}》",
    ),
    False: (
        "发明专利《一种用于{application}的{product}》",
        "技术报告《{skill1}在{product}研制中的应用》",
        "企业标准《{product}技术规范》",
        "工艺规程《{technology}作业指导书》",
        "技术报告《{product}中{challenge}的工程实践》",
    ),
}


def person(world: World, index: int) -> dict[str, CellValue]:
    """Row of person `index`."""
    random = world.random("person", index)
    category = world.categories[PEOPLE].draw(random)
    industry = world.industries[PEOPLE].draw(random)
    leaves = _leaves(world, random, industry)
    city = world.city(random, industry, PEOPLE)
    triples = [world.triple(random, leaf) for leaf in leaves]
    return {
        "ref": f"p-{index + 1:05d}",
        "name": names.person_name(random),
        "category": world.catalogue.category(category).name_zh,
        "city": world.city_name(city),
        "mobility": _mobility(world, random, industry, city),
        "availability": _AVAILABILITY.draw(random),
        "directions": _directions(world, random, leaves),
        "employer": _employer(world, random, category, industry, city),
        "title": random.choice(_TITLES[category]),
        "profile": profile_text(random, category in _SCIENTISTS, triples),
        "works": works_text(random, category in _SCIENTISTS, triples),
        "phone": names.phone(index + 1) if random.random() < 0.6 else "",
        "email": names.email(index + 1) if random.random() < 0.5 else "",
        "id_number": f"DEMO{index + 1:08d}" if random.random() < 0.02 else "",
        "observed": days_before(int(540 * random.random() ** 2)),
        "purposes": _PURPOSES.draw(random),
        "origin": "演示数据",
    }


def profile_text(random: Random, scientist: bool, triples: list[Triple]) -> str:
    """Two or three sentences about the triples, the first of which is the main one."""
    text = fill(random.choice(_PROFILES[scientist]), triples[0])
    for other in triples[1:]:
        text += f"同时开展{other.technology}的交叉研究，关注{other.application}。"
    return text


def works_text(random: Random, scientist: bool, triples: list[Triple]) -> str:
    """Two or three titles of works about the triples."""
    titles = [fill(form, triples[0]) for form in random.sample(_WORKS[scientist], random.choice((2, 3)))]
    titles += [fill(random.choice(_WORKS[scientist]), other) for other in triples[1:]]
    return "；".join(titles)


def fill(form: str, triple: Triple) -> str:
    """The sentence with the words of the triple in it."""
    return form.format(
        technology=triple.technology,
        product=triple.product,
        application=triple.application,
        challenge=triple.challenge,
        skill1=triple.skills[0],
        skill2=triple.skills[1],
        skill3=triple.skills[2],
    )


def _leaves(world: World, random: Random, industry: str) -> list[str]:
    first = world.leaf(random, industry, PEOPLE)
    if random.random() >= 0.22:
        return [first]
    other = industry if random.random() < 0.6 else world.industries[PEOPLE].draw(random)
    second = world.leaf(random, other, PEOPLE)
    return [first] if second == first else [first, second]


def _directions(world: World, random: Random, leaves: list[str]) -> str:
    if len(leaves) == 1:
        return world.leaf_name(leaves[0])
    shares = random.choice(_SHARES)
    return ";".join(f"{world.leaf_name(leaf)}:{share}" for leaf, share in zip(leaves, shares, strict=True))


def _mobility(world: World, random: Random, industry: str, home: str) -> str:
    if random.random() < 0.45:
        return ""
    cities = [world.city(random, industry, PEOPLE) for _ in range(random.choice((1, 2, 3)))]
    return ";".join(world.city_name(city) for city in dict.fromkeys(cities) if city not in {home, OUTSIDE})


def _employer(world: World, random: Random, category: str, industry: str, city: str) -> str:
    firm = world.employer_in(random, industry, city)
    if city == OUTSIDE:
        return names.institute_name(random, "长三角")
    if firm is None or random.random() < (0.75 if category in _SCIENTISTS else 0.15):
        return names.institute_name(random, world.city_name(city))
    return firm.name
