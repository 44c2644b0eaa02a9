"""The dictionary of readings, with those of the province's places, whose characters are read otherwise elsewhere.

Whoever spells takes it from here, so that all spell alike. It takes half a second to load.
"""

from typing import Final

from pypinyin import Style, lazy_pinyin, load_phrases_dict
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

__all__ = ["PHRASES_DICT", "PINYIN_DICT", "Style", "lazy_pinyin"]

_PLACES: Final = {
    "六合": "lù hé",
    "盐都": "yán dū",
    "七都": "qī dū",
    "长泾": "cháng jīng",
    "浒关": "xǔ guān",
    "浒浦": "xǔ pǔ",
}
"""Districts and towns of Jiangsu; 盱眙, 句容, 甪直 and the like are in the dictionary already."""

load_phrases_dict({place: [[each] for each in reading.split()] for place, reading in _PLACES.items()})
