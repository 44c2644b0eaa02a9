"""A person's record in words: what its fields are called, and how their values read."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Language, Text
from services.wording.words import Words
from services.workbook.choices import AVAILABILITY, PURPOSE, SOURCE_LIST

FIELDS: Mapping[str, Text] = {
    "display_name": Text("姓名", "name"),
    "other_names": Text("其他姓名", "other names"),
    "category_code": Text("人才类别", "category"),
    "city_code": Text("所在城市", "city"),
    "mobility_city_codes": Text("可流动城市", "would move to"),
    "availability": Text("到岗意愿", "availability"),
    "direction_shares": Text("研究方向", "directions"),
    "employer": Text("当前单位", "employer"),
    "job_title": Text("职务", "job title"),
    "affiliations": Text("任职经历", "employment"),
    "education": Text("教育经历", "education"),
    "profile": Text("简介", "profile"),
    "works": Text("代表成果", "works"),
    "work_items": Text("成果", "works in detail"),
    "phone": Text("手机", "telephone"),
    "email": Text("邮箱", "e-mail"),
    "orcid": Text("ORCID", "ORCID"),
    "birth_year": Text("出生年份", "year of birth"),
    "identity_number": Text("证件号码", "identity number"),
    "purposes": Text("同意用途", "agreed uses"),
    "observed_date": Text("记录日期", "observed"),
    "state": Text("状态", "state"),
    "source_ref": Text("来源编号", "source number"),
    "origin": Text("数据来源", "origin"),
    "create_time": Text("登记时间", "entered at"),
    "update_time": Text("更新时间", "changed at"),
}
"""In the order in which a record is shown."""

_BESIDE: Mapping[str, Text] = {
    "reason": Text("申报理由", "reason of a nomination"),
    "nominations.reason": Text("申报理由", "reason of a nomination"),
    "clauses.note": Text("资格条款的依据", "evidence of eligibility"),
    "steps.note": Text("申报步骤的说明", "notes of a nomination"),
    "steps.document": Text("申报步骤的文件", "documents of a nomination"),
    "steps.result": Text("跟踪结果", "what became of a nominee"),
    "entries.document": Text("同意书", "document of a consent"),
    "statements.document": Text("来源的文件", "document of a source"),
}
"""What is seen of a person outside the record, by the end of its path."""

SOURCES: Mapping[str, Text] = {
    "office": Text("人才办", "the office"),
    "self": Text("本人", "the person"),
    "registry": Text("登记部门", "a registry"),
    "employer": Text("用人单位", "the employer"),
    "import": Text("批量导入", "an import"),
    "web": Text("网络公开", "the web"),
    **{each.code: Text(each.zh, each.en) for each in SOURCE_LIST},
}
_STATES = {"ACTIVE": Text("在库", "in the library"), "WITHDRAWN": Text("已撤回同意", "withdrawn")}
_ORIGINS = {"SYNTHETIC": Text("演示数据", "synthetic data"), "REAL": Text("真实数据", "real data")}
_NAME_KINDS = {
    "FORMER": Text("曾用名", "former"),
    "ALTERNATIVE": Text("别名", "also"),
    "LATIN": Text("拼写", "in Latin letters"),
}
_DEGREES = {
    "BACHELOR": Text("学士", "bachelor"),
    "MASTER": Text("硕士", "master"),
    "DOCTOR": Text("博士", "doctor"),
    "POSTDOC": Text("博士后", "postdoc"),
}
_WORKS = {
    "PAPER": Text("论文", "paper"),
    "PATENT": Text("专利", "patent"),
    "PROJECT": Text("项目", "project"),
    "STANDARD": Text("标准", "standard"),
    "PRODUCT": Text("产品", "product"),
    "AWARD": Text("奖励", "award"),
}


def field(name: str, language: Language) -> str:
    """What a field of a person is called, also where `name` has a path before it; else the name itself."""
    short, ending = name.rpartition(".")[2], ".".join(name.split(".")[-2:])
    known = FIELDS.get(short) or _BESIDE.get(ending)
    return known.to(language) if known else name


def listed(names: list[str], language: Language) -> str:
    """Fields in one line, each once."""
    words = dict.fromkeys(field(each, language) for each in names)
    return Text("、", ", ").to(language).join(words)


def source(code: str, language: Language) -> str:
    """Who says so; an office's own code as it is."""
    return SOURCES[code].to(language) if code in SOURCES else code


