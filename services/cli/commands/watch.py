"""`bole shortage watch|watches|unwatch`."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Limit, Out, session


def register(app: typer.Typer) -> None:
    """Add the commands to `bole shortage`."""
    for name, command in (("watch", watch), ("watches", watches), ("unwatch", unwatch)):
        app.command(name)(command)


def watch(
    stars: Annotated[int, typer.Option(min=1, max=5, help="达到的星级 the star to be reached")],
    percent: Annotated[int, typer.Option(help="把握程度 50–99，默认 80 with which probability")] = 0,
    industry: Annotated[str, typer.Option(help="产业 industry")] = "",
    direction: Annotated[str, typer.Option(help="方向 direction")] = "",
    city: Annotated[str, typer.Option(help="城市 city")] = "",
    category: Annotated[str, typer.Option(help="人才类别 talent category")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """关注一个单元格，达到星级时通知 be told when a cell reaches a star."""
    from services.cli.talent import shortage_watches
    from services.cli.talent.shortage import scope_of

    with session(lang, output, file) as opened:
        scope = scope_of(industry, direction, city, category)
        shortage_watches.show(opened, [shortage_watches.create(opened, scope, stars, percent)])


def watches(limit: Limit = 50, lang: Lang = None, output: Out = Format.TABLE, file: File = None) -> None:
    """我的关注 what you watch."""
    from services.cli.talent import shortage_watches

    with session(lang, output, file) as opened:
        shortage_watches.show(opened, shortage_watches.fetch(opened, limit))


def unwatch(
    name: Annotated[str, typer.Argument(help="shortageWatches/… 或编号 or id")], lang: Lang = None
) -> None:
    """取消关注 watch no longer."""
    from services.cli.talent import shortage_watches
    from services.kernel.text import Text

    with session(lang) as opened:
        shortage_watches.delete(opened, name)
        opened.output.say(Text("已取消关注", "no longer watched"))
