"""`bole proposal …`: pairs put forward, and what becomes of them."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.match import Ask, Valuation
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="proposals/…")]
Note = Annotated[str, typer.Option(help="说明 in words")]


@app.command("create")
def create(
    anchor: Annotated[str, typer.Argument(help="positions/…、firms/…、funds/…")],
    candidate: Annotated[str, typer.Argument(help="persons/…、teams/…、firms/…")],
    kind: Annotated[str, typer.Option(help="person-position、person-firm、firm-fund …")],
    note: Note = "",
    ask: Ask = "",
    valuation: Valuation = "",
    shown_rank: Annotated[
        int, typer.Option(min=0, help="在所见名单中的位置，从 1 起 its place in the list that was seen")
    ] = 0,
    shown_page: Annotated[int, typer.Option(min=0, help="在名单的第几页，从 1 起 its page, from 1")] = 0,
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """推荐一个配对 put a pair forward."""
    from services.cli.matcher import proposals

    with session(lang, output) as opened:
        proposals.create(opened, kind, anchor, candidate, note, (ask, valuation), (shown_rank, shown_page))


@app.command("list")
def list_(
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 50,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """推荐列表 proposals by filter, e.g. state = PROPOSED AND kind = firm-fund."""
    from services.cli.matcher import proposals

    with session(lang, output, file, purpose) as opened:
        proposals.show_list(opened, filter_, order_by, limit)


@app.command("show")
def show(
    name: Name, purpose: Purpose = None, lang: Lang = None, output: Out = Format.TABLE, file: File = None
) -> None:
    """推荐的经过 one proposal with its steps."""
    from services.cli.matcher import proposals

    with session(lang, output, file, purpose) as opened:
        proposals.show(opened, proposals.get(opened, name))


@app.command("advance")
def advance(
    name: Name,
    state: Annotated[str, typer.Argument(help="VIEWED、ACCEPTED、REJECTED、CONTACTED、DONE、WITHDRAWN")],
    reason: Annotated[
        str, typer.Option(help="SKILLS、LEVEL、CITY、TERMS、TIMING、NOT_INTERESTED、OTHER_CHOSEN、OTHER")
    ] = "",
    note: Note = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
) -> None:
    """推进一步 take the next step."""
    from services.cli.matcher import proposals

    with session(lang, output) as opened:
        proposals.advance(opened, name, state, reason, note)
