"""What tells one person from another and what they have done: names, affiliations, education, works, ORCID."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from services.kernel.text import Text
from services.talent.domain.validation import LINE_LIMIT, NAME_LIMIT, Findings, check_line, clean

MAX_NAMES = 10
MAX_AFFILIATIONS = 40
MAX_EDUCATION = 10
MAX_WORK_ITEMS = 100
_LEAST_AGE, _GREATEST_AGE = 14, 110
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]")
_ORCID_PREFIX = re.compile(r"^https?://(www\.)?orcid\.org/", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s/]+\.[^\s]{1,400}")


class NameKind(StrEnum):
    """What another name is."""

    FORMER = "FORMER"
    ALTERNATIVE = "ALTERNATIVE"
    LATIN = "LATIN"

    @property
    def label(self) -> Text:
        """As the screens show it."""
        return {
            NameKind.FORMER: Text("曾用名", "former name"),
            NameKind.ALTERNATIVE: Text("别名", "other name"),
            NameKind.LATIN: Text("拉丁转写", "name in Latin letters"),
        }[self]


class Degree(StrEnum):
    """What was finished at a school (学位)."""

    NONE = "NONE"
    BACHELOR = "BACHELOR"
    MASTER = "MASTER"
    DOCTOR = "DOCTOR"
    POSTDOC = "POSTDOC"


class WorkKind(StrEnum):
    """What kind of thing a work is."""

    PAPER = "PAPER"
    PATENT = "PATENT"
    PROJECT = "PROJECT"
    STANDARD = "STANDARD"
    PRODUCT = "PRODUCT"
    AWARD = "AWARD"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class OtherName:
    """A name besides the one that is shown."""

    kind: NameKind
    text: str


@dataclass(frozen=True, slots=True)
class Affiliation:
    """Where somebody worked, from the first day to the last; without a last day they still do."""

    employer: str
    title: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Education:
    """A school, and the year of leaving it."""

    school: str
    degree: Degree = Degree.NONE
    subject: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """A paper, patent, project or the like."""

    title: str
    kind: WorkKind = WorkKind.OTHER
    year: int | None = None
    link: str = ""


def clean_names(names: tuple[OtherName, ...]) -> tuple[OtherName, ...]:
    """Every name cleaned, each once."""
    return tuple(dict.fromkeys(replace(each, text=clean(each.text)) for each in names))


def clean_affiliations(affiliations: tuple[Affiliation, ...]) -> tuple[Affiliation, ...]:
    """Every text cleaned, each affiliation once."""
    return tuple(
        dict.fromkeys(
            replace(each, employer=clean(each.employer), title=clean(each.title)) for each in affiliations
        )
    )


def clean_education(education: tuple[Education, ...]) -> tuple[Education, ...]:
    """Every text cleaned, each school once."""
    return tuple(
        dict.fromkeys(
            replace(each, school=clean(each.school), subject=clean(each.subject)) for each in education
        )
    )


def clean_works(works: tuple[Work, ...]) -> tuple[Work, ...]:
    """Every text cleaned, each work once."""
    return tuple(
        dict.fromkeys(replace(each, title=clean(each.title), link=clean(each.link)) for each in works)
    )


def clean_orcid(text: str) -> str:
    """An ORCID as its sixteen characters with hyphens, without the address in front of it."""
    return _ORCID_PREFIX.sub("", unicodedata.normalize("NFKC", text).strip()).upper()


def check_orcid(findings: Findings, orcid: str) -> None:
    """Sixteen characters of which the last is the check digit of ISO 7064 MOD 11-2; empty is allowed."""
    if not orcid:
        return
    if not _ORCID.fullmatch(orcid):
        findings.add(
            "orcid",
            "ORCID_FORM",
            "ORCID 应形如 0000-0002-1825-0097",
            "an ORCID has the form 0000-0002-1825-0097",
        )
        return
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    check = "0123456789X"[(12 - total % 11) % 11]
    findings.require(
        check == orcid[-1],
        "orcid",
        "ORCID_CHECK_DIGIT",
        "ORCID 校验位不符，请核对是否有录入错误",
        "the check digit of the ORCID does not match; look for a typing error",
    )


def check_biography(findings: Findings, facts: Any, today: date) -> None:
    """All rules of names, birth, affiliations, education and works of `facts` (a PersonFacts)."""
    check_orcid(findings, facts.orcid)
    _check_birth(findings, facts.birth_year, today)
    _check_number(findings, "other_names", len(facts.other_names), MAX_NAMES)
    for name in facts.other_names:
        check_line(findings, "other_names", name.text, limit=NAME_LIMIT, required=True)
    _check_affiliations(findings, facts.affiliations, today)
    _check_education(findings, facts.education, facts.birth_year, today)
    _check_works(findings, facts.work_items, today)


def _check_birth(findings: Findings, year: int | None, today: date) -> None:
    if year is not None and not today.year - _GREATEST_AGE <= year <= today.year - _LEAST_AGE:
        findings.add(
            "birth_year",
            "BIRTH_YEAR_OUT_OF_RANGE",
            f"出生年份应在 {today.year - _GREATEST_AGE} 至 {today.year - _LEAST_AGE} 之间",
            f"the year of birth lies between {today.year - _GREATEST_AGE} and {today.year - _LEAST_AGE}",
        )


def _check_affiliations(findings: Findings, listed: tuple[Affiliation, ...], today: date) -> None:
    field = "affiliations"
    _check_number(findings, field, len(listed), MAX_AFFILIATIONS)
    for each in listed:
        check_line(findings, field, each.employer, limit=LINE_LIMIT, required=True)
        check_line(findings, field, each.title, limit=LINE_LIMIT)
        findings.require(
            each.since is None or each.since <= today,
            field,
            "DATE_IN_FUTURE",
            f"任职开始日期 {each.since} 晚于今天，请更正",
            f"an affiliation begins on {each.since}, later than today; correct it",
        )
        findings.require(
            each.since is None or each.until is None or each.since <= each.until,
            field,
            "DATES_REVERSED",
            f"任职结束日期 {each.until} 早于开始日期 {each.since}，请更正",
            f"an affiliation ends on {each.until}, before it begins on {each.since}; correct it",
        )


def _check_education(
    findings: Findings, listed: tuple[Education, ...], birth_year: int | None, today: date
) -> None:
    _check_number(findings, "education", len(listed), MAX_EDUCATION)
    earliest = today.year - _GREATEST_AGE + _LEAST_AGE
    for each in listed:
        check_line(findings, "education", each.school, limit=LINE_LIMIT, required=True)
        check_line(findings, "education", each.subject, limit=LINE_LIMIT)
        _check_year(findings, "education", each.year, earliest, today.year + 8)
        # Without the bound: it would tell the year of birth, also to whoever may not see it.
        findings.require(
            each.year is None or birth_year is None or each.year >= birth_year + _LEAST_AGE,
            "education",
            "YEAR_OUT_OF_RANGE",
            f"教育经历的年份 {each.year} 早于本人满 {_LEAST_AGE} 岁，请核对",
            f"education has the year {each.year}, before the person was {_LEAST_AGE}; check it",
        )


def _check_works(findings: Findings, listed: tuple[Work, ...], today: date) -> None:
    field = "work_items"
    _check_number(findings, field, len(listed), MAX_WORK_ITEMS)
    for each in listed:
        check_line(findings, field, each.title, limit=500, required=True)
        check_line(findings, field, each.link, limit=500)
        _check_year(findings, field, each.year, 1949, today.year + 1)
        findings.require(
            not each.link or _LINK.fullmatch(each.link) is not None,
            field,
            "LINK_NOT_UNDERSTOOD",
            "链接应以 http:// 或 https:// 开头",
            "a link begins with http:// or https://",
        )


def _check_number(findings: Findings, field: str, count: int, most: int) -> None:
    if count > most:
        findings.add(
            field,
            "TOO_MANY_ITEMS",
            f"{field} 有 {count} 项，最多 {most} 项",
            f"{field} has {count} items, at most {most} are allowed",
        )


def _check_year(findings: Findings, field: str, year: int | None, least: int, most: int) -> None:
    findings.require(
        year is None or least <= year <= most,
        field,
        "YEAR_OUT_OF_RANGE",
        f"{field} 的年份 {year} 应在 {least} 至 {most} 之间",
        f"{field} has the year {year}, which does not lie between {least} and {most}",
    )
