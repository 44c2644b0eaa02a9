"""`--fields`: which fields of an answer are wanted, of every command that has one, and what the shells offer for it."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any

import typer

from services.cli.answers.asking import FIELDS, LEARNING, Learnt

_LOCAL = frozenset({"context"})
"""Nouns that do something on this machine, which no key of a shell shall do."""


def attach(command: Any, noun: str) -> None:
    """Give a command that has an answer, and those below it, the option."""
    if any(each.name == "output" for each in command.params):
        option = _option()
        if noun not in _LOCAL:
            option._custom_shell_complete = _complete
        command.params.append(option)
    for each in getattr(command, "commands", {}).values():
        attach(each, noun)


def _option() -> Any:
    """The option as the framework makes it, which tells nobody but `FIELDS`."""
    [option] = [each for each in _made().params if each.name == "fields"]
    from copy import copy

    option = copy(option)
    option.expose_value = False
    option.callback = _chosen
    return option


@cache
def _made() -> Any:
    def holder(
        fields: Annotated[
            str,
            typer.Option(
                metavar="a,b.c",
                help="只要这些字段，名称同 JSON these fields alone, named as in JSON",
            ),
        ] = "",
    ) -> None:
        del fields

    alone = typer.Typer(rich_markup_mode=None, add_completion=False)
    alone.command()(holder)
    return typer.main.get_command(alone)


def _chosen(_context: Any, _option: Any, value: str) -> None:
    FIELDS.set(tuple(dict.fromkeys(each.strip() for each in (value or "").split(",") if each.strip())))


def _complete(context: Any, _option: Any, begun: str) -> list[Any]:
    from typer._click.shell_completion import CompletionItem

    before, comma, last = begun.rpartition(",")
    return [CompletionItem(before + comma + each) for each in _fields(context) if each.startswith(last)]


def _fields(context: Any) -> Sequence[str]:
    """The fields that the command, as far as it is typed, has in its answer now; none where it cannot be asked, or
    would change something, which is not sent.
    """
    from services.cli.answers.formats import Format
    from services.cli.commands.options import WATCH

    # What is not typed is left to the command, whose defaults a line that is being completed does not get; and
    # arguments are read once more, since an option without its value leaves them aside.
    command = context.command
    again = command.make_context(command.name, list(context.args), resilient_parsing=True).params
    typed = {
        each.name: (again if each.param_type_name == "argument" else context.params).get(each.name)
        for each in command.params
        if each.expose_value
    }
    told = {name: value for name, value in typed.items() if value is not None}
    told |= {"output": Format.JSON, "file": None}
    watching, learning = WATCH.set(True), LEARNING.set(True)
    try:
        command.callback(**told)
    except Learnt as learnt:
        return learnt.fields
    except (Exception, SystemExit):  # noqa: BLE001 (whatever it is, the shell has nothing to offer)
        return ()
    finally:
        WATCH.reset(watching)
        LEARNING.reset(learning)
    return ()
