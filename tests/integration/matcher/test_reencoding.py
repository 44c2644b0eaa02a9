"""Another encoder comes in beside the one that answers: no gap, no wrong answer, no event lost."""

import threading
from dataclasses import replace

import pytest

from services.chassis.configuration import ConfigurationError
from services.chassis.house import House
from services.matcher.app import assemble
from services.matcher.corpus.pairs import Pairs
from services.matcher.domain.kinds import STANDING
from services.matcher.encode.lexical import LEXICAL
from services.matcher.encode.pretrained import PretrainedFamily
from services.matcher.lists.standing import StandingLists
from services.matcher.service.reencoding import Reencoding
from tests.integration.matcher.gated import PATIENCE, Gated
from tests.integration.matcher.installed import TEXTS, Matcher, check, load_some
from tests.integration.matcher.producing import Producer

pytestmark = pytest.mark.parametrize("urls", ["embedded"], indirect=True)
KIND = "person-position"


def lists_are_those_of_all_computed_anew(matcher: Matcher) -> None:
    engine = matcher.engine
    fresh = StandingLists([engine.kind(kind.key) for kind in STANDING], Pairs(engine.space))
    fresh.recompute()
    known, anew = (
        {key: [(place.id, place.log_odds) for place in places] for key, places in lists.all().items()}
        for lists in (engine.lists, fresh)
    )
    assert known == anew
    assert {(*key, id_) for key, places in known.items() for id_, _ in places} == matcher.lists().keys()


def test_an_encoder_is_changed_while_the_old_one_answers_and_follows(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    matcher.follow()
    before, told = matcher.engine.version, len(matcher.events())
    matcher.end()
    model, stop = Gated(), threading.Event()
    successor = Matcher.over(house, family=PretrainedFamily(model))
    successor.follow()
    assert (successor.engine.version, len(successor.events())) == (before, told)
    assert successor.engine.outdated
    reencoding = Reencoding(successor.engine, successor.settler.leading)
    making = threading.Thread(target=reencoding.prepare, args=(stop,))
    making.start()
    assert model.reached.wait(PATIENCE)
    producer.person("late", TEXTS[0])
    producer.erase("p1")
    successor.follow()
    check(successor)
    found = successor.engine.view.finder.find(KIND, (successor.engine.kind(KIND).anchor, "o0"), 10)
    shown = {each.item.id for each in found}
    assert "late" in shown
    assert "p1" not in shown
    assert successor.engine.version == before
    model.gate.set()
    making.join(PATIENCE)
    successor.follow()
    check(successor)
    lists_are_those_of_all_computed_anew(successor)
    assert successor.engine.space.encoder.family == successor.engine.family.name
    assert not successor.engine.outdated
    assert reencoding.progress is None
    lists, told, asked = successor.lists(), len(successor.events()), model.asked
    assert {pair[2] for pair in lists} >= {"late"}
    successor.engine.save()
    successor.end()
    third = Matcher.over(house, family=PretrainedFamily(model))
    third.follow()
    assert (third.lists(), len(third.events()), model.asked) == (lists, told, asked)
    third.end()


def test_a_change_that_is_broken_off_leaves_the_encoder_that_stands(
    house: House, matcher: Matcher, producer: Producer
) -> None:
    load_some(producer)
    model, stop = Gated(), threading.Event()
    model.gate.set()
    stop.set()
    other = Matcher.over(house, family=PretrainedFamily(model))
    other.follow()
    assert not Reencoding(other.engine, other.settler.leading).prepare(stop)
    assert not other.engine.due
    assert other.engine.space.encoder.family == LEXICAL
    other.end()


def test_a_service_does_not_start_without_its_encoder(house: House) -> None:
    settings = house.settings.model_copy(update={"matcher_encoder": "word2vec"})
    with pytest.raises(ConfigurationError) as refused:
        assemble(replace(house, settings=settings))
    assert refused.value.key == "BOLE_MATCHER_ENCODER"
    assert "没有编码器“word2vec”" in refused.value.text.zh
    assert "no encoder and no directory 'word2vec'" in refused.value.text.en
