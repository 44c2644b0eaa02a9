"""The map as a picture of its own (SVG, PNG): with title, legend, day and origin in it, every colour an attribute."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from starlette.responses import Response

from bole.talent.v1 import shortage_service_pb2_grpc as service_grpc
from services.console.pages import origins
from services.console.pages.scopes import day_of, scope_of
from services.console.pages.shortage.causes import asked_cause, causes_among, has_cause
from services.console.pages.shortage.looks import look, shades
from services.console.pages.shortage.shortage import fetch_cities, fetch_grid
from services.console.web.rendering import render
from services.console.web.visits import Visit
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.paper.geography import Map
from services.wording.causes import CAUSES

_ZOOM = 2
FONTS = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Noto Sans SC, sans-serif"
PAPER: Sequence[tuple[str, str]] = (
    ("#eceff1", "#4b5b67"),
    ("#fff3e4", "#2b1608"),
    ("#fee0bb", "#2b1608"),
    ("#fdc78c", "#2b1608"),
    ("#f9a35c", "#2b1608"),
    ("#e9752f", "#1d0d03"),
    ("#c24a14", "#ffffff"),
    ("#8d2f10", "#ffffff"),
)
"""Fill and ink of each shade on white, as in the style sheet: a picture has no sheet."""


@dataclass(frozen=True, slots=True)
class Area:
    """One city of the picture."""

    path: str
    x: float
    y: float
    name: str
    label: str
    fill: str
    ink: str
    doubtful: bool
    causes: Sequence[str]


def export_svg(visit: Visit, drawn: Map) -> Response:
    """The picture as drawn, for any size: whoever opens it brings the fonts."""
    return _file(_picture(visit, drawn), "svg", "image/svg+xml")


def export_png(visit: Visit, drawn: Map) -> Response:
    """The picture in pixels, twice as large. Raises FailedPrecondition where no font of this machine can write it."""
    import resvg_py

    if visit.language == "zh" and not _writes_chinese():
        raise FailedPrecondition(
            Text(
                "这台机器没有中文字体，无法生成 PNG；请下载 SVG，或安装 fonts-noto-cjk 后重启控制台",
                "this machine has no Chinese font; take the SVG, or install fonts-noto-cjk and restart the console",
            ),
            reason="NO_FONT",
        )
    svg = _picture(visit, drawn).decode()
    return _file(bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_ZOOM)), "png", "image/png")


@cache
def _writes_chinese() -> bool:
    """Whether a character leaves any mark."""
    import resvg_py

    one = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20" font-family="' + FONTS + '">'
        '<text y="16" font-size="16">{}</text></svg>'
    )
    drawn, empty = (bytes(resvg_py.svg_to_bytes(svg_string=one.format(each))) for each in ("市", ""))
    return drawn != empty


def _picture(visit: Visit, drawn: Map) -> bytes:
    scope, day, cause = scope_of(visit), day_of(visit), asked_cause(visit)
    stub = visit.stub(service_grpc.ShortageServiceStub)
    grid = fetch_grid(stub, scope, day)
    cities = fetch_cities(stub, scope, grid, day)
    classes = shades(cities.values())
    looks = {code: look(visit, cell, classes, cause) for code, cell in cities.items()}
    areas = [
        Area(each.path, *each.label, each.code, seen.label, *PAPER[seen.shade], seen.doubtful, seen.causes)
        for each in drawn.drawing.outlines
        for seen in (looks[each.code],)
    ]
    page = render(
        visit,
        "shortage/picture.svg",
        fonts=FONTS,
        drawn=drawn,
        areas=areas,
        scope=scope,
        cause=CAUSES[cause] if cause else None,
        seen_causes=causes_among(cell for cell in cities.values() if has_cause(cell, cause)),
        grid=grid,
        synthetic=origins.is_sample(grid),
        legend=[
            *((said, *PAPER[shade]) for shade, said in (classes.legend if classes else ())),
            (visit.say("无指数", "no index"), *PAPER[0]),
            (visit.say("C/D 级", "C, D"), *PAPER[3]),
        ],
    )
    return bytes(page.body)


def _file(content: bytes, kind: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="shortage.{kind}"'}
    return Response(content, media_type=media_type, headers=headers)
