"""`bole conformance`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session


def conformance(
    kind: Annotated[list[str] | None, typer.Option(help="只看这些类型 these kinds alone")] = None,
    city: Annotated[list[str] | None, typer.Option(help="只看这些城市 these cities alone")] = None,
    most: Annotated[
        int, typer.Option(min=10, max=5_000_000, help="最多读取的事件数 events at most")
    ] = 200_000,
    kept: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="自己库中的配对，每行一个JSON the pairs of your store, JSON lines",
        ),
    ] = None,
    acknowledge: Annotated[
        bool,
        typer.Option(
            "--acknowledge",
            help="核对无误即确认删除 where your store passes, acknowledge the erasures it was told of",
        ),
    ] = False,
    key: Annotated[str, typer.Option(envvar="BOLE_KEY", help="合作方密钥 partner key")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """检查事件流：遗漏、重复、续传、删除 check the stream: gaps, duplicates, resuming, erasure."""
    from services.cli.conformance.run import run

    with session(lang, output, file) as opened:
        opened.speak_as_partner(key)
        passed = run(opened, kind or [], city or [], most, kept, acknowledge=acknowledge)
    if not passed:
        raise typer.Exit(1)
