"""Firms of the sample: mostly seed and start-up, and some that are there to be screened out."""

from dataclasses import dataclass
from random import Random

from services.sample.draws import Weighted, days_before, yuan
from services.sample.triples import Triple
from services.sample.world import FIRMS, World
from services.workbook.choices import STAGE, label_zh
from services.workbook.writing import CellValue

STAGES = Weighted.of({"SEED": 34, "STARTUP": 40, "EARLY_GROWTH": 20, "GROWTH": 6})


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is typical of a stage: ages in months, median staff, median revenue in 万元, rounds, maturity."""

    months: tuple[int, int]
    staff: float
    revenue: float
    rounds: tuple[int, int]
    trl: tuple[int, int]
    inventions: float


_SHAPES = {
    "SEED": _Shape((4, 30), 12, 40, (0, 1), (2, 4), 1.5),
    "STARTUP": _Shape((14, 66), 28, 320, (0, 2), (4, 6), 4),
    "EARLY_GROWTH": _Shape((36, 110), 85, 2400, (1, 4), (6, 8), 11),
    "GROWTH": _Shape((70, 180), 320, 14000, (3, 6), (8, 9), 32),
}
# In 万元.
_SOUGHT = {
    "SEED": (200, 1_500),
    "STARTUP": (800, 4_000),
    "EARLY_GROWTH": (2_000, 10_000),
    "GROWTH": (5_000, 30_000),
}
_TECHNOLOGY = (
    "掌握{t.technology}技术，重点解决{t.challenge}，核心环节为{a}与{b}。",
    "以{t.technology}为核心，在{t.challenge}方面取得突破，已形成{a}、{b}等自主工艺。",
    "公司专注于{t.technology}，通过{a}和{b}的协同优化，着力解决{t.challenge}难题。",
)
_PRODUCT = (
    "主要产品为{t.product}，用于{t.application}。",
    "面向{t.application}提供{t.product}及配套服务。",
    "研制{t.product}，目标市场为{t.application}。",
)


def firm(world: World, index: int) -> dict[str, CellValue]:
    """Row of firm `index`."""
    identity = world.employer(index)
    random = world.random("firm", index)
    stage = STAGES.draw(random)
    shape = _SHAPES[stage]
    triples = [world.triple(random, identity.leaf)]
    directions = world.leaf_name(identity.leaf)
    if random.random() < 0.2:
        second = world.leaf(random, identity.industry, FIRMS)
        if second != identity.leaf:
            triples.append(world.triple(random, second))
            directions = f"{directions}:0.7;{world.leaf_name(second)}:0.3"
    row: dict[str, CellValue] = {
        "uscc": identity.uscc,
        "name": identity.name,
        "city": world.city_name(identity.city),
        "directions": directions,
        "founded": days_before(round(random.randint(*shape.months) * 30.44) + random.randrange(28)),
        "stage": label_zh(STAGE, stage),
        **_staff(random, shape),
        **_money(random, shape),
        **_rights(random, shape),
        "external_rounds": random.randint(*shape.rounds),
        "trl": random.randint(*shape.trl),
        "technology": technology_text(random, triples),
        "product": "".join(random.choice(_PRODUCT).format(t=triple) for triple in triples),
        "as_of": days_before(random.choice((0, 0, 0, 91, 181, 400))),
        "verified": "是" if random.random() < 0.62 else "否",
        "abnormal": "是" if random.random() < 0.015 else "否",
        "origin": "演示数据",
    }
    return {**_forget(random, row), "sought": _sought(world.random("sought", index), stage)}


def _sought(random: Random, stage: str) -> CellValue:
    """What the firm wants to raise; two of five have not said."""
    least, most = _SOUGHT[stage]
    return yuan(50 * round(random.uniform(least, most) / 50)) if random.random() < 0.6 else None


def technology_text(random: Random, triples: list[Triple]) -> str:
    """What the firm masters, in the words of its triples."""
    main = triples[0]
    text = random.choice(_TECHNOLOGY).format(t=main, a=main.skills[0], b=main.skills[1])
    return text + "".join(f"同时布局{other.technology}。" for other in triples[1:])


def _staff(random: Random, shape: _Shape) -> dict[str, CellValue]:
    staff = max(3, round(random.lognormvariate(0, 0.55) * shape.staff))
    return {
        "staff": staff,
        "rd_staff": round(staff * random.uniform(0.15, 0.75)),
        "bachelor_staff": round(staff * random.uniform(0.35, 0.98)),
    }


def _money(random: Random, shape: _Shape) -> dict[str, CellValue]:
    revenue = shape.revenue * random.lognormvariate(0, 0.9)
    cost = revenue * random.uniform(0.7, 1.6) + shape.staff * random.uniform(12, 25)
    assets = revenue * random.uniform(0.8, 3.0) + random.uniform(100, 900)
    net_assets = assets * random.uniform(-0.05, 0.8)
    return {
        "assets": yuan(assets),
        "net_assets": yuan(net_assets),
        "revenue": yuan(revenue),
        "cost": yuan(cost),
        "rd_cost": yuan(cost * random.uniform(0.06, 0.65)),
    }


def _rights(random: Random, shape: _Shape) -> dict[str, CellValue]:
    inventions = int(random.expovariate(1 / shape.inventions))
    return {
        "inventions": inventions,
        "pct": int(inventions * random.uniform(0, 0.3)),
        "utility": int(random.expovariate(1 / (shape.inventions * 1.5))),
        "software": int(random.expovariate(1 / (shape.inventions * 0.8))),
    }


def _forget(random: Random, row: dict[str, CellValue]) -> dict[str, CellValue]:
    """Leave some declared figures unknown, as they are in life."""
    keys = ("assets", "net_assets", "revenue", "rd_cost", "rd_staff", "bachelor_staff", "pct", "trl")
    return {**row, **{key: None for key in keys if random.random() < 0.04}}
