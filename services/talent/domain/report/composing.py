"""A report from its releases and facts: the same ones always give the same document."""

from dataclasses import replace

from services.kernel.clock import CIVIL_ZONE
from services.kernel.text import Text
from services.paper.document import Document, Section, Value, digest
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.report.facts import Facts, ReleaseFacts
from services.talent.domain.report.period import ReportPeriod
from services.talent.domain.report.returns import Source
from services.talent.domain.report.sections.causes import causes
from services.talent.domain.report.sections.cells import SYMBOLS, SYMBOLS_FOURTH, starred
from services.talent.domain.report.sections.cities import cities
from services.talent.domain.report.sections.course import with_course
from services.talent.domain.report.sections.data import data
from services.talent.domain.report.sections.early_summary import early_summary
from services.talent.domain.report.sections.forecasts import forecasts
from services.talent.domain.report.sections.funds import funds
from services.talent.domain.report.sections.goals import goals
from services.talent.domain.report.sections.governance import governance
from services.talent.domain.report.sections.industries import industries
from services.talent.domain.report.sections.matching import matching
from services.talent.domain.report.sections.method import method
from services.talent.domain.report.sections.movements import movements
from services.talent.domain.report.sections.summary import summary
from services.talent.domain.report.sections.supply import supply
from services.talent.domain.report.sections.tight import tight
from services.talent.domain.report.sections.undrawn import explained
from services.talent.domain.report.view import View
from services.talent.domain.report.withholding import withheld
from services.wording.chances import Manner

VERSION = "report-6"
"""Of the sections and their wording: whatever changes a document of known facts makes another one."""
VERSIONS = ("report-1", "report-2", "report-3", "report-4", "report-5", VERSION)
"""Those that are composed here. The first one knew nothing of other services and of retention: its facts lack them,
and whatever lacks them is composed as it was then; so do public editions of the first two.
"""
TITLE = Text("江苏省未来产业运行情况报告", "How the future industries of Jiangsu fare")
EDITIONS = {
    Edition.INTERNAL: Text("内部版", "internal edition"),
    Edition.PUBLIC: Text("公开版", "public edition"),
}
SYNTHETIC = Text("演示数据 SYNTHETIC，不得作为决策依据", "SYNTHETIC sample data: nothing to decide by")
_BY_NAME_FIRST = frozenset({"report-1", "report-2"})
_EARLY = frozenset({"report-1", "report-2", "report-3"})
"""The versions that drew a chart even where there was no index, and no line of the quarters; wrote a probability or a
share as 0% or 100% when it came near; and told of what stands in `Registered` nothing.
"""
_FOURTH = _EARLY | {"report-4"}
"""The versions that wrote no star as the sign of what is not in the release, told of no part of the demand on which a
standardised index rests, and gave shares of holdings that no check had judged.
"""
_FIFTH = _FOURTH | {"report-5"}
"""The versions that named the tightest of those that can be ranked without saying so, sent readers of a public edition
to the internal one, and called their own period unsigned and late.
"""
_FIRST = (goals, tight, movements, industries, cities, causes, supply)
_LAST = (forecasts, data)


def compose(view: View, version: str = VERSION) -> Document:
    """The whole report, in both languages, as one of `VERSIONS` composes it."""
    early, fourth, fifth = version in _EARLY, version in _FOURTH, version in _FIFTH
    view = replace(view, manner=Manner(plain=early), early=early, fourth=fourth, fifth=fifth)
    facts = view.facts
    first, last = ([section(view) for section in part] for part in (_FIRST, _LAST))
    if not early:
        first = [with_course(explained(each, view), view) for each in first]
    head = early_summary(view, version) if early else summary(view)
    sections = (head, *first, *_reported(view), *last, method(view, version))
    mark = SYNTHETIC if facts.synthetic else None
    if not fourth:
        sections = tuple(map(starred, sections))
    made = Document(TITLE, subtitle(view.period, facts.edition), _facts(facts, version), sections, mark)
    return withheld(made, facts.withheld)


def _reported(view: View) -> tuple[Section, ...]:
    returns = view.facts.returns
    if returns is None:
        return ()
    by_funding, by_matcher = (
        returns.of(source, early=view.early) for source in (Source.FUNDING, Source.MATCHER)
    )
    return funds(view, by_funding), matching(view, by_matcher, by_funding), governance(view, by_funding)


def subtitle(period: ReportPeriod, edition: Edition) -> Text:
    """Of what and for whom."""
    of, for_ = period.text, EDITIONS[edition]
    return Text(f"{of.zh} · {for_.zh}", f"{of.en} · {for_.en}")


def _facts(facts: Facts, version: str) -> tuple[tuple[Text, Value], ...]:
    at = facts.known_at.astimezone(CIVIL_ZONE).strftime("%Y-%m-%d %H:%M")
    lines: list[tuple[Text, Value]] = [
        (Text("截至", "as of"), facts.release.as_of.isoformat()),
        (Text("编制时间", "facts known at"), at),
        (Text("依据的发布", "release"), _release(facts.release, version)),
    ]
    if version not in _EARLY:
        lines.append((Text("符号", "symbols"), SYMBOLS_FOURTH if version in _FOURTH else SYMBOLS))
    if facts.correction is not None:
        of = facts.correction
        said: Value = f"reports/{of.report}" if of.revision is None else of.said
        lines.append((Text("更正", "corrects"), said))
    return tuple(lines)


def _release(release: ReleaseFacts, version: str) -> Value:
    if version in _BY_NAME_FIRST:
        return f"{release.name} · {release.quarter} · {release.revision}"
    return Text(
        f"{release.quarter} 第 {release.revision} 次（{release.name}）",
        f"{release.quarter}, revision {release.revision} ({release.name})",
    )


def content_digest(document: Document, facts: Facts, version: str = VERSION) -> str:
    """SHA-256 of a report's content: the document, and which release and facts it is of."""
    head = {
        "version": version,
        "period": facts.period,
        "edition": facts.edition.value,
        "known_at": facts.known_at.isoformat(),
        "release": facts.release.sha256,
    }
    return digest(document, head)
