"""`bole context list|use|add|remove`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, here

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="连接的名称；local 为本机 its name; local is this machine's")]
Address = Annotated[str, typer.Option(metavar="HOST:PORT")]


@app.command("list")
def list_(lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """有哪些连接，在用哪个；不显示凭证 all of them, and which is in use; never a secret."""
    from services.cli import context_changes

    with here(lang, output, file) as opened:
        context_changes.show(opened)


@app.command("use")
def use(name: Name, lang: Lang = None) -> None:
    """之后的命令都发往这个连接 talk to this one from now on."""
    from services.cli import context_changes

    with here(lang) as opened:
        context_changes.use(opened, name)


@app.command("add")
def add(
    name: Name,
    talent_address: Address = "",
    funding_address: Address = "",
    matcher_address: Address = "",
    console_url: Annotated[str, typer.Option(metavar="URL", help="控制台地址 where the console is")] = "",
    tls_dir: Annotated[
        str, typer.Option(metavar="DIR", help="证书目录：ca.crt、tls.crt、tls.key its certificates")
    ] = "",
    token_file: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="员工令牌所在文件，- 为标准输入 a file with a staff token, - stdin"
        ),
    ] = "",
    key_file: Annotated[
        str,
        typer.Option(
            metavar="FILE", help="合作方密钥所在文件，- 为标准输入 a file with a partner key, - stdin"
        ),
    ] = "",
    chosen: Annotated[bool, typer.Option("--use", help="随即使用 and use it from now on")] = False,
    lang: Lang = None,
) -> None:
    """添加连接，或修改所给的几项 add one, or change what is given of it; secrets never as words of the command."""
    from services.cli import context_changes

    places = {
        "talent_address": talent_address,
        "funding_address": funding_address,
        "matcher_address": matcher_address,
        "console_url": console_url,
        "tls_dir": tls_dir,
    }
    with here(lang) as opened:
        context_changes.add(opened, name, places, token_file, key_file, chosen=chosen)


@app.command("remove")
def remove(name: Name, lang: Lang = None) -> None:
    """删除连接及其凭证 forget one, and its secrets."""
    from services.cli import context_changes

    with here(lang) as opened:
        context_changes.remove(opened, name)
