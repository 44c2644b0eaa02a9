"""`bole match-run start|list|show|cancel|resume|take`."""

from pathlib import Path
from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.match import Kind
from services.cli.commands.options import File, Filter, Lang, Limit, Out, session

app = typer.Typer(no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="matchRuns/…")]


@app.command("start")
def start(
    kind: Kind,
    limit: Annotated[int, typer.Option(help="每个对象的候选数 candidates for each anchor, 1-100")] = 20,
    filter_: Filter = "",
    same_industry: Annotated[
        bool, typer.Option("--same-industry", help="只看同产业 of the anchor's industry")
    ] = False,
    by_city: Annotated[
        bool, typer.Option("--by-city", help="每个城市各列一份 a list for each city of the candidates")
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help="等待完成 until it is done")] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """为某类型的全部对象找匹配 match all anchors of a kind, in the background."""
    from services.cli.matcher import match_runs

    with session(lang, output, file) as opened:
        run = match_runs.start(opened, kind, limit, filter_, same_industry=same_industry, by_city=by_city)
        match_runs.show(opened, [match_runs.wait(opened, run) if wait else run])


@app.command("list")
def list_(
    filter_: Filter = "",
    limit: Limit = 20,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """批量匹配任务 the runs over all anchors."""
    from services.cli.matcher import match_runs

    with session(lang, output, file) as opened:
        match_runs.show(opened, match_runs.listed(opened, filter_, limit))


@app.command("show")
def show(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """一个任务的进度 how far a run has come."""
    from services.cli.matcher import match_runs

    with session(lang, output, file) as opened:
        match_runs.show(opened, [match_runs.get(opened, name)])


@app.command("cancel")
def cancel(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """取消任务，已有结果保留 stop a run; what was found stays."""
    from services.cli.matcher import match_runs

    with session(lang, output, file) as opened:
        match_runs.show(opened, [match_runs.cancel(opened, name)])


@app.command("resume")
def resume(name: Name, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """从停下处继续 go on where a run stopped."""
    from services.cli.matcher import match_runs

    with session(lang, output, file) as opened:
        match_runs.show(opened, [match_runs.resume(opened, name)])


@app.command("take")
def take(
    name: Name,
    path: Annotated[Path, typer.Argument(dir_okay=False, help="*.parquet 或 *.csv the file to write")],
    lang: Lang = None,
) -> None:
    """取走结果文件 write what a run found to a Parquet or CSV file."""
    from services.cli.matcher import match_runs

    with session(lang) as opened:
        match_runs.take(opened, name, path)
