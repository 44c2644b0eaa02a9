"""Where the database says anything about a person, and what erasure does there: one place for all tables.

Every table has an entry, and an entry that keeps rows accounts for each of its columns; a test compares this
with the tables, so that a new table or column without a rule fails the build. To add one, ask of each row whether
it is about one person. If it is, `Deleted` names the columns that hold the person's or the record's id. If the
row stays, as a count or as proof, `Kept` sorts its columns:

- `clear`: says nothing of who a person is. Ids are here: they lead nowhere once the person is gone.
- `sealed`: bytes under the key of the record, which erasure destroys.
- `emptied`: what the column is set to where `of` holds the id; `of` itself is among them if it is to go.
- `elsewhere`: taken out by a use case, which has more to do than that.

A table of counts by cell and the like is `Impersonal`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from services.chassis.storage.chunks import chunks
from services.chassis.storage.db import scrub_after
from services.talent.store.schema.registry import metadata


@dataclass(frozen=True)
class Deleted:
    """Rows that are gone: those with the id in one of these columns."""

    columns: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """Rows that stay. Names of columns are separated by blanks."""

    clear: str = ""
    sealed: str = ""
    elsewhere: str = ""
    of: str = ""
    emptied: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """All columns that are accounted for."""
        listed = " ".join((self.clear, self.sealed, self.elsewhere)).split()
        return frozenset([*listed, *self.emptied])


@dataclass(frozen=True)
class Impersonal:
    """A table of which no row and no column can be about one person, and what it is about."""

    about: str


_DIRECTIONS = "code is_industry"

PLACES: Mapping[str, Deleted | Kept | Impersonal] = {
    # People
    "person": Deleted(("id",)),
    "person_direction": Deleted(("person_id",)),
    "person_text": Deleted(("person_id",)),
    "person_key": Deleted(("person_id",)),
    "record_link": Deleted(("person_id", "record_id")),
    "statement": Kept(
        clear="number record_id source confidence observed valid_from valid_to entered_by recorded_at batch",
        sealed="sealed",
    ),
    "statement_retraction": Kept(clear="number retracted_at retracted_by", sealed="sealed"),
    "consent_entry": Kept(
        clear="number record_id kind purposes basis effective_at entered_by recorded_at batch annuls",
        sealed="sealed",
    ),
    # Duplicates: what was found, decided and kept about the records goes with them
    "duplicate_block": Deleted(("person_id",)),
    "duplicate_team": Deleted(("person_id",)),
    "duplicate_suggestion": Deleted(("left", "right")),
    "duplicate_judgement": Deleted(("left", "right")),
    "merged_record": Deleted(("record_id",)),
    # Teams: the use case takes the member out; a team without its lead is dissolved
    "team": Kept(
        clear="id ref name directions city profile needs status origin version created_at updated_at",
        elsewhere="lead members",
    ),
    "team_direction": Kept(clear=f"team_id {_DIRECTIONS}"),
    # Positions: an outcome stays as a count; the use case also forgets the answers that named the person
    "position": Kept(
        clear="id ref title employer employer_code city leaf category headcount filled attributed fills opened "
        "renewed closed requirement status status_reason outcome duplicate_of same_key origin version "
        "created_at updated_at"
    ),
    "position_direction": Kept(clear=f"position_id {_DIRECTIONS}"),
    "position_text": Kept(clear="number position_id personal tokens"),
    "position_outcome": Kept(
        clear="position_id number kind heads day actor recorded_at voided_at skill",
        elsewhere="person_id note void_reason ref",
    ),
    # Versions that come to nothing, by the record that they are of
    "import_taken_back": Deleted(("id",)),
    # What comes and goes: a person's own moves go with the person, and out of the counts by the use case before
    "move": Deleted(("person_id",)),
    "training_place": Kept(
        clear="id ref provider provider_code programme city leaf category places starts completes completion "
        "retention status status_reason origin actor status_by version created_at updated_at"
    ),
    "funded_deal": Kept(clear="id version firm_id origin basis basis_deals heard_at"),
    "funded_firm": Kept(clear="id version gone"),
    "funded_hire": Kept(clear="deal_id number leaf city category starts ends micro counted"),
    # Nominations stay as counts; the use case ends what is open and forgets the answers
    "nomination": Kept(
        clear="id programme year team_id city industry unit state nominated_by steps funded_fen decided origin "
        "version created_at updated_at",
        elsewhere="subject person_id",
    ),
    "nomination_step": Kept(clear="nomination_id number kind before after actor at subject", sealed="sealed"),
    "nomination_quota": Kept(clear="programme year industry places updated_by updated_at"),
    # Evidence stays as a count; the use case also forgets the answers that named the person
    "evidence": Kept(
        clear="id ref kind title type_code city industry approved opened closed document department team_id quantity "
        "remark state entered_by confirmed_by confirmed_at void_reason origin version created_at updated_at",
        of="person_id",
        emptied={"person_id": None},
    ),
    # The shortage map: numbers of cells and of employers
    **dict.fromkeys(
        (
            "closed_quarter",
            "recruitment_plan",
            "recruitment_plan_line",
            "shortage_concentration",
            "shortage_count",
            "shortage_employer",
            "shortage_employer_size",
            "shortage_forecast",
            "shortage_forecast_target",
            "shortage_coverage",
            "shortage_period",
            "shortage_release",
            "shortage_release_content",
            "shortage_release_step",
            "shortage_public",
            "shortage_snapshot",
            "shortage_standing",
            "shortage_state",
            "shortage_told",
            "report",
            "report_content",
            "report_step",
            "statistical_return",
        ),
        Impersonal("cells of the shortage map and what is planned or foreseen for them"),
    ),
    "shortage_watch": Kept(
        clear="id owner node city category stars percent fresh reached reached_at left_at version created_at"
    ),
    # Imports: what is said of a changed person is sealed; of a refused row, the rules it breaks
    "import_batch": Kept(
        clear="id state filename sha256 size mode reason created_by created_at heard_at ended_at processed "
        "sheets encoding warnings undone_by undone_at version"
    ),
    # Exports: the entry stays, the person leaves the list of those in the file
    "export_register": Kept(
        clear="id created_at created_by purpose reason sheet filter columns form rows sha256 size"
    ),
    "export_person": Deleted(("person_id",)),
    # Of what was proposed and done the matcher tells again without the person; until then nothing is known of it here
    "done_proposal": Deleted(("person_id",)),
    # Approvals: who let whom do what stays; of an erased person the id alone
    "act_approval": Kept(
        clear="id account act sheet purpose filter people person batch reason approved_by approved_at"
    ),
    "act_approval_use": Kept(clear="approval_id used_for used_at"),
    "act_application": Kept(clear="id account act sheet purpose filter people person batch reason asked_at"),
    "act_answer": Kept(clear="application_id verdict reason answered_by answered_at approval_id"),
    "import_row": Kept(clear="batch_id sheet row outcome resource_id version", sealed="detail"),
    # What every service has: states are sealed, events (keys among them) go before the tombstones are written,
    # answers are forgotten by the request log, the audit holds ids
    "history": Kept(clear="entity id version changed_at actor", sealed="state"),
    "outbox": Deleted(("aggregateid",)),
    "request_log": Kept(
        clear="subject method request_id fingerprint created_at", elsewhere="resource answer"
    ),
    "audit_entry": Kept(
        clear="sequence at actor roles action resource purpose outcome request_id detail hash"
    ),
    "audit_head": Kept(clear="id sequence hash"),
    "audit_shown": Deleted(("id",)),
    "people_budget": Kept(clear="actor day seen"),
    "people_seen": Deleted(("id",)),
    "feed_offset": Kept(clear="feed topic next_offset attempts updated_at log_id"),
    "log_place": Kept(clear="topic next_offset updated_at log_id"),
    "dead_letter": Kept(
        clear="id feed topic offset key headers recorded_at reason buried_at forwarded_at "
        "replay_requested_at replayed_at",
        sealed="value",
    ),
}


def erase_records(session: Session, record_ids: Sequence[str]) -> None:
    """Do what `PLACES` says for these records: their own rows, and what other rows hold of them."""
    scrub_after(session)
    for name, place in PLACES.items():
        table = metadata.tables[name]
        for ids in chunks(record_ids):
            if isinstance(place, Deleted):
                named = or_(*(table.c[column].in_(ids) for column in place.columns))
                session.execute(delete(table).where(named))
            elif isinstance(place, Kept) and place.emptied:
                session.execute(update(table).where(table.c[place.of].in_(ids)).values(**place.emptied))
