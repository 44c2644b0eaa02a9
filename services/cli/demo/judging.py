"""What must be so for a step of the demonstration to count as done."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.kernel.text import Text
from services.sample import PLANTED_ERRORS

TOLERANCE = 1e-6
_CANDIDATE_KINDS = frozenset({"person-position", "person-firm"})


class NotAsItShouldBe(Exception):
    """A step ran and did not do what it should; `text` says what, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)


def demand(holds: bool, zh: str, en: str) -> None:
    """Raise NotAsItShouldBe unless it holds."""
    if not holds:
        raise NotAsItShouldBe(zh, en)


def catalogue(counts: Mapping[str, int]) -> None:
    """The policy names 14 industries, 114 directions and 13 cities."""
    found = (counts["industries"], counts["directions"], counts["cities"])
    demand(found == (14, 114, 13), f"目录数目不符：{found}", f"the catalogue has {found}, not (14, 114, 13)")


def refusals(refused: Iterable[Mapping[str, Any]]) -> None:
    """The refused rows of the sample are those that were planted wrong, and no others."""
    told = sorted((each["sheet"], each["field"], each["reason"]) for each in refused)
    planted = sorted((each.sheet, each.header, each.reason) for each in PLANTED_ERRORS)
    extra = [each for each in told if each not in planted]
    missing = [each for each in planted if each not in told]
    demand(
        told == planted,
        f"拒收的行与预设的错误不一致：多出 {extra}，缺少 {missing}",
        f"the refused rows are not those planted wrong: {extra} too many, {missing} not found",
    )


def shortage(facts: Mapping[str, Any], *, sample: bool) -> None:
    """Every industry in every city has a cell; indices lie in their intervals; of the sample some are known."""
    grid, tightest = facts["grid"], facts["tightest"]
    demand(len(grid) == 14 * 13, f"应有 182 个单元格，实有 {len(grid)}", f"{len(grid)} cells, not 182")
    known = [cell for cell in grid if cell["index"] is not None]
    ordered = all(0 <= cell["low"] <= cell["index"] <= cell["high"] <= 100 for cell in known)
    demand(ordered, "有指数落在区间之外", "an index lies outside its interval")
    for cell in tightest:
        adds_up(cell)
    if sample:
        demand(bool(known), "没有一个单元格有指数", "not one cell has an index")
        demand(bool(tightest), "没有紧缺单元格", "there is no tight cell")
        demand(
            all(cell["contributions"] and cell["reasons"] for cell in tightest),
            "有紧缺单元格没有说明理由",
            "a tight cell has no reasons",
        )


def screening(facts: Mapping[str, Any]) -> None:
    """Every deal was checked with observed and limit, and has the four scores."""
    deals = facts["deals"]
    demand(bool(deals), "基金没有项目", "the fund has no deal")
    demand(all(deal["checks"] for deal in deals), "有项目未经检查", "a deal has no checks")
    demand(
        all(len(deal["scores"]) == 4 for deal in deals), "应有四项评分", "a deal lacks one of the four scores"
    )


def matches(lists: Sequence[Mapping[str, Any]], *, sample: bool) -> None:
    """Contributions add up, candidates come best first; of the sample no list of people is empty."""
    for found in lists:
        candidates = found["candidates"]
        scores = [each["log_odds"] for each in candidates]
        demand(
            scores == sorted(scores, reverse=True),
            f"{found['anchor']} 的候选未按得分排序",
            f"the candidates of {found['anchor']} are not best first",
        )
        for candidate in candidates:
            adds_up(candidate)
        empty = sample and found["kind"] in _CANDIDATE_KINDS and not candidates
        demand(
            not empty,
            f"{found['anchor']} 没有 {found['kind']} 候选",
            f"{found['anchor']} has no {found['kind']} candidate",
        )


def decision(facts: Mapping[str, Any]) -> None:
    """Both committees carried it with a quorum and one member recused, its capital was reserved and paid to the fen,
    and ledger and trail agree.
    """
    for vote in facts["votes"]:
        quorate = vote["yes"] + vote["no"] >= vote["quorum"] and len(vote["recused"]) == 1
        demand(
            vote["result"] == "RESULT_CARRIED" and quorate,
            f"表决结果不符：{vote}",
            f"a vote is not as it should be: {vote}",
        )
    ticket, reserved = facts["ticket_fen"], facts["reserved_fen"]
    demand(
        max(reserved) - min(reserved) == ticket and reserved[-1] == reserved[0],
        "批准没有按金额预留额度，或出资后没有释放",
        "the approval did not reserve the amount, or the payment did not use it up",
    )
    demand(
        facts["paid_fen"] == facts["taken_fen"] == ticket,
        "已付金额与基金减少的额度不一致",
        "what was paid is not what the fund has less",
    )
    demand(
        facts["ledger_agrees"] and facts["trail"]["intact"],
        "账实不符或留痕不完整",
        "ledger or trail do not agree",
    )


def adds_up(scored: Mapping[str, Any]) -> None:
    """The contributions add up to the log-odds, to a millionth."""
    total = sum(part["value"] for part in scored["contributions"])
    demand(
        abs(total - scored["log_odds"]) <= TOLERANCE,
        f"各项贡献之和 {total} 不等于对数几率 {scored['log_odds']}",
        f"the contributions add up to {total}, not to {scored['log_odds']}",
    )


def stream(facts: Mapping[str, Any]) -> None:
    """Nothing is missing and nothing came twice."""
    gaps, duplicates = facts["gaps"], facts["duplicates"]
    demand(
        not gaps and not duplicates,
        f"事件流有 {gaps} 处缺口、{duplicates} 条重复",
        f"{gaps} gaps and {duplicates} duplicates in the stream",
    )
