"""Where the layout of a page breaks a word: what is made of a text out of a PDF or off a web page.

Running Chinese and Japanese has no spaces, so one space or one line break between two of their characters says nothing.
Two spaces, a tab, a blank line and an indented one part columns, paragraphs and passages, and stay; so do marks. Of
pairs of words of the vocabulary that stand side by side in a list, one in some 7,000 is read otherwise without the
break between them, and a third of these rightly (飞轮 储能).
"""

import re
from collections.abc import Iterator

from services.matcher.domain.texts.denial import denies_to_its_end

_HAN = re.compile(
    "[\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\U00020000-\U000323af]"
)
# Parts of syllables are left out: two of them that come together are another character.
_LETTER = re.compile(r"[^\W\d_\u1100-\u11ff]")
_LINE_ENDS = "\n\r\x85\u2028"
_GAP = re.compile(f"[-\u2010]?[ \t{_LINE_ENDS}]+")
_LINE_END = rf"[ \t]*(?:\r\n|[{_LINE_ENDS}])"
_WITHIN_WORD = re.compile(f" |{_LINE_END} ?")
_HYPHEN = re.compile(rf"[-\u2010]{_LINE_END}[ \t]*")
# A hyphen before these stands for the rest of a word to come: Wasserstoff- und Batteriespeicher.
_AND = re.compile(r"(?:und|oder|and|or)\b")
_SOFT_HYPHEN = re.compile(f"\xad(?={_LINE_END})")
_LONGEST_LINE = 400
_SIGNS = (" ", *_LINE_ENDS)


def hyphened(text: str) -> str:
    """A text whose soft hyphens at the ends of lines, where they are seen, are hyphens; as long as before."""
    return _SOFT_HYPHEN.sub("\u2010", text) if "\xad" in text else text


def unbroken(text: str) -> str:
    """A text in lower case and NFKC without what breaks its words; doing so twice changes nothing more."""
    if not _may_break(text):
        return text
    parts, behind = [], 0
    for start, end in vanishing(text):
        parts.append(text[behind:start])
        behind = end
    return "".join([*parts, text[behind:]]) if parts else text


def vanishing(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch that `unbroken` takes out, from left to right."""
    if not _may_break(text):
        return
    for found in _GAP.finditer(text):
        start, end = found.span()
        if start > 0 and end < len(text) and _vanishes(text, start, end):
            yield start, end


def _vanishes(text: str, start: int, end: int) -> bool:
    """Whether a gap with a character before and after it is one within a word."""
    gap, before, after = text[start:end], text[start - 1], text[end]
    if _HAN.match(before) and _HAN.match(after):
        # What a line denies ends with it: 不做氢能 in one line says nothing of 储能 in the next.
        return _WITHIN_WORD.fullmatch(gap) is not None and (gap == " " or not _denying(text, start))
    if (
        gap[0] in " \t" + _LINE_ENDS
        or _HYPHEN.fullmatch(gap) is None
        or _HAN.match(before)
        or _HAN.match(after)
    ):
        return False
    return bool(_LETTER.match(before) and _LETTER.match(after)) and not _AND.match(text, end)


def _may_break(text: str) -> bool:
    """Whether it is worth looking closer."""
    if text.isascii():
        return "-" in text and ("\n" in text or "\r" in text)
    return any(sign in text for sign in _SIGNS)


def _denying(text: str, end: int) -> bool:
    """Whether the line that ends there may deny something up to its end, as far as one looks back."""
    first = max(0, end - _LONGEST_LINE)
    start = max(first, *(text.rfind(each, first, end) + 1 for each in _LINE_ENDS))
    return denies_to_its_end(text[start:end])
