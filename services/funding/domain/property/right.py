"""Rights: in force until they lapse, free until they are pledged."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.funding.domain.findings import Findings
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text


class RightKind(StrEnum):
    """What it is."""

    INVENTION = "INVENTION"
    UTILITY_MODEL = "UTILITY_MODEL"
    DESIGN = "DESIGN"
    SOFTWARE = "SOFTWARE"
    LAYOUT = "LAYOUT"
    TRADEMARK = "TRADEMARK"

    @property
    def label(self) -> Text:
        """The word for it."""
        return _LABELS[self]


_LABELS = {
    RightKind.INVENTION: Text("发明专利", "invention patent"),
    RightKind.UTILITY_MODEL: Text("实用新型", "utility model"),
    RightKind.DESIGN: Text("外观设计", "design"),
    RightKind.SOFTWARE: Text("软件著作权", "software copyright"),
    RightKind.LAYOUT: Text("集成电路布图设计", "layout design"),
    RightKind.TRADEMARK: Text("商标", "trademark"),
}


class Ownership(StrEnum):
    """Whose a right is, as somebody looked it up."""

    OWNED = "OWNED"
    EXCLUSIVE_LICENCE = "EXCLUSIVE_LICENCE"
    SHARED_BY_AGREEMENT = "SHARED_BY_AGREEMENT"
    SHARED = "SHARED"
    DISPUTED = "DISPUTED"

    @property
    def label(self) -> Text:
        """The words for it."""
        return _OWNERSHIPS[self]

    @property
    def clear(self) -> bool:
        """Whether the firm may use it without asking anybody."""
        return self not in (Ownership.SHARED, Ownership.DISPUTED)


_OWNERSHIPS = {
    Ownership.OWNED: Text("企业独有", "owned by the firm"),
    Ownership.EXCLUSIVE_LICENCE: Text("独占许可", "licensed to it alone"),
    Ownership.SHARED_BY_AGREEMENT: Text("共有，有书面约定", "shared, by agreement"),
    Ownership.SHARED: Text("共有，无约定", "shared, without agreement"),
    Ownership.DISPUTED: Text("权属争议", "disputed"),
}


@dataclass(frozen=True)
class IpRight:
    """One right of a firm. `expires`: the day on which it ends; `lapse_reason`: empty while in force.

    `ownership` None: nobody has looked it up yet; `ownership_document` shows it.
    """

    id: str
    firm_id: str
    kind: RightKind
    number: str
    title: str
    granted: date
    expires: date
    document: str
    actor: str
    at: datetime
    version: int = 1
    lapse_reason: str = ""
    ownership: Ownership | None = None
    ownership_document: str = ""
    pledged_ranks: tuple[int, ...] = ()

    def in_force(self, day: date) -> bool:
        """Whether it has neither lapsed nor ended by a day."""
        return not self.lapse_reason and day <= self.expires

    def free(self, day: date) -> bool:
        """Whether it could be pledged under the first rank on a day."""
        return self.in_force(day) and not self.pledged_ranks


def examine_right(right: IpRight, today: date) -> None:
    """Raise InvalidArgument with everything that cannot be true of a right."""
    findings = Findings()
    for field, value, most in (
        ("number", right.number, 64),
        ("title", right.title, 200),
        ("document", right.document, 300),
    ):
        findings.text(field, value, most=most, required=True)
    findings.not_after("grant_date", right.granted, today)
    if right.ownership is not None:
        findings.text("ownership_document", right.ownership_document, most=300, required=True)
    if right.expires <= right.granted:
        findings.add(
            "expire_date",
            "ENDS_BEFORE_IT_BEGINS",
            f"到期日 {right.expires} 不晚于授权日 {right.granted}",
            f"it ends on {right.expires}, no later than it was granted, {right.granted}",
        )
    findings.finish()


def require_lapsable(right: IpRight) -> None:
    """Raise FailedPrecondition for a right that has lapsed (RIGHT_LAPSED) or is pledged (RIGHT_PLEDGED)."""
    if right.lapse_reason:
        raise FailedPrecondition(
            Text(f"“{right.title}”已失效", f"{right.title!r} has lapsed"), reason="RIGHT_LAPSED"
        )
    if right.pledged_ranks:
        raise FailedPrecondition(
            Text(
                f"“{right.title}”仍在质押中，请先登记解除或实现质权",
                f"{right.title!r} is pledged; record the release or the enforcement first",
            ),
            reason="RIGHT_PLEDGED",
        )
