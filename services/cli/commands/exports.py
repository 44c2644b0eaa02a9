"""`bole export take|list`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Filter, Lang, Limit, OrderBy, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)


@app.command("take")
def take(
    sheet: Annotated[
        str,
        typer.Argument(
            help="persons、teams、positions、outcomes、training、moves、evidence、firms、funds、deals"
        ),
    ],
    path: Annotated[Path, typer.Argument(dir_okay=False, help="写入的文件 the file to write")],
    reason: Annotated[str, typer.Option(help="事由 why the records are taken away")],
    form: Annotated[str, typer.Option(help="csv、csv-gb18030、xlsx；默认按文件名")] = "",
    filter_: Filter = "",
    words: Annotated[
        str,
        typer.Option(
            help="人才、岗位：查找的文字，同 talent search words of the search, of persons, positions"
        ),
    ] = "",
    columns: Annotated[str, typer.Option(help="列，用逗号分隔，如 ref,name,city columns by key")] = "",
    fund: Annotated[
        str, typer.Option(help="funds/…：按该基金的筛选导出项目 deals as its screening shows them")
    ] = "",
    order_by: OrderBy = "",
    purpose: Purpose = None,
    lang: Lang = None,
) -> None:
    """导出 write records to a file, as far as the account may see them; every export is registered."""
    from services.cli.funding.funds import named
    from services.cli.talent import taking

    with session(lang, purpose=purpose) as opened:
        chosen = tuple(part.strip() for part in columns.split(",") if part.strip())
        ending = "xlsx" if path.suffix.lower() == ".xlsx" else "csv"
        taking.take(
            opened,
            taking.Wanted(
                sheet, form or ending, reason, filter_, chosen, named(opened, fund), order_by, words
            ),
            path,
        )


@app.command("list")
def list_(
    of: Annotated[str, typer.Option("--of", help="talent（人才）或 funding（企业、基金、项目）")] = "talent",
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """导出登记 the register of exports; --filter 'person = persons/…' finds the files that hold somebody."""
    from services.cli.talent import taking

    with session(lang, output, file) as opened:
        taking.show_list(opened, filter_, limit, of)
