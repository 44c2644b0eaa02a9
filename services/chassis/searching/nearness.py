"""How near a name is to what somebody typed."""

from services.chassis.searching.terms import Term, Token
from services.chassis.searching.tokens import NAME, SOUND, fold, is_latin, squeezed


def by_name(query: str) -> tuple[Term, ...]:
    """What is true of names, the nearest first: a word of the query, or all of it, is the name; begins it; is its
    full pinyin or its initials; begins these. None for a query without letters and digits.
    """
    words = [squeezed(word) for word in fold(query).split()]
    said = list(dict.fromkeys(each for each in (*words, "".join(words)) if each))
    spelt = [each for each in said if is_latin(each)]
    ways = [
        (kind, texts, prefix) for kind, texts in ((NAME, said), (SOUND, spelt)) for prefix in (False, True)
    ]
    return tuple(
        Term((), tuple(Token(kind + each, prefix) for each in texts), None)
        for kind, texts, prefix in ways
        if texts
    )
