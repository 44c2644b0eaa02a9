"""A command that cannot be read, in the words of the house: the framework's own are English alone."""

import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

from services.kernel.text import Language, Text

_ALIKE = re.compile(r" ?(?:Did you mean|\(Possible options:) ?(?P<alike>.+?)[?)]+$")
_SAID: Final[Sequence[tuple[re.Pattern[str], str, str]]] = tuple(
    (re.compile(found), zh, en)
    for found, zh, en in (
        (r"No such command '(?P<what>.*)'", "没有命令“{what}”", "there is no command {what}"),
        (
            r"No such option: (?P<what>--check)",
            "{what} 写在最前：bole {what} …",
            "{what} comes first: bole {what} …",
        ),
        (r"No such option: (?P<what>\S+)", "没有选项 {what}", "there is no option {what}"),
        (
            r"Got unexpected extra argument.*\((?P<what>.*)\)",
            "多出的参数：{what}",
            "too many arguments: {what}",
        ),
        (r"Missing \w+ (?P<what>'.*'|\S+)\.", "缺少 {what}", "{what} is missing"),
        (
            r"Option (?P<what>.*) requires an argument",
            "选项 {what} 须带一个值",
            "option {what} takes a value",
        ),
    )
)
_VALUES: Final[Sequence[tuple[re.Pattern[str], str, str]]] = tuple(
    (re.compile(found), zh, en)
    for found, zh, en in (
        (
            r"(?P<what>'.*?') is not one of (?P<known>.+?)\.?$",
            "{what} 不在可选的 {known} 之中",
            "{what} is not one of {known}",
        ),
        (r"'?(?P<what>[^' ]+)'? does not exist", "文件 {what} 不存在", "there is no file {what}"),
        (r"less than or equal to (?P<what>[0-9.]+)", "不能大于 {what}", "it is at most {what}"),
        (r"greater than or equal to (?P<what>[0-9.]+)", "不能小于 {what}", "it is at least {what}"),
        (r"valid integer", "须是整数", "it has to be a whole number"),
        (r"valid (?:float|number)", "须是数字", "it has to be a number"),
    )
)
_OF_VALUE = re.compile(r"Invalid value for (?P<name>.+?): (?P<said>.*)", re.DOTALL)


def tell(error: Any) -> None:
    """What is wrong with the command and where its help is, on standard error, in the language that it asks for."""
    from services.cli.session import language_of

    chosen = next((value for name, value in pairwise(sys.argv) if name == "--lang"), None)
    language = language_of(chosen)
    lines = [f"✗ {said(error.format_message()).to(language)} [USAGE]"]
    if error.ctx is not None:
        lines.append(f"  {_help(error.ctx.command_path, language)}")
    sys.stderr.write("".join(f"{line}\n" for line in lines))


def said(message: str) -> Text:
    """The framework's message in both languages; one that is not known as it is."""
    rest, alike = _ALIKE.sub("", message), _ALIKE.search(message)
    of_value = _OF_VALUE.match(rest)
    if of_value is not None:
        what = _matched(_VALUES, of_value["said"]) or Text(of_value["said"], of_value["said"])
        told = Text(
            f"{of_value['name']} 的值不对：{what.zh}", f"wrong value for {of_value['name']}: {what.en}"
        )
    else:
        told = _matched(_SAID, rest) or Text(rest, rest)
    if alike is None:
        return told
    near = alike["alike"].replace("'", "")
    return Text(f"{told.zh}；相近的：{near}", f"{told.en}; alike: {near}")


def _matched(known: Sequence[tuple[re.Pattern[str], str, str]], message: str) -> Text | None:
    for pattern, zh, en in known:
        found = pattern.search(message)
        if found is not None:
            return Text(zh.format(**found.groupdict()), en.format(**found.groupdict()))
    return None


def _help(path: str, language: Language) -> str:
    command = f"bole {path.partition(' ')[2]}".strip()
    return Text(f"办法：{command} --help 查看用法", f"remedy: `{command} --help` says what it takes").to(
        language
    )
