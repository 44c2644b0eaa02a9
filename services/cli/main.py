"""`bole`: the command line of Bole (伯乐). Nouns and verbs; data on stdout, messages on stderr."""

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from services.cli.answers.printing import printed
from services.cli.commands import house
from services.cli.commands.options import CHECK, WATCH, WEB
from services.cli.nouns import NOUNS, Nouns

_WATCHED = ("status", *NOUNS)

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
    watch: Annotated[  # `main` takes it out of the command before it is read
        str,
        typer.Option(
            "--watch",
            metavar="[SECONDS]",
            help="每几秒再查一次，默认 5 the same question again every so many seconds, 5 by default",
        ),
    ] = "",
    web: Annotated[  # noqa: ARG001 (the group reads it)
        bool,
        typer.Option(
            "--web", help="给出并打开控制台的同一页 the same thing in the console: its address, opened"
        ),
    ] = False,
    lang: Annotated[
        str, typer.Option("--lang", help="zh 或 en，也可写在命令之后 may follow the command too")
    ] = "",
) -> None:
    """伯乐：人才、早期企业与未来产业方向的匹配平台。Matches people and early-stage firms with priority industries."""
    CHECK.set(check)
    if lang:
        os.environ["LANG"] = lang  # which a command without `--lang` of its own reads
    if watch:
        raise typer.BadParameter("只用于查询 for questions only", param_hint="--watch")


house.register(app)


def main() -> None:
    """Entry point of the console script."""
    try:
        with printed():
            _main()
    except OSError as error:  # what was printed could not be written
        from services.cli.answers.errors import unwritten
        from services.cli.session import language_of

        raise SystemExit(unwritten(error, language_of(None))) from None


def _main() -> None:
    if any(each.partition("=")[0] == "--watch" for each in sys.argv[1:]):
        from services.cli.repeating import again, asked

        seconds, arguments = asked(sys.argv[1:])
        if arguments and arguments[0] in _WATCHED:
            WATCH.set(True)
            raise SystemExit(again(_run, arguments, seconds))
    if "--web" in sys.argv[1:]:
        WEB.set(True)
        app(args=[each for each in sys.argv[1:] if each != "--web"])
    app()


def _run(arguments: Sequence[str]) -> int:
    """Run one command; its exit status."""
    try:
        app(args=list(arguments))
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0
