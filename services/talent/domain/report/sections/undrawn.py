"""A chart without a single index: in its place why there is none, and what to do about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Chart, Section
from services.talent.domain.release.content import Symbol
from services.talent.domain.report.printed import NOT_PRINTED

_REASONS = {
    Symbol.NOT_APPLICABLE.value: Text("{} 个没有在招岗位（z）", "{} without an open position (z)"),
    Symbol.UNAVAILABLE.value: Text(
        "{} 个登记的岗位或人才不足（x）", "{} with too few positions or people on record (x)"
    ),
    Symbol.SUPPRESSED.value: Text(
        "{} 个因人数过少或防止推算而不显示（c）",
        "{} suppressed, for too few people or to protect others (c)",
    ),
    NOT_PRINTED: Text("{} 个不在发布中（–）", "{} not in the release (–)"),
}
"""Why one place has no index, by the letter that its table has."""
_HIDDEN = Symbol.SUPPRESSED.value
_ENTER = Text(
    "请登记或导入岗位与人才，就本期再作一次发布，再编制报告。",
    "Enter or import positions and people, release the period anew, then draft the report again.",
)
_WAIT = Text("人数足够后才会显示。", "They are shown once enough people stand behind them.")
_WAIT_PUBLIC = Text(
    "人数足够后才会显示；内部版的人数下限较低，请先看内部版。",
    "They are shown once enough people stand behind them; the internal edition needs fewer: see there.",
)


def explained(section: Section, *, public: bool) -> Section:
    """The section with words in place of charts that have nothing to draw; `public`: of the public edition."""
    empty = [chart for chart in section.charts if all(mark.value is None for mark in chart.marks)]
    if not empty:
        return section
    drawn = tuple(chart for chart in section.charts if chart not in empty)
    said = (*section.paragraphs, *(_why(chart, public=public) for chart in empty))
    return replace(section, charts=drawn, paragraphs=said)


def _why(chart: Chart, *, public: bool) -> Text:
    letters = Counter(mark.said for mark in chart.marks)
    reasons = list(_reasons(letters))
    remedies = list(_remedies(letters, public=public))
    return Text(
        f"“{chart.title.zh}”未作图：没有可显示的指数。{len(chart.marks)} 个中"
        f" {'，'.join(each.zh for each in reasons)}。{''.join(each.zh for each in remedies)}",
        f"No chart “{chart.title.en}”: there is no index to show. Of {len(chart.marks)}: "
        f"{', '.join(each.en for each in reasons)}. {' '.join(each.en for each in remedies)}",
    )


def _reasons(letters: Counter[str]) -> Iterator[Text]:
    for letter, said in _REASONS.items():
        if letters[letter]:
            yield Text(said.zh.format(letters[letter]), said.en.format(letters[letter]))


def _remedies(letters: Counter[str], *, public: bool) -> Iterator[Text]:
    if set(letters) - {_HIDDEN}:
        yield _ENTER
    if letters[_HIDDEN]:
        yield _WAIT_PUBLIC if public else _WAIT
