"""How the province's index went from quarter to quarter, as a line."""

from dataclasses import replace

from services.kernel.text import Text
from services.paper.document import Chart, Drawn, Mark, Section
from services.talent.domain.period import Quarter
from services.talent.domain.report.printed import NOT_PRINTED
from services.talent.domain.report.sections.cells import index_digits
from services.talent.domain.report.view import View

_TITLE = Text(
    "全省紧缺指数历季走势（竖线为 90% 区间）", "index of the province by quarter (bars: 90% interval)"
)


def with_course(section: Section, view: View) -> Section:
    """The section on what moved, with the line as soon as two quarters have an index; any other one as it is.

    A quarter between them of which no release is signed is a gap.
    """
    known = {each.quarter: each for each in view.facts.trend}
    if section.key != "movements" or sum(each.index is not None for each in known.values()) <= 1:
        return section
    first, last = Quarter.parse(min(known)), max(known)
    marks = []
    while str(first) <= last:
        point = known.get(str(first))
        name = Text(str(first), str(first))
        if point is None:
            marks.append(Mark(str(first), name, said=NOT_PRINTED))
        else:
            marks.append(Mark(point.quarter, name, point.index, point.low, point.high, point.symbol))
        first = first.later(1)
    chart = Chart(Drawn.LINE, _TITLE, index_digits(view), tuple(marks))
    return replace(section, charts=(*section.charts, chart))
