import json
from dataclasses import replace

import pytest

from services.funding.domain.checks.former import FORMER
from services.funding.domain.checks.run import CHECKS, VERSION, checks_of
from services.funding.domain.deal.states import DealState
from services.funding.domain.screening.case import Case
from services.funding.store.deals.reports import digest_of, made_again, recompute, report_of
from services.kernel.errors import FailedPrecondition
from tests.unit.funding import kept_runs
from tests.unit.funding.cases import AT, case

CHANGED = (
    "the checks speak otherwise than version {} did: raise VERSION in checks/run.py, keep the former check in "
    "checks/former.py, and write the new file (see tests/unit/funding/kept_runs)"
)


def in_front_of_a_committee() -> Case:
    return replace(case(), state=DealState.IC_EXTERNAL)


def test_every_version_has_runs_that_it_made() -> None:
    assert kept_runs.versions() == list(range(1, VERSION + 1))


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_runs_of_every_version_are_made_again_bit_for_bit(version: int) -> None:
    outcomes: dict[str, set[str]] = {}
    for run in kept_runs.runs(version):
        results = kept_runs.results_of(run.inputs, version)
        assert digest_of(run.inputs, results) == run.digest, (CHANGED.format(version), run.otherwise)
        for each in json.loads(results):
            outcomes.setdefault(each["code"], set()).add(each["outcome"])
    assert set(outcomes) == {each.code for each in checks_of(version)}
    assert all(len(found) > 1 for found in outcomes.values())


def test_former_checks_are_those_of_a_code_there_is_and_say_something_else() -> None:
    now = {each.code: each for each in CHECKS}
    assert all(0 < each.until < VERSION and each.check != now[each.check.code] for each in FORMER)
    assert checks_of(VERSION) == CHECKS
    for none in (0, VERSION + 1):
        with pytest.raises(ValueError, match="versions 1 to"):
            checks_of(none)


def test_a_run_that_does_not_say_its_version_is_made_again_by_the_one_that_made_it() -> None:
    former = next(
        run
        for run in kept_runs.runs(2)
        if run.otherwise.get("state") == "IC_EXTERNAL" and "rights.unclear" in run.otherwise
    )
    made = made_again(former.inputs, kept_runs.results_of(former.inputs, 2), former.digest, None)
    assert (made.same, made.digest, made.rules_version, made.differing) == (True, former.digest, 2, ())
    assert "IP_OWNERSHIP_UNCLEAR" in made.changed
    newest = made_again(former.inputs, kept_runs.results_of(former.inputs, 2), former.digest, VERSION)
    assert not newest.same
    assert set(newest.differing) > set(made.changed)  # words alone are no other judgement


def test_a_run_says_its_version_and_a_newer_one_is_refused_in_both_languages() -> None:
    made = report_of(in_front_of_a_committee(), "deal-1", 3, "APPROVE", AT, "secretary")
    assert made.rules_version == VERSION
    assert recompute(made).changed == ()
    forged = replace(made, digest="0" * 64, rules_version=None)
    assert (recompute(forged).same, recompute(forged).rules_version) == (False, VERSION)
    touched = recompute(replace(made, results=made.results.replace('"PASS"', '"FAIL"', 1)))
    assert not touched.same  # although its digest is the kept one
    assert len(touched.differing) == 1
    with pytest.raises(FailedPrecondition) as refused:
        recompute(replace(made, rules_version=VERSION + 1))
    assert refused.value.reason == "RULES_VERSION_UNKNOWN"
    assert f"第{VERSION + 1}版" in refused.value.text.zh
    assert f"version {VERSION + 1}" in refused.value.text.en
