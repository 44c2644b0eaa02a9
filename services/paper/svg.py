"""Pieces that every picture is made of: SVG that needs nothing beside it, every colour and font an attribute."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from services.kernel.text import Language
from services.paper.document import Chart, Column, Mark
from services.paper.values import written

FAMILIES = (
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
)
"""Fonts that write Chinese, the first one that a machine has."""
_FONTS = ", ".join((*FAMILIES, "sans-serif"))


def svg(chart: Chart, width: float, height: float, parts: Iterator[str], language: Language) -> str:
    """The whole picture, with its title for who cannot see it."""
    title = chart.title.to(language)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(title)} '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'font-family={quoteattr(_FONTS)} fill="#14212b">{"".join(parts)}</svg>'
    )


def said_of(mark: Mark, chart: Chart, language: Language) -> str:
    """The value in words, or what stands in its place."""
    if mark.value is None:
        return mark.said or "–"
    return written(mark.value, language, Column(chart.title, chart.digits))


def label(
    x: float,
    y: float,
    said: str,
    *,
    size: float = 12.5,
    ink: str = "#14212b",
    around: str = "",
    anchor: str = "start",
    bold: bool = False,
) -> str:
    """A text; `around`: the colour of a seam that parts the letters from what they overlap."""
    seam = (
        f' stroke="{around}" stroke-width="2.5" stroke-linejoin="round" paint-order="stroke"'
        if around
        else ""
    )
    weight = ' font-weight="700"' if bold else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}" fill="{ink}"{seam}{weight}>'
        f"{escape(said)}</text>"
    )
