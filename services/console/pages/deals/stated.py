"""The terms of a deal as a form holds them, and until when they may change."""

from collections.abc import Mapping

from google.type.money_pb2 import Money

from bole.funding.v1 import deal_pb2
from services.chassis.rpc.wire import money_from_wire
from services.console.web.visits import Visit

UNDECIDED = (
    deal_pb2.Deal.STATE_LEAD,
    deal_pb2.Deal.STATE_SUBMITTED,
    deal_pb2.Deal.STATE_SCREENING,
    deal_pb2.Deal.STATE_INFO_REQUESTED,
)
"""States in which nothing is decided on the terms: they may change."""
AMOUNTS = ("ticket", "pre_money", "round_total", "follow_on_reserve")
WHOLE = ("holding_years", "redemption_year", "expert_rating")


def written(visit: Visit, of: deal_pb2.Deal) -> Mapping[str, str]:
    """The terms as the form holds them, exact to the fen; an amount of the address, as one that was tried, first."""
    amounts = {field: _amount(visit, getattr(of, field)) for field in AMOUNTS}
    whole = {field: str(getattr(of, field)) for field in WHOLE if of.HasField(field)}
    promised = {"fixed_return": "yes" if of.fixed_return else "no"} if of.HasField("fixed_return") else {}
    tried = {field: visit.get(field) for field in ("ticket", "pre_money") if visit.get(field)}
    return {**amounts, **whole, **promised, "owner": of.owner, **tried}


def _amount(visit: Visit, given: Money) -> str:
    if not given.currency_code:
        return ""
    amount = money_from_wire(given)
    yuan, rest = divmod(amount.fen, 100)
    return amount.display_zh() if visit.language == "zh" else f"{yuan:,}{f'.{rest:02d}' if rest else ''}"
