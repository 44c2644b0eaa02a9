"""What changes under a matcher that follows: editions of the catalogue, the vocabulary, encoders, processes that die.

In any order, the lists are those that the stored items give from nothing, and who followed the events knows them.
"""

import random
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from services.catalogue import load
from services.chassis.log.log import open_log
from services.chassis.storage.db import Database, open_engine
from services.matcher.app import BLUEPRINT
from services.matcher.corpus.pairs import Pairs
from services.matcher.corpus.space import MatchSpace
from services.matcher.domain import catalogue_items
from services.matcher.domain.catalogue_items import direction_items
from services.matcher.domain.kinds import STANDING
from services.matcher.domain.texts.wording import Wording
from services.matcher.encode.encoder import Family
from services.matcher.encode.lexical import LexicalFamily
from services.matcher.encode.pretrained import PretrainedFamily
from services.matcher.lists.standing import StandingLists
from services.matcher.service import engine as engines
from services.matcher.service import settling
from services.matcher.service.reencoding import Reencoding
from services.matcher.service.succeeding import carry_over
from services.matcher.store import items
from tests.integration.matcher.following import all_places
from tests.integration.matcher.gated import Gated
from tests.integration.matcher.installed import TEXTS, Matcher, check, make_house, prepare
from tests.integration.matcher.producing import Producer
from tests.integration.matcher.test_sequences import check_subscribers
from tests.integration.templates import Templates
from tests.unit.catalogue.earlier import TODAY, earlier
from tests.unit.catalogue.test_local import BUNKERING, file

CITIES = ("suzhou", "nanjing", "nantong")
EDITIONS = (earlier(), TODAY, load(file({**BUNKERING, "terms": ["外延", "电解槽"]})))
CODES = (
    ("sic", "marine-h2", "merged-a", "broad-h2"),
    ("sic", "seawater-h2", "marine-h2", "broad-h2"),
    ("sic", "seawater-h2", "local-h2-bunkering"),
)
ALL_CODES = sorted({code for codes in CODES for code in codes})


class Died(Exception):
    """In the place of the end of a process."""


