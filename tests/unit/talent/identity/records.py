"""Records to compare."""

from datetime import UTC, datetime
from typing import Any

from services.talent.domain.identity.judgement import Judgement, Verdict
from services.talent.domain.identity.person_name import read_name
from services.talent.domain.identity.traits import Traits, organisations

NOW = datetime(2026, 6, 30, 4, tzinfo=UTC)


def traits(id_: str, *names: str, **known: Any) -> Traits:
    known["employers"] = organisations(known.get("employers", ()))
    return Traits(id=id_, names=tuple(map(read_name, names)), **known)


def judgement(left: str, right: str, verdict: Verdict = Verdict.POSITIVE, *, live: bool = True) -> Judgement:
    made = Judgement(f"j-{left}-{right}", left, right, verdict, 3_000, "", False, "officer", NOW)
    if not live:
        made.take_back("officer", NOW)
    return made
