"""Words for codes: enum values and catalogue codes as people read them."""

from functools import cache

from services.catalogue import Catalogue, load
from services.kernel.text import Language, Text
from services.workbook.choices import DEAL_STATE, STAGE

SHORTAGE_STATES = {
    "STATE_NO_DATA": Text("无数据", "no data"),
    "STATE_NO_DEMAND": Text("无需求", "no demand"),
    "STATE_LIBRARY_GAP": Text("库内空白", "nobody in the library"),
    "STATE_ESTIMATED": Text("", ""),
}
OUTCOMES = {
    "OUTCOME_PASS": Text("通过", "pass"),
    "OUTCOME_FAIL": Text("不符", "fail"),
    "OUTCOME_UNKNOWN": Text("未知", "unknown"),
    "OUTCOME_NOT_APPLICABLE": Text("不适用", "n/a"),
}
EVENT_TYPES = {
    "TYPE_CREATED": Text("新增", "created"),
    "TYPE_RESCORED": Text("重评", "rescored"),
    "TYPE_WITHDRAWN": Text("撤回", "withdrawn"),
}
KINDS = {
    "person-direction": Text("人才—方向", "person–direction"),
    "firm-direction": Text("企业—方向", "firm–direction"),
    "person-position": Text("人才—岗位", "person–position"),
    "person-firm": Text("人才—企业", "person–firm"),
    "firm-fund": Text("企业—基金", "firm–fund"),
}
SHEETS = {
    "persons": Text("人才", "persons"),
    "teams": Text("团队", "teams"),
    "positions": Text("岗位", "positions"),
    "firms": Text("企业", "firms"),
    "funds": Text("基金", "funds"),
    "deals": Text("项目", "deals"),
}


@cache
def catalogue() -> Catalogue:
    """The policy as data, read once."""
    return load()


def city(code: str, language: Language) -> str:
    """Short name of a city; 省外 for `outside`; the code itself if it is unknown."""
    if code == "outside":
        return Text("省外", "outside").to(language)
    found = next((each for each in catalogue().cities if each.id == code), None)
    return code if found is None else Text(found.short_zh, found.pinyin).to(language)


def industry(code: str, language: Language) -> str:
    """Name of an industry; the code itself if it is unknown."""
    found = next((each for each in catalogue().industries if each.id == code), None)
    return code if found is None else Text(found.name_zh, found.name_en).to(language)


def direction(code: str, language: Language) -> str:
    """Name of a direction or of an industry that has none; the code itself if it is unknown."""
    found = next((each for each in catalogue().leaves if each.code == code), None)
    return code if found is None else Text(found.name_zh, found.name_en).to(language)


def category(code: str, language: Language) -> str:
    """Name of a talent category; the code itself if it is unknown."""
    found = next((each for each in catalogue().categories if each.id == code), None)
    return code if found is None else Text(found.name_zh, found.name_en).to(language)


def deal_state(name: str, language: Language) -> str:
    """Name of a deal's state, given as `STATE_…`."""
    code = name.removeprefix("STATE_")
    found = next((each for each in DEAL_STATE if each.code == code), None)
    return code if found is None else Text(found.zh, found.en).to(language)


def stage(name: str, language: Language) -> str:
    """Name of a firm's stage, given as `FIRM_STAGE_…`."""
    code = name.removeprefix("FIRM_STAGE_")
    found = next((each for each in STAGE if each.code == code), None)
    return code if found is None else Text(found.zh, found.en).to(language)