class Installation(RuleBasedStateMachine):
    """Any order of changes, steps of the lists, snapshots, ends, editions, vocabularies and encoders."""

    templates: Templates

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        self.database = Database(open_engine(f"sqlite:///{folder}/matcher.db"))
        self.templates.fill(self.database, BLUEPRINT)
        self.log = prepare(open_log(f"sqlite:///{folder}/log.db"))
        self.house = make_house(folder, self.database, self.log)
        self.producer = Producer(self.house.log, self.house.settings.keys_dir, self.house.clock)
        self.edition, self.words, self.slow = 0, True, False
        self.model, self.erased = Gated(), set[str]()
        self.model.gate.set()
        self.step = 0
        self.matcher = self._started()

    def teardown(self) -> None:
        self.follow()
        self.matcher.end()
        self.log.close()
        self.database.close()
        self._folder.cleanup()

    @rule(seed=st.integers(0, 999), count=st.integers(1, 9))
    def changes(self, seed: int, count: int) -> None:
        rng = random.Random(seed)
        with self.producer.together():
            for _ in range(count):
                self.step += 1
                rng.choice(self._happenings(rng))()

    @rule()
    def read(self) -> None:
        self.matcher.read()

    @rule()
    def follow(self) -> None:
        self.matcher.follow()
        check(self.matcher)
        check_subscribers(self.matcher, ALL_CODES)
        engine = self.matcher.engine
        with self.database.read() as session:
            stored = [each.item for each in items.followed(session) if each.item is not None]
        space = MatchSpace(
            engine.space.codes, engine.space.encoder, [*direction_items(engine.catalogue), *stored]
        )
        lists = StandingLists([engine.kind(kind.key) for kind in STANDING], Pairs(space))
        lists.recompute()
        anew = {key: [(each.id, each.log_odds) for each in places] for key, places in lists.all().items()}
        assert all_places(engine) == anew
        assert {
            (*key, id_) for key, places in anew.items() for id_, _ in places
        } == self.matcher.lists().keys()

    @rule()
    def save(self) -> None:
        if self.matcher.settler.leading.is_set():
            self.matcher.engine.save()

    @rule(committed=st.booleans())
    def die_at_the_commit(self, committed: bool) -> None:
        """Before it, nothing was followed; behind it, the next process finds all of it."""
        point = "settle.after_commit" if committed else "settle.before_commit"

        def reach(name: str) -> None:
            if name == point:
                raise Died

        with mock.patch.object(settling, "reach", reach):
            try:
                self.matcher.follow()
            except Died:
                self.restart()

    @rule(seed=st.integers(0, 999), before=st.booleans(), ends=st.booleans())
    def another_encoder(self, seed: int, before: bool, ends: bool) -> None:
        """Made beside the one that stands; it takes over what has changed by then, or the process ends before."""
        self.slow = not self.slow
        self.restart()
        self.matcher.read() if before else self.matcher.follow()
        if self.matcher.engine.outdated:
            assert Reencoding(self.matcher.engine, self.matcher.settler.leading).prepare(threading.Event())
            self.changes(seed, 4)
            if ends:
                self.restart()
        self.follow()

    @rule()
    def restart(self) -> None:
        self.matcher.end()
        self.matcher = self._started()

    @rule()
    def restart_with_another_vocabulary(self) -> None:
        self.words = not self.words
        self.restart()

    @precondition(lambda self: self.edition + 1 < len(EDITIONS))
    @rule()
    def restart_with_the_next_edition(self) -> None:
        self.edition += 1
        self.restart()

    def _started(self) -> Matcher:
        catalogue = EDITIONS[self.edition]
        family: Family = PretrainedFamily(self.model) if self.slow else LexicalFamily()
        carry_over(self.database, catalogue.succession.former)
        if self.words:
            return Matcher.over(self.house, catalogue=catalogue, family=family)
        with mock.patch.object(catalogue_items, "_wording_of_directions", return_value=Wording()):
            return Matcher.over(self.house, catalogue=catalogue, family=family)

    def _happenings(self, rng: random.Random) -> list[Callable[[], None]]:
        text, code, city = (
            f"{rng.choice(TEXTS)}，第{self.step}批",
            rng.choice(CODES[self.edition]),
            rng.choice(CITIES),
        )
        number = rng.randrange(9)
        person = f"p{number}.{sum(each.startswith(f'p{number}.') for each in self.erased)}"
        return [
            lambda: self.producer.person(person, text, code=code, city=city),
            lambda: self.producer.person(f"n{self.step}", text, code=code, city=city),
            lambda: self.producer.position(f"o{number}", text, code=code, city=city),
            lambda: self.producer.firm(f"f{number}", text, code=code, city=city),
            lambda: self.producer.fund(f"g{number % 2}", city),
            lambda: self._erase(person),
        ]

    def _erase(self, person: str) -> None:
        if person in self.producer.keys:
            self.producer.erase(person)
            self.erased.add(person)


@pytest.mark.parametrize("growth", [1.02, 2.0])
def test_whatever_changes_hands_the_lists_are_those_from_nothing(
    templates: Templates, monkeypatch: pytest.MonkeyPatch, growth: float
) -> None:
    """`growth`: with the smaller one an encoder of the default's kind is outgrown by a few texts, and lists are made
    anew at almost every step; with the larger one they follow change by change.
    """
    monkeypatch.setattr(Installation, "templates", templates, raising=False)
    monkeypatch.setattr(engines, "LEAST_CORPUS", 1)
    monkeypatch.setattr(engines, "GROWTH", growth)
    monkeypatch.setattr(engines, "BULK", 12)
    run_state_machine_as_test(Installation, settings=_SEARCH)


_SEARCH = settings(
    max_examples=4,
    stateful_step_count=20,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
