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


def require_told(said: str) -> None:
    """Raise FailedPrecondition (WORDS_UNTOLD) where a second person would approve words that are not named."""
    if MARK in said:
        raise FailedPrecondition(
            Text(
                f"超过 {ALONE} 人的名单须由另一人复核，而复核不记可能是姓名的文字；请改用筛选条件，或只用方向、城市、"
                "类别的名称查找",
                f"a list of more than {ALONE} people needs somebody else's approval, which keeps no words that may "
                "be names; use filters, or words that name directions, cities or categories",
            ),
            reason="WORDS_UNTOLD",
        )
