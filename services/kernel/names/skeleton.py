"""Letters of other alphabets that look like Latin ones (UTS #39), so that Аnna with a Cyrillic А meets Anna."""

import unicodedata

_CYRILLIC = str.maketrans(
    "АВЕЅІЈКМНОРСТУХԚԜҺаеѕіјкорсухԁԛԝһӏүвмнт",
    "ABESIJKMHOPCTYXQWHaesijkopcyxdqwhlybmht",
)
_GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυχγϲϳ", "ABEZHIKMNOPTYXaikvoptuxycj")
_LATIN = str.maketrans("ıȷɑɡøØłŁđĐ", "ijagoOlLdD")
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅･᛫•●．.", "·"))


def skeleton(text: str) -> str:
    """The text as it looks: NFKC, look-alike letters as Latin ones, accents off, middle dots alike, no case.

    Two texts with one skeleton are hard to tell apart on paper; they need not mean the same.
    """
    plain = unicodedata.normalize("NFKC", text).replace("ü", "v").replace("Ü", "V")
    apart = unicodedata.normalize("NFKD", plain)
    bare = "".join(each for each in apart if not unicodedata.combining(each))
    alike = bare.translate(_CYRILLIC).translate(_GREEK).translate(_LATIN).translate(_DOTS)
    return unicodedata.normalize("NFC", alike).casefold()


def looks_mixed(text: str) -> bool:
    """Whether letters of several alphabets stand in one word, which no honest Latin name has."""
    return any(len({_alphabet(char) for char in word} - {""}) > 1 for word in text.split())


def _alphabet(char: str) -> str:
    if not char.isalpha():
        return ""
    name = unicodedata.name(char, "").split(" ", 1)[0]
    return name if name in {"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"} else ""
