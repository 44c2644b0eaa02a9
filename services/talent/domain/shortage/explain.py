"""Why a cell is as it is: sentences with the numbers in them, likely causes, and what helps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.shortage.table import Address, CellState, ShortageTable

_CLUMPED = 0.5
_SHORT = 60.0
_BALANCED = 50.0
_LONG_TRAINING = ("strategic-scientist", "leading-scientist", "young-scientist", "outstanding-engineer")


@dataclass(frozen=True, slots=True)
class Driver:
    """A likely cause, with the remedy that fits it."""

    code: str
    cause: Text
    remedy: Text


def reasons(table: ShortageTable, address: Address) -> list[Text]:
    """Sentences, the strongest part of the index first; nothing that would give a hidden number away."""
    at = table.at(address)
    if table.is_hidden(at) or table.state(at) in (CellState.NO_DATA, CellState.NO_DEMAND):
        return []
    parts = dict(table.cell(address).contributions)
    said = {"tightness": _tightness(table, at), "difficulty": _difficulty(table, at)}
    ordered = sorted((name for name in parts if name in said), key=lambda name: -abs(parts[name]))
    return [*(said[name] for name in ordered), *_notes(table, at)]


def _tightness(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    demand, supply = table.cube.demand[at], table.cube.supply[at]
    if supply <= 0:
        return Text(
            f"在招 {demand:.0f} 人，库内没有可得人才", f"{demand:.0f} wanted, nobody available in the library"
        )
    return Text(
        f"在招 {demand:.0f} 人，可得人才折合 {supply:.1f} 人，每位可得人才对应 {demand / supply:.1f} 个岗位",
        f"{demand:.0f} wanted, {supply:.1f} available: {demand / supply:.1f} positions per available person",
    )


def _difficulty(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    days, here = table.method.difficulty_days, table.indices.still_open[at]
    there = table.indices.reference
    return Text(
        f"发布 {days} 天后仍未招到的概率 {here:.0%}，全省 {there:.0%}",
        f"{here:.0%} of positions are still open after {days} days, {there:.0%} in the province",
    )


def _notes(table: ShortageTable, at: tuple[int, int, int]) -> Iterator[Text]:
    demand, largest, employers = (
        array[at] for array in (table.cube.demand, table.cube.largest, table.cube.employers)
    )
    if employers == 1:
        yield Text("需求集中于1家单位，作为弱证据处理", "all demand comes from one employer: weak evidence")
    elif demand and largest / demand > _CLUMPED:
        yield Text(
            f"最大用人单位占需求的 {largest / demand:.0%}",
            f"the largest employer makes up {largest / demand:.0%} of the demand",
        )
    gap = demand - table.cube.supply[at]
    if gap >= 1:
        yield Text(f"缺口约 {gap:.0f} 人", f"about {gap:.0f} people short")
    reach = table.cube.reach[at[0], -1, at[2]]
    if reach >= table.method.hidden_below:
        yield Text(
            f"省外可及人才 {reach:.0f} 人，不计入供给",
            f"{reach:.0f} people outside the province are within reach, not counted as supply",
        )


def drivers(table: ShortageTable, address: Address) -> list[Driver]:
    """The causes whose evidence is there; several may apply, or none."""
    at = table.at(address)
    if table.is_hidden(at) or table.state(at) in (CellState.NO_DATA, CellState.NO_DEMAND):
        return []
    return [
        driver
        for driver in (
            _coverage(table, at),
            _location(table, address),
            _training(table, address),
            _suitability(table, at),
        )
        if driver is not None
    ]


def _coverage(table: ShortageTable, at: tuple[int, int, int]) -> Driver | None:
    if table.state(at) is not CellState.LIBRARY_GAP:
        return None
    return Driver(
        "coverage",
        Text("库覆盖不足：有岗位而库中无人", "coverage: positions, and nobody in the library"),
        Text("先寻访入库，再认定紧缺", "go and find people before calling it a shortage"),
    )


def _location(table: ShortageTable, address: Address) -> Driver | None:
    if address.city == ALL:
        return None
    here = table.cell(address)
    province = table.cell(Address(address.node, ALL, address.category))
    if here.index is None or province.index is None or here.index < _SHORT or province.index >= _BALANCED:
        return None
    return Driver(
        "location",
        Text(
            f"区位缺口：本市 {here.index:.0f}，全省 {province.index:.0f}",
            f"location: {here.index:.0f} here, {province.index:.0f} in the province",
        ),
        _surplus_remedy(table, address),
    )


def _surplus_remedy(table: ShortageTable, address: Address) -> Text:
    """Names the cities that have more available people than positions, the largest surplus first."""
    cities = [
        table.cell(Address(address.node, city, address.category)) for city in table.cube.axes.cities[:-1]
    ]
    surplus = {each.address.city: each.supply - each.demand for each in cities if each.supply is not None}
    named = [city for city in sorted(surplus, key=lambda city: -surplus[city]) if surplus[city] >= 1][:3]
    if not named:
        return Text("对接有富余的设区市，设共享岗位", "turn to cities with surplus; share posts")
    listed = "、".join(named), ", ".join(named)
    return Text(
        f"对接有富余的设区市：{listed[0]}；设共享岗位",
        f"turn to {listed[1]}, which have surplus; share posts",
    )


def _training(table: ShortageTable, address: Address) -> Driver | None:
    cell = table.cell(address)
    if address.category == ALL or cell.index is None or cell.index < _SHORT:
        return None
    if address.category in _LONG_TRAINING:
        return Driver(
            "training-long",
            Text(
                f"培养缺口：指数 {cell.index:.0f}，该类人才培养周期长（培养储备数据未纳入）",
                f"long training: {cell.index:.0f}, and this category takes years to train (pipeline not counted)",
            ),
            Text("增设培养名额，用好顶尖人才、双创、333工程", "open places; use the talent programmes"),
        )
    return Driver(
        "training-short",
        Text(
            f"短训缺口：指数 {cell.index:.0f}，该类人才可短期培养（培养储备数据未纳入）",
            f"short training: {cell.index:.0f}, and this category can be trained quickly (pipeline not counted)",
        ),
        Text("开设短训与学徒制", "short courses and apprenticeships"),
    )


def _suitability(table: ShortageTable, at: tuple[int, int, int]) -> Driver | None:
    parts = table.indices.parts
    if not {"tightness", "difficulty"} <= parts.keys():
        return None
    tight, hard = parts["tightness"][at], parts["difficulty"][at]
    if np.isnan(hard) or np.isnan(tight) or tight > 0 or hard < 0.15:
        return None
    return Driver(
        "suitability",
        Text("适配缺口：人数不缺，却难招到", "suitability: enough people, and yet hard to fill"),
        Text("列出缺失技能，考虑相邻方向", "show the missing skills; look at adjacent directions"),
    )
