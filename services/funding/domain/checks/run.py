"""Running all checks over a case, by the version of the checks that is asked for."""

from functools import cache

from services.funding.domain.checks.capital_checks import CAPITAL_CHECKS
from services.funding.domain.checks.check import Check, CheckResult, run_check
from services.funding.domain.checks.firm_checks import FIRM_CHECKS
from services.funding.domain.checks.former import FORMER, WRITTEN_OUT, written_out
from services.funding.domain.checks.fund_checks import FUND_CHECKS
from services.funding.domain.checks.surrounding_checks import SURROUNDING_CHECKS
from services.funding.domain.checks.terms_checks import TERMS_CHECKS
from services.funding.domain.checks.waivers import apply_waivers
from services.funding.domain.screening.case import Case

# What the checks say, down to the word, has a version: it rises with every change of it, and what was before goes to
# `former`, so that a kept run is made again by the checks that made it.
VERSION = 7
CHECKS = FIRM_CHECKS + TERMS_CHECKS + FUND_CHECKS + CAPITAL_CHECKS + SURROUNDING_CHECKS
CODES = frozenset(check.code for check in CHECKS)
WAIVABLE = frozenset(check.code for check in CHECKS if check.waivable)


def run_checks(case: Case, version: int = VERSION) -> tuple[CheckResult, ...]:
    """The result of every check, waivers applied, in the order of declaration; the same case and version give the
    same results. Raises ValueError for a version that is none.
    """
    results = (run_check(check, case) for check in checks_of(version))
    return apply_waivers(results, case.waivers, case.as_of)


def run_standing(case: Case) -> tuple[CheckResult, ...]:
    """The results of the checks that do not look at the fund's balances or its other deals."""
    found = (run_check(check, case) for check in CHECKS if not check.live)
    return apply_waivers(found, case.waivers, case.as_of)


@cache
def checks_of(version: int) -> tuple[Check, ...]:
    """The checks as they were in a version. Raises ValueError for one that is none."""
    if not 1 <= version <= VERSION:
        raise ValueError(f"there are versions 1 to {VERSION} of the checks, not {version}")
    return tuple(_as_of(check, version) for check in CHECKS)


def _as_of(check: Check, version: int) -> Check:
    former = sorted((each for each in FORMER if each.check.code == check.code), key=lambda each: each.until)
    found = next((each.check for each in former if version <= each.until), check)
    return written_out(found) if version <= WRITTEN_OUT else found
