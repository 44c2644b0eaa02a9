"""What a programme allows: how many are awarded by industry, and whether beside another award of the year."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Quota:
    """Places of one programme, year and industry, and how many of them are taken."""

    programme: str
    year: int
    industry: str
    places: int
    taken: int = 0


@dataclass(frozen=True)
class Rules:
    """Which programmes may be awarded beside which others in the same year. A proposal, and configuration.

    Unless it is listed, an award excludes every other award of the year. The programmes' own regulations are
    not part of the policy document, so nothing is listed.
    """

    beside: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def allows(self, programme: str, other: str) -> bool:
        """Whether both may be awarded to one person in one year."""
        return other in self.beside.get(programme, frozenset())

    @property
    def text(self) -> Text:
        """The rule in words."""
        if not self.beside:
            return Text("同一人同一年度只能入选一项人才工程", "one award for a person and year")
        pairs = "、".join(f"{one}+{other}" for one in self.beside for other in sorted(self.beside[one]))
        return Text(
            f"同一人同一年度只能入选一项人才工程，下列可以兼得：{pairs}",
            f"one award for a person and year, except: {pairs}",
        )


def check_award(programme: str, year: int, held: Iterable[str], quota: Quota | None, rules: Rules) -> None:
    """Raise FailedPrecondition for a second award of the year (DOUBLE_AWARD) or a quota that is used up
    (QUOTA_FULL). `held`: programmes of the awards that the nominee, or a member of the team, has this year.
    """
    barred = sorted({other for other in held if not rules.allows(programme, other)})
    if barred:
        names = ", ".join(barred)
        raise FailedPrecondition(
            Text(
                f"被申报人 {year} 年度已入选 {names}；{rules.text.zh}",
                f"the nominee was awarded {names} in {year}; {rules.text.en}",
            ),
            reason="DOUBLE_AWARD",
            metadata={"programmes": names},
        )
    if quota is not None and quota.taken >= quota.places:
        raise FailedPrecondition(
            Text(
                f"{quota.industry} 产业 {year} 年度名额 {quota.places} 个已用完；请先调整名额",
                f"all {quota.places} places of {quota.industry} in {year} are taken; change the quota first",
            ),
            reason="QUOTA_FULL",
            metadata={"industry": quota.industry, "places": str(quota.places)},
        )
