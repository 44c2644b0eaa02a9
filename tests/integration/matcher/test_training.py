"""From outcomes to weights that stand: the lists follow, the probability says that it is calibrated."""

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from bole.matcher.v1 import anchor_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import load
from services.chassis.house import House
from services.chassis.rpc.call import serving
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.pretrained import PretrainedFamily
from services.matcher.rpc.finding import Searches
from services.matcher.rpc.matching import MatchingRoom
from services.matcher.rpc.watching import Watching
from services.matcher.service.engine import LEAST_CORPUS, Engine
from services.matcher.service.reencoding import Reencoding
from services.matcher.service.training import Signature, train
from tests.integration.matcher.calling import call
from tests.integration.matcher.gated import Gated
from tests.integration.matcher.installed import CODES, TEXTS, Matcher, check, cohorts_of, load_some
from tests.integration.matcher.learning import KIND, audited, give_feedback, trained
from tests.integration.matcher.producing import Producer

CITIES = ("suzhou", "xuzhou")


def test_whom_weights_would_show_is_told_of_the_lists_as_they_are(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    with producer.together():
        for number in range(LEAST_CORPUS):
            producer.person(f"more{number}", f"{TEXTS[number % 4]}，第{number}组", code=CODES[number % 3])
    matcher.follow()
    matcher.engine.save()
    directory = matcher.house.settings.data_dir / "matcher"
    assert Engine(load(), directory / "none").space.encoder.version != matcher.engine.space.encoder.version
    engine = Engine(load(), directory)
    train(matcher.house, engine, KIND.key, cohorts_of(matcher.house).read, keep=False)
    assert engine.space.encoder.version == matcher.engine.space.encoder.version
    assert not engine.stale


def test_weights_are_adopted_the_lists_follow_and_so_does_a_successor(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer, 12)
    for number in range(6):
        producer.person(f"p{number}", TEXTS[number % len(TEXTS)], decade=1980)
    give_feedback(matcher, 1500)
    matcher.follow()
    before = matcher.lists()
    report = trained(matcher)
    assert report["adopted"], report["objections"]
    coverage, exposed = report["coverage"], report["exposures"]
    assert (coverage["city"], coverage["gender"]) == (1.0, 0.0)
    assert coverage["cohort"] == 0.5
    assert [words.split("：")[0].split(":")[0] for words in report["not_held"]["gender"]] == [
        "性别",
        "gender",
    ]
    assert {each["group"] for each in exposed if each["attribute"] == "cohort"} == {"1980s", "unknown"}
    assert not any(event.calibrated for event in matcher.events())
    matcher.follow()
    check(matcher)
    learnt = [event for event in matcher.events() if event.calibrated]
    assert {event.kind for event in learnt} == {KIND.key}
    known, told = matcher.lists(), len(matcher.events())
    assert known != before
    explained = matcher.engine.view.finder.explain(KIND.key, "o0", "p0")
    assert explained.calibrated
    assert explained.log_odds == known[KIND.key, "o0", "p0"]
    matcher.end()
    successor = Matcher.over(matcher.house)
    successor.follow()
    assert (successor.lists(), len(successor.events())) == (known, told)
    assert successor.engine.version == matcher.engine.version
    assert not trained(successor)["adopted"]
    successor.end()


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
@pytest.mark.parametrize(
    ("decades", "groups", "coverage"),
    [
        ({1980: 1}, {"few": 1.0}, None),
        ({1980: 11}, {"few": 1.0}, None),
        ({1980: 5, 1950: 1}, {"few": 0.5, "unknown": 0.5}, 0.5),
        ({1980: 5}, {"1980s": 5 / 12, "unknown": 7 / 12}, 5 / 12),
    ],
)
def test_of_how_few_people_a_group_is_no_report_tells(
    matcher: Matcher,
    producer: Producer,
    decades: Mapping[int, int],
    groups: Mapping[str, float],
    coverage: float | None,
) -> None:
    load_some(producer, 12)
    born = [decade for decade, count in decades.items() for _ in range(count)]
    for number, decade in enumerate(born):
        producer.person(f"p{number}", TEXTS[number % len(TEXTS)], decade=decade)
    matcher.follow()
    give_feedback(matcher, 1500)
    report = trained(matcher)
    shares = {each["group"]: each for each in report["exposures"] if each["attribute"] == "cohort"}
    assert {group: each["candidates"] for group, each in shares.items()} == pytest.approx(groups)
    assert sum(each["standing"] for each in shares.values()) == pytest.approx(1.0)
    assert report["coverage"]["cohort"] == coverage
    assert not any(each.get("small") and each["group"] != "few" for each in report["exposures"])


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_the_place_where_a_pair_was_shown_is_left_out_of_what_is_learnt(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    give_feedback(matcher, 6000, kindness=-0.4)
    report = trained(matcher)
    assert report["adopted"], report["objections"]
    weights = report["weights"]
    assert weights["constant"] == pytest.approx(0.0, abs=0.35)
    assert weights["text"] == pytest.approx(2.0, abs=0.2)
    assert weights["place"] == pytest.approx(-0.4, abs=0.15)


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
@pytest.mark.parametrize("key", ["person-cell", "person-team", "similar-persons", "similar-firms"])
def test_a_kind_without_lists_is_guarded_by_a_sample_of_its_anchors(
    matcher: Matcher, producer: Producer, key: str
) -> None:
    with producer.together():
        for number in range(30):
            here = "suzhou" if number % 3 else "xuzhou"
            producer.person(f"p{number}", TEXTS[number % len(TEXTS)], code=CODES[number % 3], city=here)
            producer.firm(f"f{number}", TEXTS[number % len(TEXTS)], code=CODES[number % 3], city=here)
        producer.team("t", TEXTS[0], "p0", needs={"sic": 9})
    matcher.follow()
    kind = KINDS[key]
    give_feedback(matcher, 6000, kind=kind)
    report = trained(matcher, kind=kind, most=1.0)
    assert report["adopted"], report["objections"]
    shares = [each for each in report["exposures"] if each["attribute"] == "city"]
    assert {each["group"] for each in shares} == {"suzhou", "xuzhou"}
    assert sum(each["standing"] for each in shares) == pytest.approx(1.0)
    assert sum(each["learnt"] for each in shares) == pytest.approx(1.0)


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_weights_that_move_more_than_the_setting_allows_are_not_adopted(
    matcher: Matcher, producer: Producer
) -> None:
    live_in_two_cities(matcher, producer)
    give_feedback(matcher, 1500, counts={"city": 3.0})
    strict = trained(matcher, most=0.001)
    assert not strict["adopted"]
    assert any("exposure of city Xuzhou would go from" in en for _, en in strict["objections"])
    assert trained(matcher, most=1.0)["adopted"]


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_adoptions_that_together_move_too_much_wait_for_a_signature(
    matcher: Matcher, producer: Producer
) -> None:
    """Each moves less than the bound, both together more. The reference moves with a signature and not without."""
    live_in_two_cities(matcher, producer)
    give_feedback(matcher, 1500, counts={"city": 3.0})
    first = trained(matcher, most=1.0)
    assert first["adopted"], first["objections"]
    assert (first["since"], first["signature"]) == ([], None)
    total = most_shift(first["exposures"])

    give_feedback(matcher, 6000, counts={"city": 3.0, "availability": 2.0}, named="later")
    refused = trained(matcher, most=total / 2)
    assert not refused["adopted"]
    assert most_shift(refused["exposures"]) < total / 2 < most_shift(refused["since"])
    assert {en.split(" ")[0] for _, en in refused["objections"]} == {"since"}
    assert audited(matcher) == []

    signature = Signature("li.si", "两市岗位结构已变")
    signed = trained(matcher, most=total / 2, signature=signature)
    assert signed["adopted"], signed["objections"]
    assert signed["signature"] == {"by": "li.si", "reason": "两市岗位结构已变"}
    assert audited(matcher) == [("li.si", "sign-weights", f"weighings/{signed['version']}")]

    give_feedback(matcher, 20_000, counts={"city": 3.0, "availability": 4.0}, named="last")
    last = trained(matcher, most=total / 2)
    assert last["adopted"], last["objections"]
    assert last["since"] == []


def live_in_two_cities(matcher: Matcher, producer: Producer) -> None:
    """Forty people, half of them in each, and a position in the second."""
    with producer.together():
        for number in range(40):
            producer.person(f"p{number}", TEXTS[3 * (number % 2)], city=CITIES[number % 2])
        producer.position("o0", TEXTS[0], city=CITIES[1])
    matcher.follow()


def most_shift(exposures: Sequence[Mapping[str, Any]]) -> float:
    return float(max(abs(each["learnt"] - each["standing"]) for each in exposures))


def probability_of(matcher: Matcher) -> tuple[bool, bool]:
    """Whether a search, and an explanation, call the probability of a pair calibrated."""
    house, catalogue = matcher.house, load()
    room = MatchingRoom(
        house,
        matcher.engine,
        matcher.feed,
        Watching(house, matcher.hub, catalogue),
        Searches(house, matcher.engine, catalogue),
        Reencoding(matcher.engine, matcher.settler.leading),
    )
    anchor = "positions/o0"
    with serving(call()):
        asked = wire.FindMatchesRequest(kind=KIND.key, anchor=anchor_pb2.Anchor(name=anchor))
        found = room.FindMatches(asked, None).candidates[0]
        named = wire.ExplainMatchRequest(kind=KIND.key, anchor=anchor, candidate=found.name)
        return found.calibrated, room.ExplainMatch(named, None).candidate.calibrated


def reencode(matcher: Matcher) -> None:
    assert Reencoding(matcher.engine, matcher.settler.leading).prepare(threading.Event())
    matcher.follow()


@pytest.mark.parametrize("urls", ["embedded"], indirect=True)
def test_what_was_learnt_with_one_encoder_waits_until_it_stands_again(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    give_feedback(matcher, 1500)
    assert probability_of(matcher) == (False, False)
    assert trained(matcher)["adopted"]
    matcher.follow()
    by_hand, learnt = KIND, matcher.engine.kind(KIND.key)
    assert probability_of(matcher) == (True, True)
    assert learnt.calibrated
    matcher.end()

    model = Gated()
    model.gate.set()
    other = Matcher.over(house, family=PretrainedFamily(model))
    other.follow()
    assert probability_of(other) == (True, True)
    reencode(other)
    assert probability_of(other) == (False, False)
    assert other.engine.kind(KIND.key) == by_hand
    check(other)
    assert not trained(other, PretrainedFamily(model))["judged_by"]
    give_feedback(other, 1500)
    assert trained(other, PretrainedFamily(model))["adopted"]
    other.follow()
    assert probability_of(other) == (True, True)
    other.end()

    again = Matcher.over(house)
    again.follow()
    reencode(again)
    assert probability_of(again) == (True, True)
    assert again.engine.kind(KIND.key) == learnt
    again.end()
