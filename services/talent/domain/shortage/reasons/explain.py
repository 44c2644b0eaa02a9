"""Why a cell is as it is: sentences with the numbers in them."""

from collections.abc import Callable, Iterator

from services.kernel.text import Text, counted
from services.talent.domain.shortage.table import Address, CellState, ShortageTable
from services.wording.chances import in_hundredths, share_in_hundredths

_LEVEL = 0.05
"""Log-odds below which the slope of a cell moves its index by hardly more than a point: no rise and no fall."""
Sentence = Callable[[ShortageTable, tuple[int, int, int]], Text | None]


def reasons(table: ShortageTable, address: Address) -> list[Text]:
    """Sentences, the strongest part of the index first; nothing that would give a hidden number away."""
    at = table.at(address)
    if table.is_hidden(at) or table.state(at) in (CellState.NO_DATA, CellState.NO_DEMAND):
        return []
    parts = dict(table.cell(address).contributions)
    ordered = sorted((name for name in parts if name in _SENTENCES), key=lambda name: -abs(parts[name]))
    said = (_SENTENCES[name](table, at) for name in ordered)
    return [*(each for each in said if each is not None), *_notes(table, at)]


def _tightness(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    demand, supply = table.cube.demand[at], table.cube.supply[at]
    if supply <= 0:
        return Text(
            f"在招 {demand:.0f} 人，库内没有可得人才", f"{demand:.0f} wanted, nobody available in the library"
        )
    each, leaning = f"{demand / supply:.1f}", _leaning(table, at)
    return Text(
        f"在招 {demand:.0f} 人，可得人才折合 {supply:.1f} 人，每位可得人才对应 {each} 个岗位{leaning.zh}",
        f"{demand:.0f} wanted, {supply:.1f} available: {each} positions per available person{leaning.en}",
    )


def _leaning(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    """Why supply and demand point the other way than the counts beside them; nothing where they do not. What is
    expected of a cell stands from one close of a quarter to the next.
    """
    gap = table.cube.demand[at] - table.cube.supply[at]
    if abs(gap) < 1 or not gap * table.indices.parts["tightness"][at] < 0:
        return Text("", "")
    when = (
        Text("截至上季末", " at the end of the last quarter") if table.forecaster.quarters else Text("", "")
    )
    return Text(
        f"；供需一项兼顾上级单元格{when.zh}的水平，方向与此相反",
        f"; supply and demand also lean on the cell above{when.en}, and so point the other way",
    )


def _difficulty(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    days, here = table.method.difficulty_days, table.indices.still_open[at]
    there = table.indices.reference
    return Text(
        f"发布 {days} 天后仍未招到的概率 {in_hundredths(here)}，全省 {in_hundredths(there)}",
        f"{in_hundredths(here)} of positions are still open after {days} days, {in_hundredths(there)} in the province",
    )


def _pipeline(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    quarters, (need, cover, *_) = table.method.horizon_quarters, table.ahead(at)
    return Text(
        f"今后 {quarters} 季需 {need:.0f} 人，现有与预计到岗 {cover:.0f} 人",
        f"{need:.0f} needed within {quarters} quarters, {cover:.0f} there or expected",
    )


def _momentum(table: ShortageTable, at: tuple[int, int, int]) -> Text:
    moved = float(table.indices.parts["momentum"][at])
    rising, quarters = moved > 0, min(table.method.momentum_quarters, table.forecaster.quarters)
    if abs(moved) < _LEVEL:
        return Text(
            f"近 {quarters} 季供需比大致持平", f"about level over the last {counted(quarters, 'quarter')}"
        )
    return Text(
        f"近 {quarters} 季供需比{'趋紧' if rising else '趋缓'}",
        f"{'tightening' if rising else 'easing'} over the last {counted(quarters, 'quarter')}",
    )


def _flow(table: ShortageTable, at: tuple[int, int, int]) -> Text | None:
    """Shares of a handful of people stay unsaid."""
    out, into = table.cube.moved_out, table.cube.moved_in
    if out is None or into is None or out[at] + into[at] < table.method.hidden_below:
        return None
    share = share_in_hundredths(out[at] / (out[at] + into[at]))
    return Text(
        f"近 {table.method.moves_quarters} 季流动人员中 {share} 为流出",
        f"{share} of those who moved within {table.method.moves_quarters} quarters left",
    )


_SENTENCES: dict[str, Sentence] = {
    "tightness": _tightness,
    "difficulty": _difficulty,
    "pipeline": _pipeline,
    "momentum": _momentum,
    "flow": _flow,
}


def _notes(table: ShortageTable, at: tuple[int, int, int]) -> Iterator[Text]:
    demand, largest, employers = (
        array[at] for array in (table.cube.demand, table.cube.largest, table.cube.employers)
    )
    if employers == 1:
        yield Text("需求集中于1家单位，作为弱证据处理", "all demand comes from one employer: weak evidence")
    elif demand and largest / demand > table.method.driver_clumped:
        yield Text(
            f"最大用人单位占需求的 {share_in_hundredths(largest / demand)}",
            f"the largest employer makes up {share_in_hundredths(largest / demand)} of the demand",
        )
    gap = demand - table.cube.supply[at]
    if gap >= 1:
        heads = f"{gap:.0f}"
        yield Text(f"缺口约 {heads} 人", f"about {heads} {'person' if heads == '1' else 'people'} short")
    if table.ahead(at).floored:
        yield Text(
            "预计流出超过现有与到岗之和，按 0 计",
            "more are expected to leave than will be there: counted as 0",
        )
    reach = table.cube.reach[at[0], -1, at[2]]
    if reach > 0 and not table.is_reach_hidden(at):
        yield Text(
            f"省外可及人才 {reach:.0f} 人，不计入供给",
            f"{reach:.0f} people outside the province are within reach, not counted as supply",
        )
