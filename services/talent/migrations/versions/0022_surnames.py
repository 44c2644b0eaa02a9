"""People whose surname is read in a way of its own (曾 is zeng) are indexed anew, by both readings."""

from alembic import op

revision = "talent_0022"
down_revision = "talent_0021"
branch_labels = None
depends_on = None

_SURNAMES = (
    "单 單 曾 仇 解 区 區 查 翟 盖 蓋 任 朴 乐 樂 缪 繆 覃 秘 冼 黑 重 召 繁 员 員 种 種 洗 逄 郇 折 尉迟 尉遲 "
    "万俟 萬俟 单于 單于 澹台 澹臺"
)


def upgrade() -> None:
    """The program indexes whoever is not when it starts."""
    _forget()


def downgrade() -> None:
    """Likewise by the older program."""
    _forget()


def _forget() -> None:
    """Names stand at the beginnings of lines of the text."""
    for surname in _SURNAMES.split():
        op.execute(
            f"DELETE FROM person_text WHERE personal LIKE '{surname}%' OR personal LIKE '%\n{surname}%'"  # noqa: S608
        )
