"""`bole talent search|show|add|change|import|withdraw|erase|merge|unmerge`, and `bole talent duplicates …`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands import duplicates
from services.cli.commands.options import (
    AllOrNothing,
    DryRun,
    Encoding,
    Errors,
    File,
    Fills,
    Filter,
    Lang,
    Limit,
    Maps,
    OrderBy,
    Out,
    Purpose,
    session,
)

app = typer.Typer(no_args_is_help=True)
app.add_typer(duplicates.app, name="duplicates", help="疑似重复 records that may be of one person")
app.command("merge")(duplicates.merge)
app.command("unmerge")(duplicates.unmerge)
Name = Annotated[str, typer.Argument(help="persons/…")]
Stated = Annotated[
    list[str],
    typer.Argument(
        metavar="字段=值…",
        help="如 姓名=张三 category=卓越工程师 city=苏州 availability=随时 directions=海水制氢:0.6;量子科技:0.4",
    ),
]


@app.command("search")
def search(
    query: Annotated[str, typer.Argument(help="姓名、拼音或研究内容，一个汉字即可")] = "",
    filter_: Filter = "",
    order_by: OrderBy = "",
    limit: Limit = 20,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """检索人才，姓名相近的在前 search people, the nearest names first; names are masked unless a purpose is stated."""
    from services.cli.talent import people

    with session(lang, output, file, purpose) as opened:
        people.show_search(opened, query, people.search(opened, query, filter_, order_by, limit))


@app.command("show")
def show(
    name: Name,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """一位人才 one person."""
    from services.cli.talent import people

    with session(lang, output, file, purpose) as opened:
        people.show_one(opened, people.get(opened, name))


@app.command("add")
def add(
    ref: Annotated[str, typer.Argument(help="来源编号 number in the source")],
    stated: Stated,
    yes: Annotated[bool, typer.Option("--yes", help="有相似记录也新建 even if similar ones exist")] = False,
    purpose: Purpose = None,
    lang: Lang = None,
) -> None:
    """登记一位人才，先提示相似记录 enter a person; similar records are shown first."""
    from services.cli.talent import entering

    with session(lang, purpose=purpose) as opened:
        entering.add(opened, ref, stated, yes=yes)


@app.command("change")
def change(name: Name, stated: Stated, purpose: Purpose = None, lang: Lang = None) -> None:
    """更正人才信息 correct what is known of a person."""
    from services.cli.talent import entering

    with session(lang, purpose=purpose) as opened:
        entering.change(opened, name, stated)


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    dry_run: DryRun = False,
    all_or_nothing: AllOrNothing = False,
    sheet: Annotated[str, typer.Option(help="CSV 文件对应的表：persons、teams、positions")] = "",
    encoding: Encoding = "",
    errors: Errors = None,
    source: Annotated[str, typer.Option(help="名单来源，如 社保、高校、猎头 the list people come from")] = "",
    maps: Maps = None,
    fills: Fills = None,
    purpose: Purpose = None,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """导入人才、团队、岗位 import people, teams and positions; a dry run for a purpose also finds who is known."""
    from services.cli.workbooks.importing import Wish, import_file, mode_of

    with session(lang, output, file, purpose) as opened:
        mode = mode_of(dry_run=dry_run, all_or_nothing=all_or_nothing)
        wish = Wish(mode, sheet, errors, encoding, source, maps or (), fills or ())
        raise typer.Exit(import_file(opened, "talent", path, wish))


@app.command("withdraw")
def withdraw(name: Name, reason: Annotated[str, typer.Option(help="原因 why")], lang: Lang = None) -> None:
    """登记撤回同意 record that a person withdrew consent."""
    from services.cli.talent import people

    with session(lang) as opened:
        people.withdraw(opened, name, reason)


@app.command("erase")
def erase(
    name: Name,
    reason: Annotated[str, typer.Option(help="原因 why")],
    yes: Annotated[bool, typer.Option("--yes", help="不再询问 do not ask")] = False,
    lang: Lang = None,
) -> None:
    """彻底删除 erase a person and the key to every copy."""
    from services.cli.talent import people

    with session(lang) as opened:
        if not yes and not typer.confirm(f"{name}: 删除后无法恢复 this cannot be undone"):
            raise typer.Exit(1)
        people.erase(opened, name, reason)
