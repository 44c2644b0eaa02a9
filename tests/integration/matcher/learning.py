"""Outcomes that teach, and trainings by them, for tests of what is learnt."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import numpy as np
from scipy.special import expit
from sqlalchemy import insert, select

from services.catalogue import load
from services.matcher.domain.kinds import KINDS, PairKind
from services.matcher.encode.encoder import Family, family_of
from services.matcher.service.engine import Engine
from services.matcher.service.training import Signature, train
from services.matcher.store.schema import feedback
from tests.integration.matcher.installed import Matcher, cohorts_of

KIND = KINDS["person-position"]


def give_feedback(
    matcher: Matcher,
    count: int,
    *,
    kindness: float = 0.0,
    kind: PairKind = KIND,
    counts: Mapping[str, float] = MappingProxyType({"text": 2.0, "city": 1.0}),
    named: str = "",
) -> None:
    """Outcomes in which only what `counts` does, and `kindness` by log of the place where each was shown, read with the
    encoder that stands. Their names, which say what judges, are the same on every machine.
    """
    encoder = matcher.engine.space.encoder.version
    chance = np.random.default_rng(1)
    names = [use.name for use in kind.features]
    drawn = chance.normal(size=(count, len(names)))
    truth = np.array([counts.get(name, 0.0) for name in names])
    shown = chance.integers(1, 31, count) if kindness else None
    seen = drawn @ truth + (0.0 if shown is None else kindness * np.log(shown))
    accepted = chance.random(count) < expit(seen)
    rows = [
        {
            "id": f"{named}{family_of(encoder)}-{number}",
            "kind": kind.key,
            "features": dict(zip(names, drawn[number].tolist(), strict=True)),
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


def trained(
    matcher: Matcher,
    family: Family | None = None,
    *,
    kind: PairKind = KIND,
    most: float = 0.1,
    signature: Signature | None = None,
) -> dict[str, Any]:
    house = matcher.house
    settings = house.settings.model_copy(update={"matcher_exposure_shift": most})
    engine = Engine(load(), settings.data_dir / "other", family)
    decades = cohorts_of(house).read
    bounded = replace(house, settings=settings)
    return train(bounded, engine, kind.key, decades, keep=True, signature=signature).document()


def audited(matcher: Matcher, action: str = "sign-weights") -> list[tuple[str, str, str]]:
    entry = matcher.house.tables.audit.entries
    query = select(entry.c.actor, entry.c.action, entry.c.resource).where(entry.c.action == action)
    with matcher.house.database.read() as session:
        return [tuple(row) for row in session.execute(query)]
