"""Commands of several people, each signed in as who they are."""

import json
from typing import Any

from typer.testing import CliRunner

from services.chassis.identity.identity import Grant
from services.cli.main import app
from services.cli.session import TOKEN_FILE
from tests.contract.installation import Installation, staff_token

ROLES = {
    "cli-secretary": "committee_secretary",
    "cli-manager": "fund_manager",
    "cli-auditor": "auditor",
    "cli-finance": "finance",
}


class Office:
    """`bole …` as whoever is named first."""

    def __init__(self, whole: Installation) -> None:
        self._whole = whole
        self._token = whole.settings.data_dir / TOKEN_FILE

    def __call__(self, who: str, *words: str, ok: bool = True, lang: str = "zh") -> str:
        grant = Grant(ROLES.get(who, "committee_member"), purposes=frozenset({"due-diligence", "audit"}))
        self._token.write_text(staff_token(self._whole, grant, subject=who), encoding="ascii")
        self._token.chmod(0o600)
        try:
            result = CliRunner().invoke(app, [*words, "--lang", lang])
        finally:
            self._token.unlink()
        assert (result.exit_code == 0) is ok, result.output
        return result.output

    def rows(self, who: str, *words: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self(who, *words, "-o", "json"))
        return found


def a_deal(bole: Office, state: str) -> dict[str, Any]:
    """A row of a deal in that state, with its fund."""
    funds = bole.rows("cli-manager", "fund", "list")
    for fund in funds:
        found = bole.rows(
            "cli-manager",
            "deal",
            "screen",
            "--fund",
            fund["id"],
            "--filter",
            f"state = {state}",
            "--limit",
            "5",
        )
        if found:
            return {"fund": fund["id"], **found[0]}
    raise AssertionError(f"the sample has no deal in {state}")


def name_of(deal: dict[str, Any]) -> str:
    """Its resource name."""
    return next(str(each) for each in deal.values() if str(each).startswith("deals/"))
