"""Puts the aggregates onto their tables, so that the domain knows nothing of them."""

from functools import cache
from typing import Any

from sqlalchemy import Table
from sqlalchemy.orm import registry

from services.talent.domain.evidence.record import Evidence
from services.talent.domain.flows.hiring import FundedHireLine
from services.talent.domain.flows.move import Move
from services.talent.domain.flows.training import TrainingPlace
from services.talent.domain.identity.judgement import Judgement
from services.talent.domain.nomination import Nomination
from services.talent.domain.people.person import SENSITIVE, Person
from services.talent.domain.people.team import Team
from services.talent.domain.position import Position, PositionOutcome
from services.talent.domain.shortage.counts.flows import arriving, hiring, moving
from services.talent.domain.shortage.counts.tally import advertised, supplied
from services.talent.domain.shortage.outlook.records import PublishedForecast, RecruitmentPlan
from services.talent.domain.shortage.watch import Watch
from services.talent.store import schema
from services.talent.store.counts.collecting import collect
from services.talent.store.people.duplicates import Suggestion
from services.talent.store.shortage.releases import StoredRelease
from services.talent.store.shortage.reports import StoredReport


@cache
def map_aggregates() -> registry:
    """Map the classes, once per process. A version counts up with every flush of a changed aggregate."""
    mapping = registry(metadata=schema.metadata)
    versioned: tuple[tuple[type[Any], Table], ...] = (
        (Person, schema.person),
        (Team, schema.team),
        (Position, schema.position),
        (TrainingPlace, schema.training_place),
        (Move, schema.move),
        (Nomination, schema.nomination),
    )
    for aggregate, table in versioned:
        mapping.map_imperatively(
            aggregate, table, version_id_col=table.c.version, exclude_properties=SENSITIVE
        )
    mapping.map_imperatively(PositionOutcome, schema.position_outcome)
    mapping.map_imperatively(FundedHireLine, schema.funded_hire)
    mapping.map_imperatively(PublishedForecast, schema.shortage_forecast)
    mapping.map_imperatively(RecruitmentPlan, schema.recruitment_plan)
    watch = schema.shortage_watch
    mapping.map_imperatively(Watch, watch, version_id_col=watch.c.version)
    collect(Person, supplied)
    collect(Position, advertised)
    collect(TrainingPlace, arriving)
    collect(Move, moving)
    collect(FundedHireLine, hiring)
    schema.imports.map_onto(mapping)
    schema.exports.map_onto(mapping)
    mapping.map_imperatively(Judgement, schema.duplicate_judgement)
    mapping.map_imperatively(Suggestion, schema.duplicate_suggestion)
    mapping.map_imperatively(StoredRelease, schema.shortage_release)
    mapping.map_imperatively(StoredReport, schema.report)
    mapping.map_imperatively(Evidence, schema.evidence, version_id_col=schema.evidence.c.version)
    return mapping
