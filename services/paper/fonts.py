"""Whether this machine can write Chinese into pictures and prints."""

from functools import cache
from typing import Any

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.paper.svg import FAMILIES


@cache
def installed() -> Any:
    """The fonts of this machine, looked for once. A font that is installed later is found after a new start."""
    import typst

    return typst.Fonts(include_system_fonts=True, include_embedded_fonts=True)


def chinese() -> list[str]:
    """Families of this machine that write Chinese, the preferred ones first; none on a machine without any."""
    known = set(installed().families())
    return [each for each in FAMILIES if each in known]


def require_chinese(form: str) -> None:
    """Raise FailedPrecondition (NO_FONT) where no font of this machine writes Chinese."""
    if not chinese():
        raise FailedPrecondition(
            Text(
                f"这台机器没有中文字体，无法生成 {form}；请改下载 HTML 或 XLSX，"
                "或安装 fonts-noto-cjk 后重启服务",
                f"this machine has no Chinese font and cannot make {form}; take HTML or XLSX, "
                "or install fonts-noto-cjk and restart the service",
            ),
            reason="NO_FONT",
        )
