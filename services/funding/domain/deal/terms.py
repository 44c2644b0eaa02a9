"""Terms of a deal (交易条件): what one fund would put into one firm, and on which conditions."""

from dataclasses import dataclass

from services.funding.domain.findings import Findings


@dataclass(frozen=True, kw_only=True)
class DealTerms:
    """Amounts in fen, durations in months from signing; None is unknown.

    `has_redemption`: the fund may ask its money back before exit, from `redemption_months` on.
    `fixed_return`: a fixed return, or a buy-back without condition inside the holding, is promised (debt in
    the name of equity, 名股实债). `follow_on_fen`: reserve for later rounds. `round_total_fen`: all money of
    the round, ours included. `other_public_funds`: other public funds in the same round. `verified`: read
    from a term sheet, not declared.
    """

    ask_fen: int
    pre_money_fen: int | None = None
    round_total_fen: int | None = None
    holding_months: int | None = None
    has_redemption: bool | None = None
    redemption_months: int | None = None
    fixed_return: bool | None = None
    follow_on_fen: int | None = None
    other_public_funds: tuple[str, ...] | None = None
    verified: bool = False


def examine_terms(terms: DealTerms, findings: Findings) -> None:
    """Find what cannot be true of terms."""
    findings.amount("terms.ask_fen", terms.ask_fen, least=1)
    findings.amount("terms.pre_money_fen", terms.pre_money_fen, least=1)
    findings.amount("terms.round_total_fen", terms.round_total_fen, least=1)
    if terms.round_total_fen is not None and terms.ask_fen > terms.round_total_fen:
        findings.add(
            "terms.ask_fen", "PART_OVER_WHOLE", "单笔金额大于本轮总额", "the ticket is over the round"
        )
    findings.amount("terms.follow_on_fen", terms.follow_on_fen)
    findings.count("terms.holding_months", terms.holding_months, least=1, most=600)
    findings.count("terms.redemption_months", terms.redemption_months, most=600)
    if terms.redemption_months is not None and terms.has_redemption is not True:
        findings.add(
            "terms.redemption_months",
            "REDEMPTION_CONTRADICTED",
            "填写了回购触发时间，但未说明存在回购条款",
            "a redemption date is given without a redemption right",
        )
