"""Jobs of the sample: eight quarters of postings, some filled, some withdrawn, some gone stale."""

from collections.abc import Mapping
from random import Random

from services.sample import names
from services.sample.draws import Weighted, days_before
from services.sample.persons import fill
from services.sample.world import JOBS, World
from services.workbook.writing import CellValue

_HEADCOUNT = Weighted.of({1: 24, 2: 24, 3: 18, 5: 14, 8: 10, 12: 6, 20: 4})
_CLUMPED = (50, 60, 80, 120)
_ROLES: Mapping[str, str] = {
    "strategic-scientist": "首席科学家（{technology}）",
    "leading-scientist": "{product}研发负责人",
    "young-scientist": "{skill1}研究员",
    "outstanding-engineer": "{skill1}工程师",
    "highly-skilled": "{skill2}技师",
    "master-craftsman": "{product}首席技师",
}
_TASKS = (
    "负责{technology}及{product}的开发，解决{challenge}问题；",
    "承担{product}的设计与验证，面向{application}完成交付；",
    "围绕{technology}开展攻关，重点突破{challenge}，支撑{product}量产；",
)
_DEMANDS: Mapping[str, str] = {
    "strategic-scientist": "在{technology}领域有开创性成果，能组织跨学科团队；熟悉{skill1}、{skill2}。",
    "leading-scientist": "博士学历，8年以上{skill1}与{skill2}经验，主持过相关项目。",
    "young-scientist": "博士学历，有{skill1}、{skill2}研究经历，发表过相关论文。",
    "outstanding-engineer": "硕士及以上，熟练掌握{skill1}、{skill2}，了解{skill3}，3年以上工程经验。",
    "highly-skilled": "高级工及以上，能独立完成{skill2}和{skill3}操作，有产线经验。",
    "master-craftsman": "高级技师，精通{skill1}与{skill3}，能带徒并解决现场难题。",
}
_HARD_TO_FILL = {
    "hydrogen",
    "humanoid-robot",
    "quantum",
    "advanced-nuclear",
    "deep-sea-earth-aerospace",
    "ccus",
}


def position(world: World, index: int) -> dict[str, CellValue]:
    """Row of position `index`."""
    random = world.random("position", index)
    category = world.categories[JOBS].draw(random)
    industry = world.industries[JOBS].draw(random)
    leaf = world.leaf(random, industry, JOBS)
    city = world.city(random, industry, JOBS)
    triple = world.triple(random, leaf)
    firm = world.employer_in(random, industry, city) if random.random() < 0.9 else None
    headcount = random.choice(_CLUMPED) if random.random() < 0.008 else _HEADCOUNT.draw(random)
    opened, closed, filled = _history(random, headcount, industry in _HARD_TO_FILL)
    return {
        "ref": f"j-{index + 1:05d}",
        "title": fill(_ROLES[category], triple),
        "employer": firm.name if firm else names.institute_name(random, world.city_name(city)),
        "employer_code": firm.uscc if firm else "",
        "city": world.city_name(city),
        "direction": world.leaf_name(leaf),
        "category": world.catalogue.category(category).name_zh,
        "headcount": headcount,
        "opened": opened,
        "filled": filled,
        "closed": closed,
        "requirement": fill(random.choice(_TASKS) + _DEMANDS[category], triple),
        "origin": "演示数据",
    }


def _history(random: Random, headcount: int, hard: bool) -> tuple[str, str, int]:
    """Opening date, closing date ("" while open) and posts filled."""
    age = int(730 * random.random() ** 1.3)
    patience = random.expovariate(1 / (260 if hard else 110)) + 10
    if patience >= age:
        partly = random.randrange(headcount) if headcount > 1 and random.random() < 0.3 else 0
        return days_before(age), "", partly
    closed = days_before(age - int(patience))
    withdrawn = random.random() < (0.3 if hard else 0.12)
    return days_before(age), closed, random.randrange(headcount) if withdrawn else headcount
