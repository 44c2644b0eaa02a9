"""上期预测检验: published forecasts against what came. Internal edition only."""

from services.kernel.text import Text
from services.paper.document import Column, Section, Table
from services.talent.domain.report.view import View

_TITLE = Text("上期预测检验", "Forecasts scored")


def forecasts(view: View) -> Section:
    """The section; without forecasts that came due it says so."""
    inner = view.facts.inner
    if inner is None:
        said = Text(
            "预测及其检验不在公开版中。", "Forecasts and their scores are not part of the public edition."
        )
        return Section("forecasts", _TITLE, (said,))
    columns = (
        Column(Text("预测", "forecast")),
        Column(Text("作出时的数据日", "made as of")),
        Column(Text("已到期", "come due"), 0),
        Column(Text("区间覆盖率", "coverage"), 0, percent=True),
        Column(Text("平均误差（人）", "mean error, heads"), 1),
        Column(Text("不变预测的误差", "error of no change"), 1),
    )
    rows = [
        (
            f"shortageForecasts/{each.id}",
            each.as_of.isoformat(),
            each.scored,
            each.coverage,
            each.error,
            each.unchanged,
        )
        for each in inner.forecasts
    ]
    empty = Text(
        f"到期末没有已到期的预测；已发布、尚未到期的 {inner.open_forecasts} 份。",
        f"No published forecast had come due; {inner.open_forecasts} published ones are still open.",
    )
    note = Text(
        "检验到期末已到期的单元格；90% 区间应覆盖约 90%；误差小于“不变预测”的才有用。",
        "Over cells that had come due; 90% intervals should hold about 90%; a forecast is of use where its error is "
        "below that of no change.",
    )
    table = Table(
        "forecast-scores", Text("预测与实际", "forecast and outcome"), columns, tuple(rows), empty, note
    )
    return Section("forecasts", _TITLE, tables=(table,))
