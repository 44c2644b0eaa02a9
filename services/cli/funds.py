"""`bole fund …`: funds with what they can still take."""

from services.cli import wording
from services.cli.output import Column
from services.cli.screening import amount, list_funds
from services.cli.session import Session
from services.kernel.text import Text

_COLUMNS = (
    Column("name", Text("基金", "fund")),
    Column("city", Text("城市", "city")),
    Column("ruleset", Text("规则集", "rules")),
    Column("size", Text("规模", "size"), right=True),
    Column("reserved", Text("已预留", "reserved"), right=True),
    Column("committed", Text("已签约", "committed"), right=True),
    Column("headroom", Text("可用", "headroom"), right=True),
    Column("id", Text("编号", "resource")),
)


def show(session: Session) -> None:
    """One row each."""
    language = session.language
    rows = [
        {
            "name": fund.display_name,
            "city": wording.city(fund.city_code, language) if fund.city_code else "",
            "ruleset": fund.mandate.ruleset,
            "size": amount(fund.size, language),
            "reserved": amount(fund.reserved, language),
            "committed": amount(fund.committed, language),
            "headroom": amount(fund.headroom, language),
            "id": fund.name,
        }
        for fund in list_funds(session)
    ]
    session.output.rows(Text("基金", "funds"), _COLUMNS, rows)
