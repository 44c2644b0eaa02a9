"""Words to search by, where somebody may have written the name of a record instead."""

import re

from services.kernel.errors import InvalidArgument

_NAME = re.compile(r"([a-z][A-Za-z]+)/\S+")
_SHOWN = {
    "persons": "bole talent show",
    "teams": "bole team show",
    "positions": "bole position show",
    "firms": "bole firm show",
    "funds": "bole deal screen --fund",
    "deals": "bole deal show",
}


def words_of(text: str) -> str:
    """The words. Raises InvalidArgument (NAME_FOR_WORDS) for the name of a record, which no search finds."""
    found = _NAME.fullmatch(text.strip())
    if found is None:
        return text
    command = _SHOWN.get(found[1])
    raise InvalidArgument.field(
        "words",
        "NAME_FOR_WORDS",
        f"“{text}”是一条记录的编号，这里按文字检索；"
        + (f"请用 {command} {text}" if command else "请写名称中的文字"),
        f"“{text}” names a record, and this searches by words; "
        + (f"use {command} {text}" if command else "write some of its name"),
    )
