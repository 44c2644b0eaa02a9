"""Groups of the report on fairness as people read them: 城市“南京”, *the city Nanjing*."""

from services.catalogue import Catalogue
from services.kernel.text import Language, Text
from services.wording.words import Words

ATTRIBUTES = {
    "city": Text("城市", "city"),
    "category": Text("人才类别", "talent category"),
    "cohort": Text("出生年代", "decade of birth"),
    "gender": Text("性别", "gender"),
}
UNKNOWN = "unknown"
FEW = "few"
_SAID = {
    UNKNOWN: Text("未提供", "not told"),
    FEW: Text("人数少而合并的各组", "groups too small to be told apart"),
}


def group(catalogue: Catalogue, attribute: str, code: str, language: Language) -> str:
    """The name of a group of an attribute; the code itself if it is of no catalogue."""
    words = Words(catalogue, language)
    if code in _SAID:
        return _SAID[code].to(language)
    if attribute == "cohort":
        return f"{code.removesuffix('s')}年代" if language == "zh" else code
    named = {"city": words.city, "category": words.category}
    return named[attribute](code) if attribute in named else code


def told(catalogue: Catalogue, attribute: str, code: str) -> Text:
    """A group with its attribute, within a sentence."""
    of = ATTRIBUTES.get(attribute, Text(attribute, attribute))
    names = {language: group(catalogue, attribute, code, language) for language in ("zh", "en")}
    return Text(f"{of.zh}“{names['zh']}”", f"{of.en} {names['en']}")
