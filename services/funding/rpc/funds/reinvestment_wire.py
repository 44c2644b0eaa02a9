"""Between the contract of local reinvestment and its domain."""

from collections.abc import Sequence

from bole.funding.v1 import capital_pb2, reinvestment_pb2
from services.chassis.rpc.wire import instant_to_wire, text_to_wire
from services.funding.domain.capital.cities import CityFigures
from services.funding.domain.capital.reinvestment import CreditBasis, ReinvestmentCredit
from services.funding.rpc.funds.amounts import yuan
from services.funding.service.funds.reinvestment import CityReport

BASES = {reinvestment_pb2.ReinvestmentCredit.Basis.Value(f"BASIS_{each.name}"): each for each in CreditBasis}


def credit_to_wire(credit: ReinvestmentCredit, in_force: bool) -> reinvestment_pb2.ReinvestmentCredit:
    """One credit."""
    return reinvestment_pb2.ReinvestmentCredit(
        sequence=credit.sequence,
        fund=f"funds/{credit.fund_id}",
        city_code=credit.city,
        amount=yuan(credit.fen),
        basis=f"BASIS_{credit.basis.name}",
        document=credit.document,
        in_force=in_force,
        actor=credit.actor,
        create_time=instant_to_wire(credit.at),
    )


def report_to_wire(report: CityReport, order: Sequence[str]) -> reinvestment_pb2.CityReport:
    """The report, cities in the given order and others after them."""
    codes = sorted(report.cities, key=lambda code: (order.index(code) if code in order else len(order), code))
    return reinvestment_pb2.CityReport(
        fund_count=len(report.funds),
        cities=[_line(code, report.cities[code]) for code in codes],
        total=_line("", report.total),
        eliminations=[
            capital_pb2.EliminationLine(
                investor_fund=f"funds/{each.investor_fund}",
                fund=f"funds/{each.fund}",
                amount=yuan(each.fen),
                commitment=f"funds/{each.fund}/commitments/{each.commitment}",
            )
            for each in report.eliminations
        ],
        credits=[
            reinvestment_pb2.CreditLine(
                investment=f"investments/{each.investment_id}",
                fund=f"funds/{each.fund_id}",
                city_code=each.city,
                amount=yuan(each.fen),
            )
            for each in report.credits
        ],
        ties=[
            reinvestment_pb2.LedgerTie(
                title=text_to_wire(each.title),
                ledger=yuan(each.ledger_fen),
                explained=yuan(each.explained_fen),
                unexplained=yuan(each.ledger_fen - each.explained_fen),
            )
            for each in report.ties
        ],
        agrees=report.agrees,
    )


def _line(code: str, figures: CityFigures) -> reinvestment_pb2.CityLine:
    return reinvestment_pb2.CityLine(
        city_code=code,
        subscribed=yuan(figures.subscribed_fen),
        called=yuan(figures.called_fen),
        received=yuan(figures.received_fen),
        invested=yuan(figures.invested_fen),
        firm_count=len(figures.firms),
        credited=yuan(figures.credited_fen),
    )
