"""Likely causes of a shortage, each by a printed rule with its evidence, and the remedy that fits (§ method note)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincc

from services.kernel.text import Text
from services.talent.domain.axes import ALL
from services.talent.domain.shortage.reasons.refusals import Lacking, Refusals, lacking
from services.talent.domain.shortage.reasons.surplus import surplus_cities
from services.talent.domain.shortage.table import Address, Cell, CellState, ShortageTable
from services.wording.chances import CAREFUL, Manner

LONG_TRAINING = ("strategic-scientist", "leading-scientist", "young-scientist", "outstanding-engineer")
Names = Callable[[str], Text]
_HALF = 0.5
_CITIES_NAMED = 3
_SKILLS_NAMED = 3


@dataclass(frozen=True, slots=True)
class Driver:
    """A likely cause, with the remedy that fits it."""

    code: str
    cause: Text
    remedy: Text


def same_name(code: str) -> Text:
    """A code as its own name."""
    return Text(code, code)


def drivers(
    table: ShortageTable,
    address: Address,
    names: Names = same_name,
    refused: Sequence[Refusals] = (),
    manner: Manner = CAREFUL,
) -> list[Driver]:
    """The causes whose evidence is there; several may apply, or none. None of a hidden cell.

    `names` gives the name of a city's code; `refused`: proposals refused for want of a skill, within the window;
    `manner`: how shares and probabilities are written.
    """
    at = table.at(address)
    if table.is_hidden(at) or table.state(at) in (CellState.NO_DATA, CellState.NO_DEMAND):
        return []
    cell = table.cell(address)
    found = (
        _coverage(table, at, manner),
        _location(table, cell, names),
        _training(table, cell),
        _suitability(table, at, _lacking(table, address, refused), manner),
        _retention(table, at, manner),
        _funded(table, at, manner),
    )
    return [driver for driver in found if driver is not None]


def _coverage(table: ShortageTable, at: tuple[int, int, int], manner: Manner) -> Driver | None:
    remedy = Text("先寻访入库，再认定紧缺", "go and find people before calling it a shortage")
    if table.state(at) is CellState.LIBRARY_GAP:
        cause = Text("库覆盖不足：有岗位而库中无人", "coverage: positions, and nobody in the library")
        return Driver("coverage", cause, remedy)
    share, low, high, _ = table.coverage_of(at)
    if share is None or low is None or high is None or share >= table.method.driver_coverage:
        return None
    known, least, most = (manner.share(each) for each in (share, low, high))
    cause = Text(
        f"库覆盖不足：估计库中只有该类人才的 {known}（90% 区间 {least}–{most}）",
        f"coverage: the library is estimated to know {known} of these people ({least} to {most})",
    )
    return Driver("coverage", cause, remedy)


def _location(table: ShortageTable, here: Cell, names: Names) -> Driver | None:
    address = here.address
    if address.city == ALL:
        return None
    province = table.cell(Address(address.node, ALL, address.category))
    short, balanced = table.method.driver_short, table.method.driver_balanced
    if here.index is None or province.index is None or here.index < short or province.index >= balanced:
        return None
    return Driver(
        "location",
        Text(
            f"区位缺口：本市 {here.index:.0f}，全省 {province.index:.0f}",
            f"location: {here.index:.0f} here, {province.index:.0f} in the province",
        ),
        _surplus_remedy(table, address, names),
    )


def _surplus_remedy(table: ShortageTable, address: Address, names: Names) -> Text:
    """Names the cities that have more available people than positions, the largest surplus first."""
    named = [names(each.city) for each in surplus_cities(table, address)[:_CITIES_NAMED]]
    if not named:
        return Text("对接有富余的设区市，设共享岗位", "turn to cities with surplus; share posts")
    return Text(
        f"对接有富余的设区市：{'、'.join(each.zh for each in named)}；设共享岗位",
        f"turn to {', '.join(each.en for each in named)}, which have surplus; share posts",
    )


def _training(table: ShortageTable, cell: Cell) -> Driver | None:
    at, category = table.at(cell.address), cell.address.category
    if category == ALL or cell.index is None or cell.index < table.method.driver_short:
        return None
    evidence = _pipeline_evidence(table, at)
    if evidence is None:
        return None
    zh, en = f"指数 {cell.index:.0f}，{evidence.zh}", f"{cell.index:.0f}, {evidence.en}"
    if category in LONG_TRAINING:
        return Driver(
            "training-long",
            Text(f"培养缺口：{zh}，该类人才培养周期长", f"long training: {en}; these take years to train"),
            Text(
                "增设培养名额，用好顶尖人才、双创、333工程", "open training places; use the talent programmes"
            ),
        )
    return Driver(
        "training-short",
        Text(f"短训缺口：{zh}，该类人才可短期培养", f"short training: {en}; these can be trained quickly"),
        Text("开设短训与学徒制", "short courses and apprenticeships"),
    )


def _pipeline_evidence(table: ShortageTable, at: tuple[int, int, int]) -> Text | None:
    """What the next quarters need and have; None where they are covered."""
    need, cover = table.ahead(at)[:2]
    if np.isnan(need):
        return Text("培养储备数据未纳入", "pipeline not known")
    if need <= cover:
        return None
    quarters = table.method.horizon_quarters
    return Text(
        f"今后 {quarters} 季需 {need:.0f} 人，现有与预计到岗 {cover:.0f} 人",
        f"{need:.0f} needed within {quarters} quarters, {cover:.0f} there or expected",
    )


def _lacking(table: ShortageTable, address: Address, refused: Sequence[Refusals]) -> list[Lacking]:
    place = address.node, address.city, address.category
    return lacking(table.cube.axes, refused, place, table.method.driver_refusals)[:_SKILLS_NAMED]


def _suitability(
    table: ShortageTable, at: tuple[int, int, int], missing: Sequence[Lacking], manner: Manner
) -> Driver | None:
    """Enough people, and yet positions stay open, or those who are proposed lack a skill."""
    parts = table.indices.parts
    if "tightness" not in parts or not parts["tightness"][at] <= 0:
        return None
    hard = parts["difficulty"][at] if "difficulty" in parts else np.nan
    said = [_stays_open(table, at, manner)] if hard >= table.method.driver_difficulty else []
    remedy = Text("列出缺失技能，考虑相邻方向", "show the missing skills; look at adjacent directions")
    if missing:
        zh = "、".join(f"{each.skill}（{each.people} 人）" for each in missing)
        en = ", ".join(f"{each.skill} ({each.people})" for each in missing)
        said.append(Text(f"推荐因缺少技能被拒：{zh}", f"proposals were refused for want of {en}"))
        skills = [each.skill for each in missing]
        remedy = Text(
            f"补训 {'、'.join(skills)}，考虑相邻方向",
            f"train {', '.join(skills)}; look at adjacent directions",
        )
    if not said:
        return None
    cause = Text("，".join(each.zh for each in said), ", and ".join(each.en for each in said))
    return Driver(
        "suitability",
        Text(f"适配缺口：人数不缺，{cause.zh}", f"suitability: enough people, and yet {cause.en}"),
        remedy,
    )


def _stays_open(table: ShortageTable, at: tuple[int, int, int], manner: Manner) -> Text:
    here, there = (manner.chance(each) for each in (table.indices.still_open[at], table.indices.reference))
    return Text(
        f"却有 {here} 的岗位久招不满（全省 {there}）",
        f"{here} of positions stay open ({there} in the province)",
    )


def _retention(table: ShortageTable, at: tuple[int, int, int], manner: Manner) -> Driver | None:
    """More leave than come, with probability: P(out share > ½) of Beta(out + 2, in + 2); small counts stay unsaid."""
    if table.cube.moved_out is None or table.cube.moved_in is None:
        return None
    out, into = float(table.cube.moved_out[at]), float(table.cube.moved_in[at])
    method = table.method
    if np.isnan(out + into) or out + into < method.hidden_below:
        return None
    certainty = float(betaincc(out + method.prior_moves, into + method.prior_moves, _HALF))
    if certainty < method.sure:
        return None
    share, sure = manner.share(out / (out + into)), manner.chance(certainty)
    return Driver(
        "retention",
        Text(
            f"留存缺口：近 {method.moves_quarters} 季流动人员中 {share} 为流出（把握 {sure}）",
            f"retention: {share} of those who moved within {method.moves_quarters} quarters left "
            f"({sure} sure)",
        ),
        Text("了解离开原因：住房、待遇、家庭", "ask why they leave: housing, pay, family"),
    )


def _funded(table: ShortageTable, at: tuple[int, int, int], manner: Manner) -> Driver | None:
    if table.cube.funded is None or np.isnan(table.cube.funded[at]):
        return None
    total = table.ahead(at).new_demand
    share = float(table.cube.funded[at]) / total if total > 0 else 0.0
    if share <= table.method.driver_funded:
        return None
    return Driver(
        "funded",
        Text(
            f"资本驱动：新增需求 {total:.0f} 人中 {manner.share(share)} 来自基金投资项目",
            f"funded demand: {manner.share(share)} of the {total:.0f} newly wanted come from funded deals",
        ),
        Text("提请基金与人才部门同时关注", "warn the fund and the talent office together"),
    )