def value(name: str, given: Any, words: Words) -> str:
    """A field's value, as the contract's JSON has it, in words; lists on lines of their own."""
    if given in (None, "", []):
        return ""
    if name in _READ:
        return _READ[name](given, words)
    return "\n".join(map(str, given)) if isinstance(given, list) else str(given)


def civil_day(given: Mapping[str, int]) -> str:
    """A date of the contract's JSON; of a date that lacks its day or month what there is."""
    year, month, day = (given.get(part, 0) for part in ("year", "month", "day"))
    return date(year, month, day).isoformat() if month and day else str(year)


def _moment(given: str, _: Words) -> str:
    return f"{datetime.fromisoformat(given).astimezone(CIVIL_ZONE):%Y-%m-%d %H:%M}"


def _cities(given: list[str], words: Words) -> str:
    return Text("、", ", ").to(words.language).join(words.city(each) for each in given)


def _shares(given: list[dict[str, Any]], words: Words) -> str:
    return "\n".join(f"{words.direction(each['code'])} {each.get('permille', 0) / 10:g}%" for each in given)


def _uses(given: list[str], words: Words) -> str:
    codes = (each.removeprefix("CONSENT_PURPOSE_").lower().replace("_", "-") for each in given)
    return "\n".join(words.choice(PURPOSE, code) for code in codes)


def _word(given: str, prefix: str, names: Mapping[str, Text], words: Words) -> str:
    code = given.removeprefix(prefix)
    return names[code].to(words.language) if code in names else ""


def _names(given: list[dict[str, Any]], words: Words) -> str:
    return "\n".join(
        f"{each['text']} ({_word(each.get('kind', ''), 'KIND_', _NAME_KINDS, words)})" for each in given
    )


def _employment(given: list[dict[str, Any]], words: Words) -> str:
    return "\n".join(_post(each, words) for each in given)


def _post(each: dict[str, Any], words: Words) -> str:
    begun, ended = (civil_day(each[key]) if key in each else "" for key in ("start_date", "end_date"))
    now = Text("至今", "today").to(words.language)
    years = f"{begun or '…'}–{ended or now}" if begun or ended else ""
    return " · ".join(part for part in (each["employer"], each.get("job_title", ""), years) if part)


def _schools(given: list[dict[str, Any]], words: Words) -> str:
    return "\n".join(
        " · ".join(
            part
            for part in (
                each["school"],
                each.get("subject", ""),
                _word(each.get("degree", ""), "DEGREE_", _DEGREES, words),
                str(each.get("year", "") or ""),
            )
            if part
        )
        for each in given
    )


def _works(given: list[dict[str, Any]], words: Words) -> str:
    return "\n".join(
        " · ".join(
            part
            for part in (
                _word(each.get("kind", ""), "KIND_", _WORKS, words),
                each["title"],
                str(each.get("year", "") or ""),
                each.get("link", ""),
            )
            if part
        )
        for each in given
    )


_READ: Mapping[str, Callable[[Any, Words], str]] = {
    "category_code": lambda given, words: words.category(given),
    "city_code": lambda given, words: words.city(given),
    "mobility_city_codes": _cities,
    "availability": lambda given, words: words.choice(AVAILABILITY, given.removeprefix("AVAILABILITY_")),
    "direction_shares": _shares,
    "purposes": _uses,
    "observed_date": lambda given, _: civil_day(given),
    "create_time": _moment,
    "update_time": _moment,
    "state": lambda given, words: _word(given, "STATE_", _STATES, words),
    "origin": lambda given, words: _word(given, "DATA_ORIGIN_", _ORIGINS, words),
    "other_names": _names,
    "affiliations": _employment,
    "education": _schools,
    "work_items": _works,
}
