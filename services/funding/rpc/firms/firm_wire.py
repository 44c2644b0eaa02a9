"""Firms and their figures between contract and domain."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bole.funding.v1 import firm_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire
from services.funding.domain.firm.firm import Firm, FirmFacts
from services.funding.domain.firm.monthly import MonthFigures
from services.funding.domain.firm.snapshot import FirmSnapshot
from services.funding.domain.firm.snapshots import SnapshotRecord
from services.funding.domain.firm.stages import Stage
from services.funding.events import origin_to_wire, shares_to_wire
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.kernel.errors import BoleError

_KNOWN = {
    "staff_count": "staff",
    "rd_staff_count": "rd_staff",
    "bachelor_staff_count": "bachelor_staff",
    "invention_count": "inventions",
    "pct_count": "pct",
    "utility_model_count": "utility",
    "software_count": "software",
    "external_round_count": "external_rounds",
    "technology_readiness_level": "trl",
    "abnormal": "abnormal",
    "restricted": "restricted",
    "core_project": "core_project",
}
_AMOUNTS = ("assets", "net_assets", "revenue", "cost", "rd_cost")
_MONTH = ("opening_staff", "closing_staff", "opening_assets_fen", "closing_assets_fen")


@contextmanager
def in_words_of_the_request(message: str) -> Iterator[None]:
    """Name violations as a request does whose figures are in `message` (`firm.` or nothing)."""
    try:
        yield
    except BoleError as error:
        fields = {**{name: message + field for name, field in _FIRM.items()}, **_figure_fields(message)}
        if any(violation.field in fields for violation in error.violations):
            raise error.renamed(fields) from None
        raise


_FIRM = {
    "uscc": "uscc",
    "name": "display_name",
    "city": "city_code",
    "direction_shares": "direction_shares",
    "founded": "founded_date",
    "technology": "technology",
    "product": "product",
    "sought_fen": "sought_amount",
}


def _figure_fields(message: str) -> dict[str, str]:
    names = {"as_of": "as_of_date", "verified": "verified", "months": "months", "source": "source"}
    names |= {name: field for field, name in _KNOWN.items()}
    plain = {name: f"{message}snapshot.{name}" for name in _AMOUNTS}
    names |= {f"{name}_fen": name for name in _AMOUNTS}
    names |= {f"months.{name}": "months" for name in _MONTH}
    return plain | {f"snapshot.{name}": f"{message}snapshot.{field}" for name, field in names.items()}


def firm_to_wire(firm: Firm) -> firm_pb2.Firm:
    """The whole record."""
    return firm_pb2.Firm(
        name=f"firms/{firm.id}",
        etag=etag_of(firm.version),
        state=f"STATE_{firm.status.name}",
        uscc=firm.uscc,
        display_name=firm.name,
        city_code=firm.city,
        direction_shares=shares_to_wire(firm.direction_shares),
        founded_date=date_to_wire(firm.founded) if firm.founded else None,
        stage=f"FIRM_STAGE_{firm.stage.name}" if firm.stage else None,
        technology=firm.technology,
        product=firm.product,
        snapshot=figures_to_wire(firm.snapshot) if firm.snapshot else None,
        origin=origin_to_wire(firm.origin),
        create_time=instant_to_wire(firm.created_at),
        update_time=instant_to_wire(firm.updated_at),
        merged_into=f"firms/{firm.merged_into}" if firm.merged_into else "",
        sought_amount=yuan(firm.sought_fen),
    )


def figures_to_wire(figures: FirmSnapshot) -> firm_pb2.FirmSnapshot:
    """The figures of one day."""
    known = {field: getattr(figures, name) for field, name in _KNOWN.items()}
    amounts = {name: yuan(getattr(figures, f"{name}_fen")) for name in _AMOUNTS}
    return firm_pb2.FirmSnapshot(
        as_of_date=date_to_wire(figures.as_of),
        verified=figures.verified,
        months=[_month_to_wire(each) for each in figures.months],
        **known,
        **amounts,
    )


def record_to_wire(record: SnapshotRecord) -> firm_pb2.FirmSnapshot:
    """Figures with their place on record."""
    message = figures_to_wire(record.figures)
    if record.retracts is not None:
        message = firm_pb2.FirmSnapshot(
            as_of_date=message.as_of_date,
            retracted_name=f"firms/{record.firm_id}/snapshots/{record.retracts}",
        )
    message.name = f"firms/{record.firm_id}/snapshots/{record.number}"
    message.source, message.recorder = record.source, record.recorded_by
    message.record_time.CopyFrom(instant_to_wire(record.recorded_at))
    return message


def firm_facts(firm: firm_pb2.Firm) -> FirmFacts:
    """What a request states about a firm. Raises InvalidArgument for an amount in another currency."""
    return FirmFacts(
        name=firm.display_name,
        city=firm.city_code,
        direction_shares=tuple((share.code, share.permille) for share in firm.direction_shares),
        stage=Stage[firm_pb2.FirmStage.Name(firm.stage).removeprefix("FIRM_STAGE_")] if firm.stage else None,
        founded=date_from_wire(firm.founded_date) if firm.HasField("founded_date") else None,
        technology=firm.technology,
        product=firm.product,
        snapshot=figures_of(firm.snapshot, "firm.snapshot.") if firm.HasField("snapshot") else None,
        sought_fen=fen_of(firm, "sought_amount", "firm."),
    )


def figures_of(snapshot: firm_pb2.FirmSnapshot, path: str) -> FirmSnapshot:
    """What a request states about one day. Raises InvalidArgument for an amount in another currency."""
    known: dict[str, Any] = {
        name: getattr(snapshot, field) for field, name in _KNOWN.items() if snapshot.HasField(field)
    }
    for name in _AMOUNTS:
        known[f"{name}_fen"] = fen_of(snapshot, name, path)
    months = (_month(each, f"{path}months[{at}].") for at, each in enumerate(snapshot.months))
    return FirmSnapshot(
        as_of=date_from_wire(snapshot.as_of_date),
        verified=snapshot.verified,
        months=tuple(sorted(months, key=lambda each: each.month)),
        **known,
    )


def _month_to_wire(figures: MonthFigures) -> firm_pb2.MonthFigures:
    return firm_pb2.MonthFigures(
        month_date=date_to_wire(figures.month),
        opening_staff_count=figures.opening_staff,
        closing_staff_count=figures.closing_staff,
        opening_assets=yuan(figures.opening_assets_fen),
        closing_assets=yuan(figures.closing_assets_fen),
    )


def _month(message: firm_pb2.MonthFigures, path: str) -> MonthFigures:
    return MonthFigures(
        month=date_from_wire(message.month_date),
        opening_staff=message.opening_staff_count if message.HasField("opening_staff_count") else None,
        closing_staff=message.closing_staff_count if message.HasField("closing_staff_count") else None,
        opening_assets_fen=fen_of(message, "opening_assets", path),
        closing_assets_fen=fen_of(message, "closing_assets", path),
    )
