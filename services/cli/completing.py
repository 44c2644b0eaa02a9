"""What the shells offer as values of options: codes of the catalogue and of other closed sets, by an option's name.

Whoever types a name in Chinese is offered the name, which every command takes for the code.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from os import environ
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from services.catalogue import Catalogue
    from services.kernel.text import Text

Values = Callable[[], Iterable[tuple[str, str]]]
"""Values with what they are called."""


def attach(command: Any, noun: str) -> None:
    """Let the options of a command and of those below it offer their values."""
    for each in command.params:
        values = _OF_NOUN.get((noun, each.name)) or _BY_NAME.get(each.name)
        if values is not None:
            each._custom_shell_complete = _completing(values)
    for each in getattr(command, "commands", {}).values():
        attach(each, noun)


def answer_when_loaded() -> None:
    """Have the file for zsh answer the question that it is loaded for: Typer's only defines what answers the next one,
    so that the first Tab of every shell does nothing.
    """
    from typer import _completion_shared as shared

    shared._completion_scripts["zsh"] = (
        shared.COMPLETION_SCRIPT_ZSH.rstrip()
        + """
if [[ "${zsh_eval_context[-1]}" == "loadautofunc" ]]; then
  %(complete_func)s "$@"
fi
"""
    )


def keep_apostrophes() -> None:
    """Have zsh show the apostrophes of descriptions: Typer doubles them within single quotes, where zsh reads none."""
    from typer._click.shell_completion import add_completion_class
    from typer._completion_classes import ZshComplete

    class Zsh(ZshComplete):
        def format_completion(self, item: Any) -> str:
            return super().format_completion(item).replace("''", "'\\''")

    add_completion_class(Zsh, "zsh")


def offered(values: Iterable[tuple[str, str]], begun: str) -> Iterator[tuple[str, str]]:
    """The values that begin with what was typed, or whose names do."""
    for code, name in values:
        if code.startswith(begun):
            yield code, name
        elif name.startswith(begun):
            yield name, code


def _completing(values: Values) -> Any:
    def complete(_context: Any, _parameter: Any, begun: str) -> list[Any]:
        from typer._click.shell_completion import CompletionItem

        return [CompletionItem(value, help=said) for value, said in offered(values(), begun)]

    return complete


def _catalogue() -> "Catalogue":
    from services.chassis.regional import catalogue_of
    from services.chassis.settings import load_settings
    from services.cli.contexts import of_services

    return catalogue_of(load_settings(of_services(environ)))


def _cities() -> Iterator[tuple[str, str]]:
    return ((each.id, each.name_zh) for each in _catalogue().cities)


def _industries() -> Iterator[tuple[str, str]]:
    return ((each.id, each.name.zh) for each in _catalogue().industries)


def _directions() -> Iterator[tuple[str, str]]:
    return ((each.code, each.name.zh) for each in _catalogue().leaves)


def _categories() -> Iterator[tuple[str, str]]:
    return ((each.id, each.name.zh) for each in _catalogue().categories)


def _programmes() -> Iterator[tuple[str, str]]:
    return ((each.id, each.name.zh) for each in _catalogue().programmes)


def _roles() -> Iterator[tuple[str, str]]:
    from services.chassis.identity.identity import ROLES
    from services.wording import codes

    return ((each, codes.ROLES[each].zh) for each in sorted(ROLES))


def _told(table: Mapping[str, "Text"], *, lower: bool = False) -> Iterator[tuple[str, str]]:
    return ((code.lower() if lower else code, said.zh) for code, said in table.items())


def _purposes() -> Iterator[tuple[str, str]]:
    from services.wording.codes import PURPOSES

    return _told(PURPOSES)


def _kinds() -> Iterator[tuple[str, str]]:
    from services.wording.codes import KINDS

    return _told(KINDS)


def _evidence_kinds() -> Iterator[tuple[str, str]]:
    from services.wording.library import EVIDENCE_KINDS

    return _told(EVIDENCE_KINDS, lower=True)


def _results() -> Iterator[tuple[str, str]]:
    from services.wording.library import FOLLOW_UP_RESULTS

    return _told(FOLLOW_UP_RESULTS, lower=True)


def _states() -> Iterator[tuple[str, str]]:
    from services.wording.codes import PROPOSAL_STATES

    return _told(PROPOSAL_STATES)


def _firm_roles() -> Iterator[tuple[str, str]]:
    from services.wording.codes import FIRM_ROLES

    return _told(FIRM_ROLES)


def _parties() -> Iterator[tuple[str, str]]:
    from services.wording.deals import PARTIES

    return _told(PARTIES)


def _contexts() -> Iterator[tuple[str, str]]:
    from services.cli.contexts import LOCAL, load

    return ((each, "") for each in (LOCAL, *load(environ).known))


def _listed(*values: str) -> Values:
    return lambda: ((each, "") for each in values)


_DIMENSIONS = _listed("industry", "direction", "local", "city", "category")
_ORDERS = _listed("score", "shortage", "policy", "probability", "stars", "change_time")
_BY_NAME: Final[Mapping[str, Values]] = {
    "city": _cities,
    "from_city": _cities,
    "to_city": _cities,
    "industry": _industries,
    "direction": _directions,
    "category": _categories,
    "programme": _programmes,
    "purpose": _purposes,
    "role": _roles,
    "lang": _listed("zh", "en"),
    "profile": _listed("small", "demo"),
}
_OF_NOUN: Final[Mapping[tuple[str, str], Values]] = {
    ("shortage", "rows"): _DIMENSIONS,
    ("shortage", "columns"): _DIMENSIONS,
    ("context", "name"): _contexts,
    ("fund", "kind"): _parties,
    ("evidence", "kind"): _evidence_kinds,
    ("nomination", "result"): _results,
    ("proposal", "state"): _states,
    ("match", "order"): _ORDERS,
    ("match", "role"): _firm_roles,
    **{
        (noun, "kind"): _kinds
        for noun in ("match", "match-run", "matcher", "proposal", "webhook", "conformance")
    },
}
