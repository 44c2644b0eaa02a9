"""`bole matcher …`: what is learnt from outcomes."""

from typing import Annotated

import typer

from services.cli.answers.formats import Format
from services.cli.commands.options import File, Lang, Out, session

app = typer.Typer(no_args_is_help=True)


@app.command("train")
def train(
    kind: Annotated[str, typer.Option(help="person-position、person-firm、firm-fund …")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只比较，不采用 compare, adopt nothing")] = False,
    signed_by: Annotated[
        str,
        typer.Option(
            "--signed-by",
            help="为累计的曝光变动负责的账号 the account that answers for how far exposure has moved",
        ),
    ] = "",
    reason: Annotated[str, typer.Option(help="为何可以采用 why it may be adopted")] = "",
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """从推荐结果中学习权重，确有改进才采用 learn weights from outcomes; adopted only when better."""
    from services.cli.matcher import training_weights

    with session(lang, output, file) as opened:
        training_weights.train(opened, kind, dry_run=dry_run, signed=(signed_by, reason))


@app.command("weights")
def weights(
    kind: Annotated[str, typer.Option(help="person-position、person-firm、firm-fund …")],
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """学得过的权重：哪一版现行、何时、由谁署名 the weights learnt so far, which stand, and who signed."""
    from services.cli.matcher import training_weights

    with session(lang, output, file) as opened:
        training_weights.history(opened, kind)


@app.command("restore")
def restore(
    version: Annotated[
        str, typer.Argument(help="曾经生效的版本，或 by-hand（人工设定）a version that stood, or by-hand")
    ],
    kind: Annotated[str, typer.Option(help="person-position、person-firm、firm-fund …")],
    signed_by: Annotated[
        str, typer.Option("--signed-by", help="为此负责的账号 the account that answers for it")
    ],
    reason: Annotated[str, typer.Option(help="为何恢复 why it is put back")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只校验 check it only")] = False,
    lang: Lang = None,
    output: Out = Format.TABLE,
    file: File = None,
) -> None:
    """恢复曾经生效的权重，或人工设定的权重 put back weights that stood before, or those set by hand."""
    from services.cli.matcher import training_weights

    with session(lang, output, file) as opened:
        training_weights.restore(opened, kind, version, (signed_by, reason), dry_run=dry_run)
