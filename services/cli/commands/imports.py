"""`bole import list|rows|undo`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import DryRun, File, Filter, Lang, Limit, Out, Purpose, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="imports/…")]
Of = Annotated[str, typer.Option("--of", help="talent（人才）或 funding（企业、基金、项目）")]


@app.command("list")
def list_(
    of: Of = "talent",
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """导入批次 imports, newest first."""
    from services.cli.workbooks import imports

    with session(lang, output, file) as opened:
        imports.show_list(opened, filter_, limit, of)


@app.command("rows")
def rows(
    name: Name,
    of: Of = "talent",
    filter_: Filter = "",
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """逐行结果 what became of every row; values of people are masked unless a purpose is stated."""
    from services.cli.workbooks import imports

    with session(lang, output, file, purpose) as opened:
        imports.show_rows(opened, name, filter_, of)


@app.command("undo")
def undo(
    name: Name,
    of: Of = "talent",
    dry_run: DryRun = False,
    skip_changed: Annotated[
        bool, typer.Option("--skip-changed", help="跳过导入后有变更的记录 leave what was changed since")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 do not ask")] = False,
    lang: Lang = None,
) -> None:
    """撤销导入 take an import back."""
    from services.cli.workbooks import imports

    with session(lang) as opened:
        if not dry_run and not yes and not typer.confirm(f"{name}: 撤销该批次 undo this import?"):
            raise typer.Exit(1)
        imports.undo(opened, name, dry_run=dry_run, skip_changed=skip_changed, service=of)
