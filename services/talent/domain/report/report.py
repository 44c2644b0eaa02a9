"""A report without its content: of what it is, for whom, and how far it has come."""

from dataclasses import dataclass
from datetime import date, datetime

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.lifecycle import Life, ReleaseState, Subject

REPORT = Subject(Text("报告", "report"), "REPORT_STATE")
REASON_LIMIT = 500
_PENDING = (ReleaseState.DRAFT, ReleaseState.CHECKED)


@dataclass(frozen=True, slots=True)
class Report:
    """`corrects`: id of the signed report that it corrects, or None, with `correction_reason`."""

    id: str
    period: str
    edition: Edition
    revision: int
    as_of: date
    known_at: datetime
    release_id: str
    previous_release_id: str | None
    corrects: str | None
    correction_reason: str
    composition_version: str
    origin: str
    content_sha256: str
    life: Life

    @property
    def name(self) -> str:
        """`reports/{id}`."""
        return f"reports/{self.id}"

    @property
    def signed(self) -> bool:
        """Whether it is out."""
        return self.life.state is ReleaseState.SIGNED


def require_place(known: list[Report], period: str, corrects: str | None, reason: str) -> None:
    """Whether a further report may stand beside the `known` ones of its edition, the latest first.

    Raises FailedPrecondition (REPORT_PENDING) while one of the period waits; InvalidArgument for what it corrects:
    the latest signed one of the period has to be named, with a reason, and no other can be.
    """
    mine = [each for each in known if each.period == period]
    waiting = next((each for each in mine if each.life.state in _PENDING), None)
    if waiting is not None:
        raise FailedPrecondition(
            Text(
                f"{period} 已有一份报告（{waiting.name}）待签发或退回，请先处理",
                f"a report of {period} ({waiting.name}) waits to be signed or turned down; decide on it first",
            ),
            reason="REPORT_PENDING",
            metadata={"resource": waiting.name},
        )
    signed = next((each for each in mine if each.signed), None)
    _check_corrected(signed, period, corrects)
    if corrects is not None and not reason:
        raise InvalidArgument.field(
            "correction_reason", "REQUIRED", "请写明更正了什么", "say what is corrected"
        )
    if corrects is None and reason:
        raise InvalidArgument.field(
            "correction_reason",
            "NOTHING_CORRECTED",
            "没有更正对象，请留空或在 corrects 中写明",
            "nothing is corrected: leave it empty, or name the report in corrects",
        )


def _check_corrected(signed: Report | None, period: str, corrects: str | None) -> None:
    if signed is None and corrects is not None:
        raise InvalidArgument.field(
            "corrects",
            "NOTHING_TO_CORRECT",
            f"{period} 该版本没有已签发的报告可更正，请留空",
            f"no report of {period} and this edition is signed; leave it empty",
        )
    if signed is not None and corrects != signed.id:
        raise InvalidArgument.field(
            "corrects",
            "CORRECTS_ANOTHER",
            f"{period} 已签发 {signed.name}；再编须以更正的方式，写明所更正的报告与更正了什么",
            f"{signed.name} of {period} is signed; a further one corrects it: name it, and say what is corrected",
        )
