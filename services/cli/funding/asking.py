"""Which deals are asked about: by the words of a command, its fund and its filter."""

from services.chassis.filtering import quoted
from services.cli.answers.searching import words_of
from services.cli.funding.funds import named
from services.cli.session import Session


def asked(session: Session, words: str, fund: str, filter_: str) -> tuple[str, str]:
    """The fund and the filter that are meant: of the deals whose firms these words find, or which they name.

    Raises InvalidArgument (NO_SUCH_FUND, FUND_AMBIGUOUS; NAME_FOR_WORDS for the name of anything else).
    """
    wanted = words.strip()
    if wanted.startswith("funds/") and not fund:
        return wanted, filter_
    if wanted.startswith("firms/"):
        return named(session, fund), _narrowed(f"firm = {quoted(wanted)}", filter_)
    condition = f"firm_words:{quoted(words_of(words))}" if wanted else ""
    return named(session, fund), _narrowed(condition, filter_) if condition else filter_


def of_fund(fund: str, filter_: str) -> str:
    """A filter, of the deals of one fund; of all for none."""
    return _narrowed(f"fund = {quoted(fund)}", filter_) if fund else filter_


def _narrowed(condition: str, filter_: str) -> str:
    return f"{condition} AND ({filter_})" if filter_ else condition
