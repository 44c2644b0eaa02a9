"""The sample's subscriptions to its funds, sent as a manager would."""

from bole.funding.v1 import (
    capital_pb2,
    capital_service_pb2,
    capital_service_pb2_grpc,
    fund_pb2,
)
from services.chassis.rpc.wire import money_from_wire, money_to_wire
from services.cli.answers import wording
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.money import Money
from services.sample.capital import subscriptions
from services.sample.holdings import MARKED


def send(session: Session) -> None:
    """Say whose part of its size every fund of the sample is."""
    funds = [each for each in list_funds(session) if wording.origin(each.origin) == "SYNTHETIC"]
    mothers = [each.name for each in funds if each.kind == fund_pb2.Fund.KIND_PROVINCIAL_MOTHER]
    stub = capital_service_pb2_grpc.CapitalServiceStub(session.channel("funding"))
    for fund in funds if mothers else []:
        size, public = (money_from_wire(each).fen for each in (fund.size, fund.government_subscribed))
        city, mother = wording.city(fund.city_code, "zh"), fund.name in mothers
        for each in subscriptions(size, public, city, mother=mother):
            given = capital_pb2.Commitment(
                party_kind=f"PARTY_KIND_{each.kind}",
                party=each.party,
                investor_fund=mothers[0] if each.kind == "FUND" else "",
                amount=money_to_wire(Money(each.fen)),
                signed_date=fund.established_date,
                document=f"认缴协议{MARKED}",
            )
            stub.CreateCommitment(
                capital_service_pb2.CreateCommitmentRequest(parent=fund.name, commitment=given)
            )
