"""Who may not see a record is told the same whether or not it exists: every unary RPC, by people of other walks."""

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from typing import Any

import grpc
import pytest
from google.protobuf import text_format
from sqlalchemy import select

from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    firm_service_pb2,
    firm_service_pb2_grpc,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from services.chassis.identity.identity import Grant
from services.chassis.rpc.channel import open_channel
from services.chassis.rpc.failures import read_failure
from services.chassis.storage.db import Database, open_engine
from services.funding.store.schema import shared
from tests.contract.installation import MANAGER, Installation, staff_token
from tests.contract.noise import Noise, message_of
from tests.fuzz.calling import ways

# Members of committees are not among them: they see the public card of every deal.
ROLES = ("talent_officer", "partner_scout", "firm_representative", "admin")
NOWHERE = "01j0000000000000000000zzzz"


@pytest.fixture
def outsiders(whole: Installation) -> Iterator[dict[str, grpc.Channel]]:
    """People whose calls prove nothing about coverage."""
    with ExitStack() as stack:
        found: dict[str, grpc.Channel] = {}
        for role in ROLES:
            token = staff_token(whole, Grant(role), subject=f"outside-{role}")
            signed_in = open_channel(whole.settings.funding_address, token=partial(str, token))
            found[role] = stack.enter_context(signed_in)
        yield found


@pytest.fixture
def noise(whole: Installation) -> Noise:
    """Requests about a deal, its firm and its fund."""
    made = Noise(20261126)
    with whole.channel("funding", MANAGER) as channel:
        deals = deal_service_pb2_grpc.DealServiceStub(channel)
        [deal] = deals.ListDeals(deal_service_pb2.ListDealsRequest(page_size=1)).deals
        firms, funds = (
            firm_service_pb2_grpc.FirmServiceStub(channel),
            fund_service_pb2_grpc.FundServiceStub(channel),
        )
        made.learn(deal)
        made.learn(firms.GetFirm(firm_service_pb2.GetFirmRequest(name=deal.firm)))
        made.learn(funds.GetFund(fund_service_pb2.GetFundRequest(name=deal.fund)))
    return made


def told(channel: grpc.Channel, path: str, method: Any, request: Any) -> tuple[str, ...]:
    """How a call ends: code, reason and texts."""
    ask = channel.unary_unary(
        path,
        request_serializer=lambda message: message.SerializeToString(),
        response_deserializer=message_of(method.output_type).FromString,
    )
    try:
        ask(request, timeout=300)
    except grpc.RpcError as error:
        found = read_failure(error)
        return found.code, found.reason, found.text.zh, found.text.en
    return ("OK",)


def elsewhere(request: Any, ids: list[str]) -> Any:
    """The same request about records that do not exist."""
    text = text_format.MessageToString(request)
    for id_ in ids:
        text = text.replace(id_, NOWHERE)
    return text_format.Parse(text, type(request)())


def test_a_refusal_does_not_tell_whether_there_is_anything_and_stands_in_the_audit(
    whole: Installation, outsiders: dict[str, grpc.Channel], noise: Noise
) -> None:
    ids = [name.rpartition("/")[2] for name in noise.names]
    compared, telling, denied = 0, [], Counter[tuple[str, str]]()
    for way in ways():
        path, method = way.path, way.method
        if way.service != "funding" or way.streams:
            continue
        request = noise.right(method)
        other = elsewhere(request, ids)
        if other == request:
            continue
        for role, channel in outsiders.items():
            there, nowhere = told(channel, path, method, request), told(channel, path, method, other)
            refusals = sum(each[0] == "PERMISSION_DENIED" for each in (there, nowhere))
            denied[f"outside-{role}", path[1:].replace("/", ".")] += refusals
            there = tuple(_without(text, ids) for text in there)
            if "PERMISSION_DENIED" in (there[0], nowhere[0]):
                compared += 1
                if there != tuple(_without(text, ids) for text in nowhere):
                    telling.append(
                        f"{role} {path}: {there} for one that is there, {nowhere} for one that is not"
                    )
    assert not telling, "\n".join(telling)
    assert compared > 200
    assert _denials(whole) == +denied


def _denials(whole: Installation) -> Counter[tuple[str, str]]:
    """Who was denied what and how often, as the audit trail of the funding service has it."""
    entries = shared.audit.entries
    asked = select(entries.c.actor, entries.c.resource).where(
        entries.c.action == "deny", entries.c.actor.startswith("outside-")
    )
    url = whole.settings.database_url("funding")
    with closing(Database(open_engine(url))) as database, database.read() as session:
        return Counter((row.actor, row.resource) for row in session.execute(asked))


def _without(text: str, ids: list[str]) -> str:
    for id_ in (*ids, NOWHERE):
        text = text.replace(id_, "…")
    return text
