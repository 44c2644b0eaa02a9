"""`bole`: the command line of Bole (伯乐). Nouns and verbs; data on stdout, messages on stderr."""

from typing import Annotated

import typer

from services.cli.commands import house
from services.cli.commands.options import CHECK
from services.cli.nouns import Nouns

app = typer.Typer(
    name="bole",
    cls=Nouns,
    help="伯乐：人才、早期企业与未来产业方向的匹配平台。Matches people and early-stage firms with priority industries.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback()
def options(
    check: Annotated[
        bool,
        typer.Option("--check", help="变更只校验，不写入 changes are checked only, nothing is written"),
    ] = False,
) -> None:
    """伯乐：人才、早期企业与未来产业方向的匹配平台。Matches people and early-stage firms with priority industries."""
    CHECK.set(check)


house.register(app)


def main() -> None:
    """Entry point of the console script."""
    app()
