"""Free text as the audit may keep it: without what tells who somebody is."""

import re
from collections.abc import Iterable

MARK = "＊"
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
# Telephone, identity and account numbers, with the blanks and dashes that people write into them.
_NUMBER = re.compile(r"\d(?:[ \-]?\d){5,}[Xx]?")


def without_people(text: str, names: Iterable[str]) -> str:
    """The text with these names, e-mail addresses and numbers of six or more digits replaced by a mark."""
    for name in sorted(filter(None, names), key=len, reverse=True):
        text = text.replace(name, MARK)
    return _NUMBER.sub(MARK, _ADDRESS.sub(MARK, text)).strip()
