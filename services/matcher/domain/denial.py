"""What a text says that it is not about: clauses that deny a field of work, in Chinese and English.

Only words of working in a field deny one (不从事氢能, not in hydrogen). Other negations (不含铂, without platinum) say
how something is made, and are read as they stand.
"""

import re

_CLAUSE = r"[^,.;!?。!?;\n]*?(?=[,.;!?。\n]|而是|而从事|而做|转而|改做|只做|仅做|但|\bbut\b|\bonly\b|$)"
_ZH = r"(?:不再?|未曾?|没有?)(?:从事|涉及)|(?:未曾|没有?)(?:研究|做)过|不再?(?:研究|属于|做)(?!了|到|出|好|完|过|成)"
_EN = (
    r"\bnot (?:in|(?:working|active|engaged|involved|interested|experienced) (?:in|on|with))\b"
    r"|\bno (?:experience|interest) (?:in|with|of)\b"
)
_DENIED = re.compile(f"(?:{_ZH}|{_EN}){_CLAUSE}")
_SIGNS = ("不从", "不涉", "不研", "不属", "不做", "不再", "未从", "未涉", "未曾", "没", "not ", "no ")


def denies(text: str) -> bool:
    """Whether a text may deny something; one without any of the signs does not."""
    return any(sign in text for sign in _SIGNS)


def affirmed(text: str) -> str:
    """A text in its normal form without what it denies; as long as before, so that places in it stay what they are."""
    if not denies(text):
        return text
    return _DENIED.sub(lambda found: " " * len(found.group()), text)
