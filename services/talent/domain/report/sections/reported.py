"""What sections made of other services' returns share: they say what is missing, and never print nought for it."""

from collections.abc import Sequence

from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.report.publishing import AMOUNT_WAN, RULES
from services.talent.domain.report.returns import Reported, Return

_LEAST = RULES.least(Edition.PUBLIC)


def _rule(sign: str) -> Text:
    """How the public edition hides and rounds; `sign`: of numbers of which only some quarters are told."""
    return Text(
        f"c：不显示，因涉及的人不足 {_LEAST} 名、企业不足 {RULES.least_employers} 家或前两家占金额超过 "
        f"{RULES.top_two_share:.0%}，或为防止由其他数字推算；{sign}：其中个别季度不显示，未计入。"
        f"个数与人数按 {RULES.base} 取整，金额按 {AMOUNT_WAN} 万元取整，份额由取整后的数字得出，"
        f"合计不一定等于各项之和。"
        f"同一季度印发过的数字，在变动少于上述人数或家数时仍照原样印出。",
        f"c: not shown, because fewer than {_LEAST} people or {RULES.least_employers} firms are behind it, or two "
        f"firms make up more than {RULES.top_two_share:.0%} of the amount, or so that no other number can be worked "
        f"out; {sign}: some of the quarters are not shown and not counted. Counts are rounded to {RULES.base}, "
        f"amounts to CNY {AMOUNT_WAN * 10_000:,}, and shares are of what is rounded, so that parts need not add up. "
        "What was printed of a quarter before is printed again as it was while fewer people or firms than that have "
        "come or gone.",
    )


DISCLOSED, DISCLOSED_EARLY = _rule("≥"), _rule("“+c”")
"""The latter as the first three versions of the composition wrote it, in every section."""
_AT_THE_END = Text(
    "c：不显示；≥：部分季度不显示，未计入；如何不显示与取整，见：",
    "c: not shown; ≥: some quarters are not shown and not counted. How numbers are hidden and rounded:",
)
NONE = Text("没有。", "None.")
COUNT = Column(Text("个数", "count"), 0)
WAN = Column(Text("金额（万元）", "amount, CNY 10,000"), 0)


def reported_section(key: str, title: Text, said: Reported, tables: tuple[Table, ...]) -> Section:
    """The section: of a service that has reported nothing only that. The rule by which a public edition hides stands at
    its end, once.
    """
    told, tables = _told(said), tables if said.told else ()
    if not said.hiding:
        return Section(key, title, told, tables=tables)
    if said.early:
        return Section(key, title, (*told, DISCLOSED_EARLY), tables=tables)
    return Section(key, title, (*told, _AT_THE_END), tables=tables, leads=(*("" for _ in told), "method"))


def _told(said: Reported) -> tuple[Text, ...]:
    """What is missing, and what was reported when: quarters that were counted alike in one line."""
    lines = [_missing(said)] if said.missing else []
    alike: dict[tuple[object, ...], list[Return]] = {}
    for each in said.told:
        same = (each.quarter,) if said.early else (each.version, _counted(each), each.method)
        alike.setdefault(same, []).append(each)
    return (*lines, *(_line(said.source.label, together) for together in alike.values()))


def _line(service: Text, together: Sequence[Return]) -> Text:
    one, quarters = together[0], [each.quarter for each in together]
    zh, en, at = "、".join(quarters), ", ".join(quarters), _counted(one)
    return Text(
        f"{zh} 由{service.zh}报送（第 {one.version} 次，统计于 {at}，{one.method}）。",
        f"{en} as reported by {service.en} (version {one.version}, counted {at}, {one.method}).",
    )


def _counted(each: Return) -> str:
    return each.known_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")


def _missing(said: Reported) -> Text:
    service, zh, en = said.source.label, "、".join(said.missing), ", ".join(said.missing)
    if not said.told and not said.early:
        return Text(
            f"编制时{service.zh}尚未报送 {zh}，没有其数字可列；缺报不等于零。",
            f"When this was composed {service.en} had not reported {en}: there are no figures of it to tell, and "
            "missing is not nought.",
        )
    return Text(
        f"编制时{service.zh}尚未报送 {zh}，下列数字不含这些季度；缺报不等于零。",
        f"When this was composed {service.en} had not reported {en}; the figures lack them, and missing is not nought.",
    )


def from_method(said: Reported, version: int) -> bool:
    """Whether all of what a service reported was counted by a method of this version or a later one."""
    numbers = (each.method.rpartition("-")[2] for each in said.told)
    return all(number.isdigit() and int(number) >= version for number in numbers)
