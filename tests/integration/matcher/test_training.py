"""From outcomes to weights that stand: the lists follow, the probability says that it is calibrated."""

import threading
from datetime import date

import numpy as np
import pytest
from scipy.special import expit
from sqlalchemy import insert

from bole.matcher.v1 import anchor_pb2
from bole.matcher.v1 import matching_service_pb2 as wire
from services.catalogue import load
from services.chassis.house import House
from services.chassis.rpc.call import serving
from services.matcher.domain.kinds import KINDS
from services.matcher.encode.encoder import Family
from services.matcher.encode.pretrained import PretrainedFamily
from services.matcher.rpc.finding import Searches
from services.matcher.rpc.matching import MatchingRoom
from services.matcher.rpc.watching import Watching
from services.matcher.service.engine import Engine
from services.matcher.service.reencoding import Reencoding
from services.matcher.service.training import train
from services.matcher.store.schema import feedback
from tests.integration.matcher.calling import call
from tests.integration.matcher.gated import Gated
from tests.integration.matcher.installed import TEXTS, Matcher, check, load_some
from tests.integration.matcher.producing import Producer

KIND = KINDS["person-position"]
NAMES = [use.name for use in KIND.features]


def give_feedback(matcher: Matcher, count: int, *, kindness: float = 0.0) -> None:
    """Outcomes in which only the text and the city count, and `kindness` by log of the place where each was shown, read
    with the encoder that stands.
    """
    encoder = matcher.engine.space.encoder.version
    chance = np.random.default_rng(1)
    drawn = chance.normal(size=(count, len(NAMES)))
    truth = np.array([{"text": 2.0, "city": 1.0}.get(name, 0.0) for name in NAMES])
    shown = chance.integers(1, 31, count) if kindness else None
    seen = drawn @ truth + (0.0 if shown is None else kindness * np.log(shown))
    accepted = chance.random(count) < expit(seen)
    rows = [
        {
            "id": f"{encoder}-{number}",
            "kind": KIND.key,
            "features": dict(zip(NAMES, drawn[number].tolist(), strict=True)),
            "rank": 1,
            "outcome": "ACCEPTED" if accepted[number] else "REJECTED",
            "reason": None if accepted[number] else "SKILLS",
            "city": "suzhou",
            "category": "",
            "model": encoder,
            "on_day": date(2026, 5, 1),
            "shown_rank": None if shown is None else int(shown[number]),
            "shown_page": None if shown is None else 1 + int(shown[number] - 1) // 10,
        }
        for number in range(count)
    ]
    with matcher.house.database.write() as session:
        session.execute(insert(feedback), rows)


def trained(matcher: Matcher, family: Family | None = None) -> dict[str, object]:
    engine = Engine(load(), matcher.house.settings.data_dir / "other", family)
    return train(matcher.house, engine, KIND.key, keep=True).document()


def test_weights_are_adopted_the_lists_follow_and_so_does_a_successor(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    producer.person("p0", TEXTS[0], decade=1980)
    give_feedback(matcher, 1500)
    matcher.follow()
    before = matcher.lists()
    report = trained(matcher)
    assert report["adopted"], report["objections"]
    coverage, exposed = report["coverage"], report["exposures"]
    assert isinstance(coverage, dict)
    assert isinstance(exposed, list)
    assert (coverage["city"], coverage["gender"]) == (1.0, 0.0)
    assert 0 < coverage["cohort"] < 1
    not_held = report["not_held"]
    assert isinstance(not_held, dict)
    assert [words.split("：")[0].split(":")[0] for words in not_held["gender"]] == ["性别", "gender"]
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
def test_the_place_where_a_pair_was_shown_is_left_out_of_what_is_learnt(
    matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    give_feedback(matcher, 6000, kindness=-0.4)
    report = trained(matcher)
    assert report["adopted"], report["objections"]
    weights = report["weights"]
    assert isinstance(weights, dict)
    assert weights["constant"] == pytest.approx(0.0, abs=0.35)
    assert weights["text"] == pytest.approx(2.0, abs=0.2)
    assert weights["place"] == pytest.approx(-0.4, abs=0.15)


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
