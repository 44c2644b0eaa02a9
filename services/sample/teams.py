"""Teams of the sample: a lead and members of one industry out of a fixed pool of people."""

from collections.abc import Mapping
from random import Random

from services.sample.persons import person
from services.sample.world import World
from services.workbook.writing import CellValue

_SCIENCE = {"战略科技人才", "科技领军人才", "青年科技人才"}
_FORMS = ("团队", "创新团队", "攻关团队")

Pool = Mapping[str, list[dict[str, CellValue]]]


def pool(world: World) -> Pool:
    """The people whom teams may draw on, by industry of their first direction."""
    found: dict[str, list[dict[str, CellValue]]] = {}
    for index in range(world.profile.pool):
        row = person(world, index)
        found.setdefault(world.catalogue.industry_of(_first_leaf(world, row)), []).append(row)
    return found


def _first_leaf(world: World, row: dict[str, CellValue]) -> str:
    name = str(row["directions"]).split(";")[0].split(":")[0]
    return world.catalogue.resolve_direction(name)


def team(world: World, people: Pool, index: int) -> dict[str, CellValue]:
    """Row of team `index`, made of `people`."""
    random = world.random("team", index)
    industry = random.choice([key for key in sorted(people) if len(people[key]) >= 3])
    candidates = people[industry]
    leads = [row for row in candidates if row["category"] in _SCIENCE] or candidates
    lead = random.choice(leads)
    others = [row for row in candidates if row["ref"] != lead["ref"]]
    members = random.sample(others, min(len(others), random.randint(2, 7)))
    leaf = _first_leaf(world, lead)
    triple = world.triple(random, leaf)
    city = lead["city"] if lead["city"] != "省外" else "南京"
    row = {
        "ref": f"t-{index + 1:04d}",
        "name": f"{triple.technology}{random.choice(_FORMS)}",
        "lead": lead["ref"],
        "members": ";".join(str(row["ref"]) for row in members),
        "directions": world.leaf_name(leaf),
        "city": city,
        "profile": f"围绕{triple.technology}组建，共{len(members) + 1}人，攻关{triple.challenge}，"
        f"目标产品为{triple.product}，面向{triple.application}。",
        "origin": "演示数据",
    }
    return row | {"needs": _needs(world, random, leaf, len(members) + 1)}


def _needs(world: World, random: Random, leaf: str, size: int) -> str:
    """Every third team wants more people than it has, some of them in another direction of its industry."""
    if random.random() >= 1 / 3:
        return ""
    wanted = {leaf: size + random.randint(1, 2)}
    near = [
        each.code
        for each in world.catalogue.leaves_of(world.catalogue.industry_of(leaf))
        if each.code != leaf
    ]
    if near:
        wanted[random.choice(near)] = random.randint(1, 3)
    return ";".join(f"{world.leaf_name(code)}={heads}" for code, heads in wanted.items())
