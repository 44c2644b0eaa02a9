"""Who may not see a record is told so by the very same statements whether or not it exists: the time tells nothing."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format
from google.protobuf.descriptor_pb2 import MethodDescriptorProto
from sqlalchemy import Engine, event, select

from services.chassis import policy
from services.chassis.audit.audit import Audit
from services.chassis.house import House
from services.chassis.identity.identity import Grant, Principal
from services.chassis.keys import ensure_local_keys, load_key
from services.chassis.log.log import open_log
from services.chassis.request_log import RequestLog
from services.chassis.rpc.call import Call, serving
from services.chassis.rpc.registration import Service
from services.chassis.settings import load_settings
from services.chassis.storage.paging import PageTokens
from services.chassis.telemetry.metrics import Metrics
from services.chassis.telemetry.trace import start
from services.funding.app import BLUEPRINT
from services.funding.domain.deal.deal import Deal
from services.funding.store import schema
from services.kernel.errors import BoleError, PermissionDenied
from tests.contract.noise import Noise
from tests.integration.funding.installed import Funding

NOWHERE = "01j0000000000000000000zzzz"
SOME = NOWHERE.replace("z", "y")
CALLERS = {
    "manager of another city": Grant("fund_manager", city="xuzhou"),
    "secretary of another city": Grant("committee_secretary", city="xuzhou"),
    "member of another city": Grant("committee_member", city="xuzhou"),
    "manager of another fund": Grant("fund_manager", fund=SOME),
    "somebody of another firm": Grant("firm_representative", firm=SOME),
    "a scout": Grant("partner_scout"),
}
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def services(stocked: Funding, tmp_path: Path) -> Iterator[Sequence[Service]]:
    """The servicers over the sample."""
    settings = load_settings({"BOLE_DATA_DIR": str(tmp_path / "data")})
    ensure_local_keys(settings.keys_dir)
    tables = BLUEPRINT.tables
    with closing(open_log(settings.log_url)) as log:
        house = House(
            settings,
            stocked.clock,
            stocked.deals.ids,
            stocked.database,
            log,
            tables,
            stocked.deals.journal,
            RequestLog(tables.request_log, stocked.clock),
            Audit(tables.audit),
            PageTokens(load_key(settings.keys_dir, "page")),
            Metrics("funding"),
        )
        yield BLUEPRINT.assemble(house).services


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """What is asked of the database meanwhile, without the values."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def call_of(principal: Principal, method: Any, stocked: Funding) -> Call:
    now = stocked.clock.now()
    cleared = policy.clearance(principal, None, now, method)
    deadline = time.monotonic() + 600
    return Call(principal, cleared, None, "r", start(), method.full_name, "test", now, deadline)


def asked(stocked: Funding, call: Call, act: Any, request: Any) -> tuple[str, list[str]]:
    """How a call ends, and by which statements."""
    with serving(call), statements(stocked.database.engine) as seen:
        try:
            act(request, None)
        except BoleError as error:
            return f"{type(error).__name__} {error.reason}", seen
    return "OK", seen


def elsewhere(request: Any, gone: Sequence[str]) -> Any:
    """The same request about records that do not exist."""
    text = text_format.MessageToString(request)
    for id_ in gone:
        text = text.replace(id_, NOWHERE)
    return text_format.Parse(text, type(request)())


def unary(services: Sequence[Service]) -> Iterator[tuple[Any, Any, Any]]:
    """What serves a method, the method, and the method as the contract describes it."""
    for service in services:
        for method in service.descriptor().methods:
            if not (method.client_streaming or method.server_streaming):
                described = MethodDescriptorProto()
                method.CopyToProto(described)
                yield getattr(service.servicer, method.name), method, described


def a_paid_deal(stocked: Funding) -> Deal:
    with stocked.database.read() as session:
        return session.scalars(select(Deal).where(schema.deal.c.state == "INVESTED").limit(1)).one()


@pytest.mark.parametrize("about", ["a deal and its fund", "a firm"])
def test_a_refusal_takes_the_same_steps_whether_or_not_there_is_anything(
    stocked: Funding, services: Sequence[Service], about: str
) -> None:
    """That there is a firm, the staff of every city knows."""
    noise, deal = Noise(20261126), a_paid_deal(stocked)
    kinds = {"deals": deal.id, "firms": deal.firm_id, "funds": deal.fund_id, "investments": deal.id}
    for collection, id_ in {**kinds, "dutyDossiers": deal.id}.items():
        noise.learn(f'name: "{collection}/{id_}"')
    gone = [deal.firm_id] if about == "a firm" else [deal.id, deal.fund_id]
    callers = {who: grant for who, grant in CALLERS.items() if about != "a firm" or grant.city is None}
    told, compared = list[str](), 0
    for act, method, described in unary(services):
        request = noise.right(described)
        other = elsewhere(request, gone)
        for who, grant in callers.items() if other != request else ():
            principal = Principal(who, "staff", (grant,))
            if policy.may_call(principal, method, stocked.clock.now()):
                call = call_of(principal, method, stocked)
                there, nowhere = (asked(stocked, call, act, each) for each in (request, other))
                denied = [each[0].startswith(PermissionDenied.__name__) for each in (there, nowhere)]
                compared += any(denied)
                if any(denied) and there != nowhere:
                    told.append(f"{who} {method.full_name}: {there}, {nowhere}")
    assert not told, "\n".join(told)
    assert compared > (20 if about == "a firm" else 100)
