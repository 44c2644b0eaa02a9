"""Releases and their cells on the wire."""

from collections.abc import Mapping

from bole.common.v1 import contribution_pb2, data_origin_pb2
from bole.talent.v1 import shortage_release_pb2 as release_pb2
from bole.talent.v1 import shortage_release_service_pb2
from services.chassis.rpc.call import Call
from services.chassis.rpc.wire import date_to_wire, etag_of, instant_to_wire, text_to_wire
from services.kernel.errors import InvalidArgument
from services.kernel.text import Text
from services.talent.domain.disclosure.rules import Edition
from services.talent.domain.release.comparison import Difference
from services.talent.domain.release.content import Row, Symbol
from services.talent.domain.release.lifecycle import Action, Release, Step
from services.talent.domain.shortage.names import LABELS
from services.talent.domain.shortage.table import Address
from services.talent.rpc.options import options
from services.talent.rpc.shortage.shortage_wire import CellWire

COLLECTION = "shortageReleases"
_METHODS: Mapping[Action, str] = {
    Action.CHECK: "CheckShortageRelease",
    Action.SIGN: "SignShortageRelease",
    Action.REJECT: "RejectShortageRelease",
}
_SERVICE = shortage_release_service_pb2.DESCRIPTOR.services_by_name["ShortageReleaseService"]
_SYMBOLS = {
    Symbol.NONE: release_pb2.ReleasedCell.SYMBOL_UNSPECIFIED,
    Symbol.NOT_APPLICABLE: release_pb2.ReleasedCell.SYMBOL_NOT_APPLICABLE,
    Symbol.UNAVAILABLE: release_pb2.ReleasedCell.SYMBOL_UNAVAILABLE,
    Symbol.SUPPRESSED: release_pb2.ReleasedCell.SYMBOL_SUPPRESSED,
}
_EDITIONS = {
    release_pb2.STATISTICS_EDITION_INTERNAL: Edition.INTERNAL,
    release_pb2.STATISTICS_EDITION_PUBLIC: Edition.PUBLIC,
}


def edition_from_wire(edition: release_pb2.StatisticsEdition) -> Edition:
    """The edition. Raises InvalidArgument (EDITION_UNKNOWN)."""
    if edition not in _EDITIONS:
        raise InvalidArgument.field(
            "edition", "EDITION_UNKNOWN", "请选择内部版或公开版", "choose the internal or the public edition"
        )
    return _EDITIONS[edition]


def release_to_wire(release: Release, call: Call) -> release_pb2.ShortageRelease:
    """A release with its steps and with what the caller may do to it next, without its cells."""
    synthetic = release.origin == "SYNTHETIC"
    return release_pb2.ShortageRelease(
        name=f"{COLLECTION}/{release.id}",
        quarter=release.quarter,
        edition=f"STATISTICS_EDITION_{release.edition.name}",
        revision=release.revision,
        state=f"STATE_{release.life.state.name}",
        as_of_date=date_to_wire(release.as_of),
        known_time=instant_to_wire(release.known_at),
        method_version=release.method_version,
        disclosure_version=release.disclosure_version,
        catalogue_version=release.catalogue_version,
        method_note=text_to_wire(release.note),
        content_sha256=release.content_sha256,
        cell_count=release.cells,
        hidden_count=release.hidden,
        previous_release=f"{COLLECTION}/{release.beside}" if release.beside else "",
        origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC if synthetic else data_origin_pb2.DATA_ORIGIN_REAL,
        steps=[_step(each) for each in release.life.steps],
        options=[
            release_pb2.ShortageReleaseOption(
                action=f"ACTION_{action.name}", reason=None if why is None else text_to_wire(why)
            )
            for action, why in options(release.life, _METHODS, _SERVICE, call)
        ],
        etag=etag_of(release.life.version),
    )


def _step(step: Step) -> release_pb2.ShortageReleaseStep:
    return release_pb2.ShortageReleaseStep(
        action=f"ACTION_{step.action.name}",
        actor=step.actor,
        time=instant_to_wire(step.at),
        remark=step.remark,
    )


def row_to_wire(cells: CellWire, row: Row) -> release_pb2.ReleasedCell:
    """A cell as it was printed."""
    return release_pb2.ReleasedCell(
        scope=cells.scope(Address(*row.key)),
        state=f"STATE_{row.state}" if row.state else None,
        symbol=_SYMBOLS[Symbol(row.symbol)],
        open_headcount=row.demand,
        supply=row.supply,
        person_count=row.persons,
        index=row.index,
        low=row.low,
        high=row.high,
        log_odds=row.log_odds,
        deviation=row.sd,
        stars=row.stars,
        watch=row.watch,
        grade=f"GRADE_{row.grade}" if row.grade else None,
        contributions=[
            contribution_pb2.Contribution(name=name, value=value, reason=text_to_wire(LABELS[name]))
            for name, value in row.parts
        ],
        band=text_to_wire(Text(row.band_zh, row.band_en)) if row.band_zh else None,
    )


def difference_to_wire(cells: CellWire, difference: Difference) -> release_pb2.ReleasedCellChange:
    """A cell that differs."""
    before, after = difference.before, difference.after
    return release_pb2.ReleasedCellChange(
        kind=f"KIND_{difference.kind.name}",
        before=None if before is None else row_to_wire(cells, before),
        after=None if after is None else row_to_wire(cells, after),
    )
