"""What a fund holds, as the contract has it."""

from bole.funding.v1 import investment_service_pb2 as wire
from services.funding.rpc.funds.amounts import yuan
from services.funding.rpc.funds.investment_wire import multiple
from services.funding.service.funds.portfolio import HeldPortfolio


def portfolio_to_wire(held: HeldPortfolio) -> wire.Portfolio:
    """The figures, and a line for each state that occurs."""
    proceeds, value, paid = (held.total(name) for name in ("proceeds_fen", "value_fen", "paid_fen"))
    return wire.Portfolio(
        fund=f"funds/{held.fund.id}",
        investment_count=len(held.live),
        paid=yuan(paid),
        unpaid=yuan(held.total("unpaid_fen")),
        cost=yuan(held.total("cost_fen")),
        proceeds=yuan(proceeds),
        gain=yuan(held.total("gain_fen")),
        written_off=yuan(held.total("written_off_fen")),
        value=yuan(value),
        multiple=multiple(proceeds + value, paid),
        brought_cost=yuan(held.brought_fen),
        ledger_cost=yuan(held.ledger_fen),
        agrees=held.agrees,
        lines=[
            wire.PortfolioLine(
                state=f"STATE_{state.name}",
                investment_count=len(holdings),
                cost=yuan(sum(each.cost_fen for each in holdings)),
                value=yuan(sum(each.value_fen for each in holdings)),
            )
            for state, holdings in held.by_state().items()
        ],
    )
