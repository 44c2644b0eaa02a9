"""The tables of the matcher."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from services.chassis.house import define_shared_tables
from services.chassis.people_budget import PARTS
from services.chassis.storage.columns import (
    BEGINS_WITH,
    EnumName,
    Json,
    PlainJson,
    Real,
    Strings,
    UtcInstant,
    big_integer,
    new_metadata,
)
from services.chassis.storage.db import append_only
from services.matcher.domain.partners.partner import Scope
from services.matcher.domain.run import RunState

metadata = new_metadata()
shared = define_shared_tables(
    metadata, of_people=frozenset({"persons", "teams"}), people_part=PARTS["matcher"]
)

# What is known of an entity; a gone item keeps its version only. `change` numbers what has written it, in order: the
# lists have followed what is not above `match_counter.followed`. `settled` is the mark of the program before, which may
# still write while replicas are replaced.
item = Table(
    "item",
    metadata,
    Column("kind", String(16), nullable=False),
    Column("id", String(64), nullable=False),
    Column("version", big_integer(), nullable=False),
    Column("facts", PlainJson),
    Column("person_name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Column("change", big_integer(), nullable=False, server_default=text("0")),
    Column("settled", Boolean, nullable=False, server_default=text("true")),
    PrimaryKeyConstraint("kind", "id"),
    Index("ix_item_change", "change"),
)
_unsettled = ~item.c.settled
Index("ix_item_unsettled", item.c.settled, sqlite_where=_unsettled, postgresql_where=_unsettled)
# One row: the last number allotted. Whoever takes the next holds it until the commit: numbers are committed in order.
item_counter = Table(
    "item_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", big_integer(), nullable=False),
    info={BEGINS_WITH: {"id": 1, "last": 0}},
)
subject_key = Table(
    "subject_key",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("wrapped", LargeBinary),
)
# States of people whose key has not arrived yet: two topics are read independently.
parked_person = Table(
    "parked_person",
    metadata,
    Column("person_id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)
# Who is in a team, by ids alone: what a team allows is what all of them allow. `share`: thousandths of working time;
# from the first day to the last, both included.
team_member = Table(
    "team_member",
    metadata,
    Column("team_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False, index=True),
    Column("share", Integer),
    Column("since", Date),
    Column("until", Date),
    PrimaryKeyConstraint("team_id", "person_id"),
)
standing_match = Table(
    "standing_match",
    metadata,
    Column("kind", String(32), nullable=False),
    Column("anchor_id", String(64), nullable=False),
    Column("candidate_id", String(64), nullable=False),
    Column("log_odds", Real, nullable=False),
    Column("announced", Real, nullable=False),
    Column("rank", Integer, nullable=False),
    PrimaryKeyConstraint("kind", "anchor_id", "candidate_id"),
)
match_event = append_only(
    Table(
        "match_event",
        metadata,
        Column("sequence", big_integer(), primary_key=True, autoincrement=False),
        Column("type", String(16), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("anchor_id", String(64), nullable=False),
        Column("candidate_id", String(64), nullable=False),
        Column("log_odds", Real, nullable=False),
        Column("rank", Integer, nullable=False),
        Column("directions", Strings, nullable=False),
        Column("city", String(63), nullable=False),
        Column("calibrated", Boolean, nullable=False, server_default=text("false")),
        Column("changed_at", UtcInstant, nullable=False),
        Column("event_at", UtcInstant, nullable=False),
        Index("ix_match_event_anchor", "anchor_id", "sequence"),
        Index(
            "ix_match_event_erased",
            "sequence",
            sqlite_where=text("type = 'ERASED'"),
            postgresql_where=text("type = 'ERASED'"),
        ),
    )
)
# One row: the last sequence number allotted, the encoder and catalogue that the stored lists were made by, and the last
# change of an item that they have followed.
match_counter = Table(
    "match_counter",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("last", big_integer(), nullable=False),
    Column("encoder_version", String(128)),
    Column("followed", big_integer(), nullable=False, server_default=text("0")),
)
partner = Table(
    "partner",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)
partner_key = Table(
    "partner_key",
    metadata,
    Column("key_id", String(40), primary_key=True),
    Column("partner_id", String(64), nullable=False, index=True),
    Column("digest", LargeBinary, nullable=False),
    Column("not_after", UtcInstant),
    Column("title", Text, nullable=False, server_default=text("''")),
    Column("scope", EnumName(Scope), nullable=False, server_default=text("'FULL'")),
    Column("created_at", UtcInstant, nullable=False),
    Column("last_used_at", UtcInstant),
    Column("revoked_at", UtcInstant),
)
# What was told of the cells of the shortage map; statistics, of nobody.
shortage_cell = Table(
    "shortage_cell",
    metadata,
    Column("id", String(200), primary_key=True),
    Column("version", big_integer(), nullable=False),
    Column("stars", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("as_of", Date, nullable=False),
)
# Who is recused from which firm for an interest, and by which version of what was told.
recusal = Table(
    "recusal",
    metadata,
    Column("firm_id", String(64), primary_key=True),
    Column("version", big_integer(), nullable=False),
)
recused = Table(
    "recused",
    metadata,
    Column("subject", String(128), nullable=False),
    Column("firm_id", String(64), nullable=False),
    PrimaryKeyConstraint("subject", "firm_id"),
    Index("ix_recused_firm", "firm_id"),
)
# Pairs put forward. One of a pair is live at a time. `parts`: the contributions when it was put forward.
proposal = Table(
    "proposal",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("anchor", String(160), nullable=False),
    Column("candidate", String(160), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(24)),
    Column("proposer", String(200), nullable=False),
    Column("log_odds", Real, nullable=False),
    Column("probability", Real, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("parts", Json, nullable=False),
    Column("features", Json, nullable=False),
    Column("model", String(128), nullable=False),
    Column("viewed", Boolean, nullable=False),
    Column("feedback_id", String(64), nullable=False),
    Column("origin", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Column("shown_rank", Integer),
    Column("shown_page", Integer),
    Column("calibrated", Boolean),
    Index("ix_proposal_anchor", "anchor"),
    Index("ix_proposal_candidate", "candidate"),
    Index("ix_proposal_created", "created_at", "id"),
    Index(
        "ux_proposal_live",
        "kind",
        "anchor",
        "candidate",
        unique=True,
        sqlite_where=text("state IN ('PROPOSED', 'VIEWED', 'ACCEPTED', 'CONTACTED')"),
        postgresql_where=text("state IN ('PROPOSED', 'VIEWED', 'ACCEPTED', 'CONTACTED')"),
    ),
)
proposal_step = Table(
    "proposal_step",
    metadata,
    Column("proposal_id", String(64), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("actor", String(200), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("reason", String(24)),
    Column("note", Text, nullable=False),
    PrimaryKeyConstraint("proposal_id", "number"),
)
# What is left of a proposal to learn from: nobody is named, and an erasure leaves it.
feedback = Table(
    "feedback",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("features", Json, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(24)),
    Column("city", String(63), nullable=False),
    Column("category", String(63), nullable=False),
    Column("model", String(128), nullable=False),
    Column("on_day", Date, nullable=False),
    Column("shown_rank", Integer),
    Column("shown_page", Integer),
    Index("ix_feedback_kind", "kind"),
)
# Weights learnt from outcomes, with the figures they were judged by. Of a kind and a family of encoders the newest
# adopted ones stand.
weighing = append_only(
    Table(
        "weighing",
        metadata,
        Column("version", String(64), primary_key=True),
        Column("kind", String(32), nullable=False, index=True),
        Column("constant", Real, nullable=False),
        Column("factors", Json, nullable=False),
        Column("figures", Json, nullable=False),
        Column("adopted", Boolean, nullable=False),
        Column("created_at", UtcInstant, nullable=False),
        Column("encoder", String(128)),
        Column("signed_by", String(128)),
        Column("signed_reason", Text),
    )
)
# Runs over all anchors of a kind, and what they found: ids alone, gone with whom they name.
match_run = Table(
    "match_run",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("limit", Integer, nullable=False),
    Column("filter", Text, nullable=False),
    Column("same_industry", Boolean, nullable=False),
    Column("by_city", Boolean, nullable=False, server_default=text("false")),
    Column("cities", Strings, nullable=False),
    Column("creator", String(200), nullable=False),
    Column("model", String(128), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("updated_at", UtcInstant, nullable=False),
    Column("state", EnumName(RunState), nullable=False, index=True),
    Column("anchors", big_integer(), nullable=False),
    Column("done", big_integer(), nullable=False),
    Column("pairs", big_integer(), nullable=False),
    Column("cursor", String(80), nullable=False),
    Column("reason_zh", Text, nullable=False),
    Column("reason_en", Text, nullable=False),
    Index("ix_match_run_created", "created_at", "id"),
)
match_run_pair = Table(
    "match_run_pair",
    metadata,
    Column("run_id", String(64), nullable=False),
    Column("anchor_id", String(64), nullable=False),
    Column("rank", Integer, nullable=False),
    Column("candidate_id", String(64), nullable=False),
    Column("log_odds", Real, nullable=False),
    Column("city", String(63), nullable=False, server_default=text("''")),
    PrimaryKeyConstraint("run_id", "anchor_id", "rank"),
    Index("ix_match_run_pair_candidate", "candidate_id"),
    Index("ix_match_run_pair_anchor", "anchor_id"),
)
