"""The words by which the records of an export were found, as its file and the register may keep them."""

from bole.talent.v1 import export_service_pb2 as wire
from services.chassis.searching.terms import Words
from services.chassis.searching.tokens import fold
from services.kernel.errors import FailedPrecondition
from services.kernel.text import Text
from services.talent.domain.privacy.four_eyes import ALONE
from services.talent.domain.privacy.wordless import MARK


def told(request: wire.ExportRecordsRequest, known: Words) -> str:
    """The words of the request; of people, only those that the catalogue knows: the register outlives whoever is named.

    That depends on no record, so that nobody learns from the mark whether somebody of that name is in the library.
    """
    words = fold(request.query).split()
    if not words:
        return ""
    unknown = set(known.unknown(request.query)) if request.sheet == "persons" else set()
    return f"文字 {' '.join(MARK if word in unknown else word for word in words)}"


def refused() -> FailedPrecondition:
    """Of a file that needs an approval: that names a filter to the letter, and words may be somebody's name."""
    return FailedPrecondition(
        Text(
            f"按文字查到的名单超过 {ALONE} 人，不能这样导出：请改用筛选条件，再由另一人复核",
            f"more than {ALONE} people were found by words: use filters, and have somebody else approve the file",
        ),
        reason="TOO_MANY_FOR_WORDS",
    )
