"""Weights that were adopted are taken back by a person who answers for it."""

import pytest

from services.kernel.errors import BoleError, FailedPrecondition
from services.matcher.service.restoring import history, restore
from services.matcher.service.training import Signature
from tests.integration.matcher.installed import Matcher, check, load_some
from tests.integration.matcher.learning import KIND, audited, give_feedback, trained
from tests.integration.matcher.producing import Producer


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_weights_that_stood_are_put_back_and_so_are_those_set_by_hand(
    matcher: Matcher, producer: Producer
) -> None:
    """Scores are those of then; a version that was refused, that stands or that nobody knows is not put back."""
    load_some(producer)
    matcher.follow()

    def scored() -> tuple[float, bool]:
        matcher.follow()
        check(matcher)
        explained = matcher.engine.view.finder.explain(KIND.key, "o0", "p0")
        return explained.log_odds, explained.calibrated

    scores = [scored()]
    versions: list[str] = []
    for named, counts in (("a", {"text": 2.0, "city": 1.0}), ("b", {"text": 1.0, "availability": 3.0})):
        give_feedback(matcher, 6000 * (1 + len(versions)) ** 2, counts=counts, named=named)
        report = trained(matcher, most=1.0)
        assert report["adopted"], report["objections"]
        versions.append(report["version"])
        scores.append(scored())
    assert len(set(scores)) == 3
    refused = trained(matcher, most=1.0)
    assert not refused["adopted"]

    house, signature = matcher.house, Signature("li.si", "投诉核实：城市权重过高")
    for version, error in (
        (refused["version"], "WEIGHTS_NEVER_STOOD"),
        (versions[1], "WEIGHTS_STAND"),
        ("no-such", "NOT_FOUND"),
    ):
        with pytest.raises(BoleError) as told:
            restore(house, KIND.key, version, signature, keep=True)
        assert told.value.reason == error
    assert not restore(house, KIND.key, versions[0], signature, keep=False)["kept"]
    assert scored() == scores[2]

    (first,) = restore(house, KIND.key, versions[0], signature, keep=True)["versions"]
    assert scored() == scores[1]
    (hand,) = restore(house, KIND.key, "by-hand", signature, keep=True)["versions"]
    assert scored() == scores[0]
    with pytest.raises(FailedPrecondition):
        restore(house, KIND.key, "by-hand", signature, keep=True)

    rows = history(house, KIND.key)
    assert [row["version"] for row in rows] == [hand, first, refused["version"], *reversed(versions)]
    assert [row["standing"] for row in rows] == [True, False, False, False, False]
    assert [row["restored"] for row in rows] == ["by-hand", versions[0], "", "", ""]
    assert audited(matcher, "restore-weights") == [
        ("li.si", "restore-weights", f"weighings/{version}") for version in (first, hand)
    ]
    again = trained(matcher, most=1.0)
    assert again["adopted"], again["objections"]
    assert again["since"] == []  # those by hand are signed for, and stand
    assert scored()[1]
