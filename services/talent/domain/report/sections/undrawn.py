"""A chart without a single index: in its place why there is none, and what to do about it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Chart, Section
from services.talent.domain.release.content import Symbol
from services.talent.domain.report.printed import NOT_PRINTED
from services.talent.domain.report.view import View

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
_ALL = {
    Symbol.NOT_APPLICABLE.value: Text("{} 个都没有在招岗位（z）", "All {} are without an open position (z)"),
    Symbol.UNAVAILABLE.value: Text(
        "{} 个登记的岗位或人才都不足（x）", "All {} have too few positions or people on record (x)"
    ),
    Symbol.SUPPRESSED.value: Text(
        "{} 个都因人数过少或防止推算而不显示（c）",
        "All {} are suppressed, for too few people or to protect others (c)",
    ),
    NOT_PRINTED: Text("{} 个都不在发布中（–）", "None of {} is in the release (–)"),
}
"""Why none of them has one, where it is for the same reason."""
_HIDDEN = Symbol.SUPPRESSED.value
_ENTER = Text(
    "请登记或导入岗位与人才，就本期再作一次发布，再编制报告。",
    "Enter or import positions and people, release the period anew, then draft the report again.",
)
_WAIT = Text("人数足够后才会显示。", "They are shown once enough people stand behind them.")
_GROW = Text(
    "登记的岗位与人才增加后才会显示。", "They are shown once more positions and people are on record."
)
_WAIT_FIFTH = Text(
    "人数足够后才会显示；内部版的人数下限较低，请先看内部版。",
    "They are shown once enough people stand behind them; the internal edition needs fewer: see there.",
)


def explained(section: Section, view: View) -> Section:
    """The section with words in place of charts that have nothing to draw."""
    empty = [chart for chart in section.charts if all(mark.value is None for mark in chart.marks)]
    if not empty:
        return section
    drawn = tuple(chart for chart in section.charts if chart not in empty)
    said = (*section.paragraphs, *(_why(chart, view) for chart in empty))
    return replace(section, charts=drawn, paragraphs=said)


def _why(chart: Chart, view: View) -> Text:
    letters = Counter(mark.said for mark in chart.marks)
    why = _of_all(letters) if len(letters) == 1 and not view.fifth else _of_some(letters)
    remedies = list(_remedies(letters, view))
    return Text(
        f"“{chart.title.zh}”未作图：没有可显示的指数。{why.zh}。{''.join(each.zh for each in remedies)}",
        f"No chart “{chart.title.en}”: there is no index to show. {why.en}. {' '.join(each.en for each in remedies)}",
    )


def _of_all(letters: Counter[str]) -> Text:
    (letter, number), *_ = letters.items()
    said = _ALL[letter]
    return Text(said.zh.format(number), said.en.format(number))


def _of_some(letters: Counter[str]) -> Text:
    reasons = list(_reasons(letters))
    return Text(
        f"{letters.total()} 个中 {'，'.join(each.zh for each in reasons)}",
        f"Of {letters.total()}: {', '.join(each.en for each in reasons)}",
    )


def _reasons(letters: Counter[str]) -> Iterator[Text]:
    for letter, said in _REASONS.items():
        if letters[letter]:
            yield Text(said.zh.format(letters[letter]), said.en.format(letters[letter]))


def _remedies(letters: Counter[str], view: View) -> Iterator[Text]:
    """What the reader can do: who reads a public edition enters nothing, and sees no other one."""
    if set(letters) - {_HIDDEN}:
        yield _GROW if view.public and not view.fifth else _ENTER
    if letters[_HIDDEN]:
        yield _WAIT_FIFTH if view.public and view.fifth else _WAIT
