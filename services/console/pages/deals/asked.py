"""What the deal flow is asked, from the address: a fund, restrictions, an order; and the choices to narrow it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bole.common.v1 import facet_pb2
from bole.funding.v1 import (
    deal_service_pb2,
    deal_service_pb2_grpc,
    fund_pb2,
    fund_service_pb2,
    fund_service_pb2_grpc,
)
from bole.funding.v1 import screening_service_pb2 as service
from bole.funding.v1 import screening_service_pb2_grpc as service_grpc
from services.chassis.filtering import quoted
from services.console.backend import SECONDS
from services.console.pages import lists
from services.console.pages.beside import for_each
from services.console.web.visits import Visit
from services.console.words import Words

FACETS = (
    "state",
    "industry_code",
    "city_code",
    "stage",
    "band",
    "eligible",
    "sla",
    "blocking",
    "owner",
    "channel",
)
ORDERS = (
    "",
    "composite desc",
    "hard desc",
    "early desc",
    "ticket desc",
    "submitted_date desc",
    "submitted_date",
)
_SEVERAL = (*lists.FIELDS_OF_WORK, "blocking")
_TRIED = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about the deals of one fund."""

    fund: fund_pb2.Fund
    filter: str
    order_by: str

    def request(self, **more: object) -> service.ScreenDealsRequest:
        """As the service takes it."""
        given: dict[str, object] = {
            "fund": self.fund.name,
            "filter": self.filter,
            "order_by": self.order_by,
            **more,
        }
        return service.ScreenDealsRequest(**given)  # type: ignore[arg-type]  # protobuf checks each


def funds_of(visit: Visit) -> list[fund_pb2.Fund]:
    """The funds that the visitor sees, at most 500, by name."""
    stub = visit.stub(fund_service_pb2_grpc.FundServiceStub)
    found = stub.ListFunds(fund_service_pb2.ListFundsRequest(page_size=500), timeout=SECONDS).funds
    return sorted(found, key=lambda each: each.display_name)


def ask(visit: Visit, asked: Asked, **more: object) -> service.ScreenDealsResponse:
    """The answer of the screening."""
    stub = visit.stub(service_grpc.ScreeningServiceStub)
    return stub.ScreenDeals(asked.request(**more), timeout=SECONDS)


def asked_of(visit: Visit, funds: Sequence[fund_pb2.Fund]) -> Asked | None:
    """The question of the address; of the fund with the most deals if it names none. None without any fund."""
    name = visit.get("fund")
    chosen = next((each for each in funds if each.name == name), None)
    if name and chosen is None:
        stub = visit.stub(fund_service_pb2_grpc.FundServiceStub)
        chosen = stub.GetFund(fund_service_pb2.GetFundRequest(name=name), timeout=SECONDS)
    if chosen is None and funds:
        sizes = for_each(lambda each: _size(visit, each), funds[:_TRIED])
        chosen = funds[sizes.index(max(sizes))]
    order = visit.get("order")
    return None if chosen is None else Asked(chosen, filter_of(visit), order)


def _size(visit: Visit, fund: fund_pb2.Fund) -> int:
    """How many deals of a fund the visitor sees, without what its rules say of them."""
    stub = visit.stub(deal_service_pb2_grpc.DealServiceStub)
    asked = deal_service_pb2.ListDealsRequest(filter=f"fund = {quoted(fund.name)}", page_size=1)
    return int(stub.ListDeals(asked, timeout=SECONDS).total_size)


def filter_of(visit: Visit) -> str:
    """The restrictions of the address as one filter: those of the choices, of the fields, and one written out."""
    chosen = lists.condition({field: visit.get(field) for field in FACETS}, _SEVERAL)
    firm, least, most = visit.get("q"), visit.get("min"), visit.get("max")
    parts = [
        chosen,
        f"firm_words:{quoted(firm)}" if firm else "",
        f"ticket >= {quoted(least)}" if least else "",
        f"ticket <= {quoted(most)}" if most else "",
        visit.get("filter"),
    ]
    return _all(*parts)


def groups(visit: Visit, facets: Sequence[facet_pb2.Facet]) -> list[lists.Group]:
    """The counted choices beside the deals."""
    words = Words(visit.catalogue, visit.language)
    named = {"industry_code": words.industry, "city_code": words.city, "channel": words.channel}
    known: dict[str, tuple[str, str, Callable[[str], str]]] = {}
    held = [_held(visit, each) for each in facets]
    for facet in held:
        titles = {each.value: visit.text(each.title) for each in facet.values if each.HasField("title")}
        called = named.get(facet.field, lambda value, titles=titles: titles.get(value, value) or "—")
        known[facet.field] = (facet.field, words.facet(facet.field), called)
    return lists.groups(visit, held, known)


def said_of(visit: Visit, asked: Asked, chosen: Sequence[lists.Group]) -> list[tuple[str, str]]:
    """What is asked, in words: the fund, the choices beside the deals, the fields above them."""
    written = (
        (visit.say("企业名称含", "Firm"), "q"),
        (visit.say("拟投不少于", "Ticket from"), "min"),
        (visit.say("拟投不多于", "Ticket to"), "max"),
        (visit.say("条件", "Condition"), "filter"),
    )
    return [
        (visit.say("基金", "Fund"), asked.fund.display_name),
        *((group.title, each.name) for group in chosen for each in group.choices if each.on),
        *((title, visit.get(name)) for title, name in written if visit.get(name)),
    ]


def _held(visit: Visit, facet: facet_pb2.Facet) -> facet_pb2.Facet:
    """The values that deals have, and the chosen one."""
    chosen = visit.get(facet.field)
    return facet_pb2.Facet(
        field=facet.field,
        values=[
            each
            for each in facet.values
            if each.count or not each.HasField("count") or (each.value or lists.NOTHING) == chosen
        ],
    )


def _all(*parts: str) -> str:
    return " AND ".join(f"({each})" if " OR " in each else each for each in parts if each)
