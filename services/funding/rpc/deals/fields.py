"""What the fields of a deal are called in a request, by what they are called in the domain."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from services.kernel.errors import BoleError

FIELDS: Mapping[str, str] = {
    "round_name": "deal.round",
    "owner": "deal.owner",
    "expert_rating": "deal.expert_rating",
    "submitted_at": "deal.submitted_date",
    "terms.ask_fen": "deal.ticket",
    "terms.pre_money_fen": "deal.pre_money",
    "terms.round_total_fen": "deal.round_total",
    "terms.follow_on_fen": "deal.follow_on_reserve",
    "terms.holding_months": "deal.holding_years",
    "terms.redemption_months": "deal.redemption_year",
    "reason": "command.reason",
    "review_on": "review_date",
    "decline_codes": "reason_code",
}
TERMS: Mapping[str, str] = {
    ours: said.replace("deal.", "terms.") for ours, said in FIELDS.items() if said.startswith("deal.")
}
"""Of the terms alone."""


@contextmanager
def in_words_of_the_request(fields: Mapping[str, str] = FIELDS) -> Iterator[None]:
    """Name the fields of what is raised as the request has them: by default those of a deal."""
    try:
        yield
    except BoleError as error:
        if any(violation.field in fields for violation in error.violations):
            raise error.renamed(fields) from None
        raise
