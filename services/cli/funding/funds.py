"""`bole fund …`: funds with what they can still take."""

from services.chassis.rpc.wire import money_from_wire
from services.cli.answers import wording
from services.cli.answers.columns import Column
from services.cli.funding.screening import list_funds
from services.cli.session import Session
from services.kernel.errors import InvalidArgument
from services.kernel.money import Money
from services.kernel.text import Text

_COLUMNS = (
    Column("name", Text("基金", "fund"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("ruleset", Text("规则集", "rules")),
    Column("size", Text("规模", "size"), right=True, show=Money.rounded),
    Column("reserved", Text("已预留", "reserved"), right=True, show=Money.rounded),
    Column("committed", Text("已签约", "committed"), right=True, show=Money.rounded),
    Column("headroom", Text("可用", "headroom"), right=True, show=Money.rounded),
    Column("id", Text("编号", "resource"), whole=True),
)


def show(session: Session) -> None:
    """One row each."""
    language = session.language
    rows = [
        {
            "name": fund.display_name,
            "city": wording.city(fund.city_code, language) if fund.city_code else "",
            "ruleset": fund.mandate.ruleset,
            "size": money_from_wire(fund.size),
            "reserved": money_from_wire(fund.reserved),
            "committed": money_from_wire(fund.committed),
            "headroom": money_from_wire(fund.headroom),
            "id": fund.name,
            "origin": wording.origin(fund.origin),
        }
        for fund in list_funds(session)
    ]
    session.output.rows(Text("基金", "funds"), _COLUMNS, rows)


def named(session: Session, text: str) -> str:
    """The fund that is meant by its resource name, its name, or a part of it that only one has; empty for empty.

    Raises InvalidArgument (NO_SUCH_FUND, FUND_AMBIGUOUS) with the names there are.
    """
    wanted = text.strip()
    if not wanted or "/" in wanted:
        return wanted
    funds = list_funds(session)
    found = [each for each in funds if each.display_name == wanted]
    found = found or [each for each in funds if wanted in each.display_name]
    if len(found) == 1:
        return found[0].name
    listed = [f"{each.display_name}（{each.name}）" for each in found or funds]
    zh, en = (
        ("有多只基金的名称含", "several funds are called")
        if found
        else ("没有基金的名称含", "no fund is called")
    )
    raise InvalidArgument.field(
        "fund",
        "FUND_AMBIGUOUS" if found else "NO_SUCH_FUND",
        f"{zh}“{wanted}”，请写全名或 funds/编号：{'、'.join(listed)}",
        f"{en} {wanted!r}; write the whole name or funds/…: {', '.join(listed)}",
    )
