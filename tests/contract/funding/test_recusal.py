"""Who is recused from a deal changes nothing about it and reads no more than the card of it and of its firm: every
method of the contract that could is asked to.
"""

import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from google.api import annotations_pb2
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pb2 import MethodDescriptorProto

from bole.funding.v1 import deal_pb2, deal_service_pb2, interest_pb2
from services.chassis.identity.identity import Grant
from services.console.gateway.bindings import methods_of
from tests.contract.funding.board import MEMBERS, Board, Tier, seated
from tests.contract.installation import Installation, refused
from tests.contract.noise import Noise
from tests.contract.talent.walking import call

ROLES = (
    "fund_manager",
    "committee_secretary",
    "legal",
    "finance",
    "supervisor",
    "auditor",
    "committee_member",
)
ABOUT_DEALS = re.compile(r"(deals|dutyDossiers|investments|sittings)/\*|/v1/sittings$")
LEFT = {"SimulateDeal", "DeclareInterest", "SettleDealReminder", "LapseDeal", "CastBallot"}
"""What changes nothing; what is left to who is recused; what no person does; and the ballot, which takes a seat
(`test_committees`).
"""
EQUITY = interest_pb2.INTEREST_KIND_EQUITY


def pattern_of(method: MethodDescriptor) -> str:
    """Where a method is posted; empty for one that is not."""
    rule = method.GetOptions().Extensions[annotations_pb2.http]
    return str(rule.post or rule.patch)


METHODS = {each.name: each for each in methods_of("funding") if ABOUT_DEALS.search(pattern_of(each))}


@pytest.fixture
def board(whole: Installation) -> Iterator[Board]:
    with seated(whole) as made:
        yield made


def first(board: Board, state: str) -> deal_pb2.Deal:
    request = deal_service_pb2.ListDealsRequest(filter=f"state = {state}", page_size=1)
    found: deal_pb2.Deal = board.deals("manager").ListDeals(request).deals[0]
    return found


def about(method: MethodDescriptor, names: dict[str, str]) -> Any:
    """A request that is right in itself, about the deal, vote, sitting or holding of `names`."""
    stated = MethodDescriptorProto()
    method.CopyToProto(stated)
    made = Noise(1).right(stated)
    pattern = pattern_of(method)
    if named := re.search(r"\{([\w.]+)=([^}]+)\}", pattern):
        holder, _, field = named[1].rpartition(".")
        of = next(each for each in sorted(names, key=len, reverse=True) if named[2].startswith(each))
        setattr(
            getattr(made, holder) if holder else made,
            field,
            names[of] + named[2][len(of) :].replace("*", "1"),
        )
    for carrier in (made, getattr(made, "command", made)):
        for field in ("etag", "deal_etag"):
            if field in carrier.DESCRIPTOR.fields_by_name:
                setattr(carrier, field, '"v1"')
        for field in ("request_id", "validate_only"):
            if field in carrier.DESCRIPTOR.fields_by_name:
                carrier.ClearField(field)
    return made


def test_no_method_changes_anything_of_a_deal_for_who_is_recused(whole: Installation, board: Board) -> None:
    deal, held = first(board, "IC_INTERNAL"), first(board, "INVESTED")
    for member in MEMBERS:
        board.declare(member, deal)
    sitting = board.sitting(deal, Tier.TIER_INTERNAL)
    vote = board.open(sitting, deal)
    names = {
        "deals/*": deal.name,
        "dutyDossiers/*": deal.name.replace("deals", "dutyDossiers"),
        "investments/*": held.name.replace("deals", "investments"),
        "sittings/*": sitting.name,
        "sittings/*/votes/*": vote.name,
    }
    who, done = f"tied-{uuid4().hex[:8]}", {}
    with whole.channel("funding", *map(Grant, ROLES), subject=who) as channel:
        board.channels[who] = channel
        for each in (deal, held):
            board.declare(who, each, EQUITY, text="持有其股东的份额")
        for name in sorted(METHODS.keys() - LEFT):
            method = METHODS[name]
            request = about(method, names)
            if name == "CreateSitting":
                request.sitting.CopyFrom(sitting)
            elif name == "UpdateSitting":
                request.sitting.CopyFrom(sitting)
                request.update_mask.paths[:] = ["sit_time"]
            elif name == "OpenVote":
                request.deal = deal.name
            elif name == "CorrectDecision":
                request.vote = vote.name
            failure = refused(lambda asked, of=method: call(channel, of, asked), request)
            done[name] = (failure.code, failure.reason)
    assert {name: said for name, said in done.items() if said != ("PERMISSION_DENIED", "RECUSED")} == {}
    assert len(done) > 45


READS = re.compile(r"(deals|dutyDossiers|investments|firms)/\*")
CARDS = {"GetDeal", "GetFirm", "ListInterests"}
"""What shows the card, and one's own declarations."""
SHOWN = {
    each.name: each
    for each in methods_of("funding")
    if READS.search(each.GetOptions().Extensions[annotations_pb2.http].get)
}


def asking(method: MethodDescriptor, names: dict[str, str]) -> Any:
    """A request that reads of what `names` names, without anything else."""
    pattern = method.GetOptions().Extensions[annotations_pb2.http].get
    made: Any = message_factory.GetMessageClass(method.input_type)()
    for field, stated in re.findall(r"\{(\w+)=([^}]+)\}", pattern):
        of = next(each for each in sorted(names, key=len, reverse=True) if stated.startswith(each))
        setattr(made, field, names[of] + stated[len(of) :].replace("*", "1"))
    return made


def test_no_method_reads_more_than_the_card_for_who_is_recused(whole: Installation, board: Board) -> None:
    deal, held = first(board, "IC_INTERNAL"), first(board, "INVESTED")
    who, done = f"tied-{uuid4().hex[:8]}", {}
    with whole.channel("funding", *map(Grant, ROLES), subject=who) as channel:
        board.channels[who] = channel
        for each in (deal, held):
            board.declare(who, each, EQUITY, text="持有其股东的份额")
        names = {
            "deals/*": deal.name,
            "dutyDossiers/*": deal.name.replace("deals", "dutyDossiers"),
            "investments/*": held.name.replace("deals", "investments"),
            "firms/*": deal.firm,
        }
        for name in sorted(SHOWN.keys() - CARDS):
            request = asking(SHOWN[name], names)
            if name == "ExplainRank":
                request.versus = held.name
            elif name == "GetFirmAsKnown":
                request.known_time.GetCurrentTime()
            failure = refused(lambda asked, of=SHOWN[name]: call(channel, of, asked), request)
            done[name] = (failure.code, failure.reason)
    assert {name: said for name, said in done.items() if said != ("PERMISSION_DENIED", "RECUSED")} == {}
    assert len(done) > 30
