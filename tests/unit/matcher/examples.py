"""A handful of people, positions, firms and a fund, and the filter that a request over people has."""

from dataclasses import replace

from services.catalogue import load
from services.chassis.policy import Clearance, Level
from services.matcher.domain.item import Availability, Item, ItemKind, Mandate, Purpose, Stage
from services.matcher.domain.staff import Part, Staff
from services.matcher.service.wanted import Conditions, Eyes, schema_of

ALL_PURPOSES = frozenset(Purpose)
SIC = Item(
    ItemKind.PERSON,
    "sic",
    texts=("功率半导体专家", "长期从事碳化硅外延生长与缺陷控制，主持4H-SiC厚膜外延片项目"),
    leaves=(("sic", 800), ("power-device", 200)),
    city="suzhou",
    mobility=frozenset({"nanjing"}),
    category="outstanding-engineer",
    availability=Availability.NOW,
    purposes=ALL_PURPOSES,
)
PERSONS = (
    SIC,
    replace(
        SIC,
        id="h2",
        texts=("电解水制氢研究员", "海水直接电解制氢催化剂与膜电极"),
        leaves=(("seawater-h2", 1000),),
        city="nantong",
        mobility=frozenset(),
    ),
    replace(
        SIC,
        id="llm",
        texts=("算法工程师", "大模型训练与推理加速，large model inference"),
        leaves=(("large-model", 1000),),
        category="young-scientist",
        availability=Availability.SETTLED,
    ),
    replace(SIC, id="silent", texts=(), leaves=(), category=None, availability=None),
    replace(SIC, id="refused", purposes=frozenset({Purpose.MATCH_FIRM})),
)
POSITIONS = (
    Item(
        ItemKind.POSITION,
        "epitaxy",
        texts=("碳化硅外延工艺工程师", "负责碳化硅外延片生长工艺开发与缺陷分析，熟悉化学气相沉积"),
        leaves=(("sic", 1000),),
        city="suzhou",
        category="outstanding-engineer",
    ),
    Item(
        ItemKind.POSITION,
        "electrolyser",
        texts=("电解槽工程师", "海水制氢电解槽膜电极开发"),
        leaves=(("seawater-h2", 1000),),
        city="nantong",
        category="outstanding-engineer",
    ),
)
FIRMS = (
    Item(
        ItemKind.FIRM,
        "wafer",
        texts=("六英寸碳化硅衬底与外延片",),
        leaves=(("sic", 1000),),
        city="suzhou",
        stage=Stage.SEED,
        ask=500_000_000,
        valuation=10_000_000_000,
    ),
    Item(
        ItemKind.FIRM,
        "models",
        texts=("行业大模型平台",),
        leaves=(("large-model", 1000),),
        city="nanjing",
        stage=Stage.GROWTH,
        ask=9_000_000_000,
        valuation=80_000_000_000,
    ),
)
TEAM = Item(
    ItemKind.TEAM,
    "growers",
    texts=("厚膜外延团队", "碳化硅外延生长与缺陷控制"),
    leaves=(("sic", 1000),),
    city="suzhou",
    purposes=ALL_PURPOSES,
)
TEAMS = (
    replace(
        TEAM,
        staff=Staff((("sic", 1), ("seawater-h2", 2)), (Part("sic", 500, leaves=SIC.leaves), Part("silent"))),
    ),
    replace(TEAM, id="brewers", texts=("制氢团队", "海水电解制氢膜电极"), leaves=(("seawater-h2", 1000),)),
    replace(TEAM, id="divided", purposes=frozenset()),
)
FUND = Item(
    ItemKind.FUND,
    "angel",
    city="suzhou",
    mandate=Mandate(
        frozenset({"third-gen-semiconductor"}),
        frozenset({"suzhou", "nanjing"}),
        frozenset({Stage.SEED, Stage.STARTUP}),
        ticket_max=2_000_000_000,
        valuation_below=50_000_000_000,
    ),
)

# Texts of other fields, from which the encoder learns which words say little.
ORDINARY = (
    "本文研究了城市社会发展的历史与现状，提出了若干模型和建议",
    "目的探讨某药物的临床疗效，方法是对患者进行随机分组研究",
    "通过问卷调查研究大学生的社会交往行为，分析了影响因素",
    "结合实例对工程施工技术与管理模式进行了研究和探讨",
    "论述了明清时期市场的发展与地方社会的关系",
    "建立数学模型并进行了仿真研究，结果表明方法有效",
)


def among_people(filter_: str) -> Conditions:
    """Those whom a filter admits, for somebody who may ask for everything."""
    eyes = Eyes(Clearance(Level.INTERNAL), figures=True)
    return Conditions.of(filter_, schema_of(ItemKind.PERSON, load(), eyes))
