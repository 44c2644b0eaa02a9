"""Between the contract of rights, pledges and loans and their domain."""

from collections.abc import Collection
from datetime import datetime

from bole.funding.v1 import intellectual_property_pb2 as wire
from bole.funding.v1 import loan_pb2
from services.chassis.rpc.wire import date_from_wire, date_to_wire, etag_of, instant_to_wire, text_to_wire
from services.funding.domain.property.loan import CreditCheck, FirstLoanRecord, Loan, Security
from services.funding.domain.property.pledge import Pledge, PledgeState
from services.funding.domain.property.right import IpRight, Ownership, RightKind
from services.funding.rpc.funds.amounts import fen_of, yuan
from services.funding.service.funds.lending import FinancingStatus
from services.kernel.errors import InvalidArgument

RIGHT_KINDS = {wire.IpRight.Kind.Value(f"KIND_{each.name}"): each for each in RightKind}
OWNERSHIPS = {wire.IpRight.Ownership.Value(f"OWNERSHIP_{each.name}"): each for each in Ownership}
SECURITIES = {loan_pb2.Loan.Security.Value(f"SECURITY_{each.name}"): each for each in Security}


def child_of_firm(name: str, collection: str, field: str) -> tuple[str, str]:
    """The firm's id and the child's of `firms/{firm}/{collection}/{id}`. Raises InvalidArgument (INVALID_NAME)."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != "firms" or parts[2] != collection or not parts[1] or not parts[3]:
        form = f"firms/{{firm}}/{collection}/{{id}}"
        raise InvalidArgument.field(field, "INVALID_NAME", f"名称应写成 {form}", f"the name must read {form}")
    return parts[1], parts[3]


def right_to_wire(right: IpRight) -> wire.IpRight:
    """The whole record."""
    return wire.IpRight(
        name=f"firms/{right.firm_id}/ipRights/{right.id}",
        etag=etag_of(right.version),
        state="STATE_LAPSED" if right.lapse_reason else "STATE_VALID",
        kind=f"KIND_{right.kind.name}",
        number=right.number,
        title=right.title,
        grant_date=date_to_wire(right.granted),
        expire_date=date_to_wire(right.expires),
        document=right.document,
        pledged_ranks=right.pledged_ranks,
        lapse_reason=right.lapse_reason,
        ownership=f"OWNERSHIP_{right.ownership.name}" if right.ownership else None,
        ownership_document=right.ownership_document,
        create_time=instant_to_wire(right.at),
    )


def right_of(given: wire.IpRight, *, id: str, firm_id: str, actor: str, at: datetime) -> IpRight:
    """What a request states of a right."""
    return IpRight(
        id=id,
        firm_id=firm_id,
        kind=RIGHT_KINDS[given.kind],
        number=given.number,
        title=given.title,
        granted=date_from_wire(given.grant_date),
        expires=date_from_wire(given.expire_date),
        document=given.document,
        ownership=OWNERSHIPS.get(given.ownership),
        ownership_document=given.ownership_document,
        actor=actor,
        at=at,
    )


def pledge_to_wire(pledge: Pledge) -> wire.Pledge:
    """The whole record; its history must be loaded."""
    return wire.Pledge(
        name=f"firms/{pledge.firm_id}/pledges/{pledge.id}",
        etag=etag_of(pledge.version),
        state=f"STATE_{pledge.state.name}",
        ip_rights=[f"firms/{pledge.firm_id}/ipRights/{id_}" for id_ in pledge.right_ids],
        rank=pledge.rank,
        pledgee=pledge.pledgee,
        secured=yuan(pledge.secured_fen),
        valuation=yuan(pledge.valuation_fen),
        valuation_basis=pledge.valuation_basis,
        start_date=date_to_wire(pledge.starts),
        end_date=date_to_wire(pledge.ends),
        registration_number=pledge.registration,
        steps=[
            wire.PledgeStep(
                sequence=each.sequence,
                to_state=f"STATE_{each.target.name}",
                effective_date=date_to_wire(each.effective),
                document=each.document,
                actor=each.actor,
                step_time=instant_to_wire(each.at),
            )
            for each in pledge.steps
        ],
        create_time=instant_to_wire(pledge.created_at),
    )


def pledge_of(given: wire.Pledge, *, id: str, firm_id: str, at: datetime) -> Pledge:
    """What a request states of a new pledge. Raises InvalidArgument for a right of another firm, or a currency."""
    rights = []
    for place, name in enumerate(given.ip_rights):
        field = f"pledge.ip_rights[{place}]"
        owner, right = child_of_firm(name, "ipRights", field)
        if owner != firm_id:
            raise InvalidArgument.field(
                field,
                "RIGHT_OF_ANOTHER_FIRM",
                "只能质押本企业的权利",
                "only rights of the same firm can be pledged",
            )
        rights.append(right)
    return Pledge(
        id=id,
        firm_id=firm_id,
        state=PledgeState.DRAFT,
        right_ids=tuple(rights),
        rank=given.rank,
        pledgee=given.pledgee,
        secured_fen=fen_of(given, "secured", "pledge.") or 0,
        valuation_fen=fen_of(given, "valuation", "pledge."),
        valuation_basis=given.valuation_basis,
        starts=date_from_wire(given.start_date),
        ends=date_from_wire(given.end_date),
        registration="",
        version=1,
        created_at=at,
    )


def loan_to_wire(loan: Loan, first: str | None) -> loan_pb2.Loan:
    """The loan; `first`: the id of the loan that counts as the firm's first."""
    return loan_pb2.Loan(
        name=f"firms/{loan.firm_id}/loans/{loan.id}",
        lender=loan.lender,
        amount=yuan(loan.fen),
        disburse_date=date_to_wire(loan.disbursed),
        due_date=date_to_wire(loan.due),
        security=f"SECURITY_{loan.security.name}",
        pledge=f"firms/{loan.firm_id}/pledges/{loan.pledge_id}" if loan.pledge_id else "",
        document=loan.document,
        first_loan=loan.id == first,
        create_time=instant_to_wire(loan.at),
    )


def loan_of(given: loan_pb2.Loan, *, id: str, firm_id: str, actor: str, at: datetime) -> Loan:
    """What a request states of a loan. Raises InvalidArgument for a name or an amount in another currency."""
    return Loan(
        id=id,
        firm_id=firm_id,
        lender=given.lender,
        fen=fen_of(given, "amount", "loan.") or 0,
        disbursed=date_from_wire(given.disburse_date),
        due=date_from_wire(given.due_date),
        security=SECURITIES[given.security],
        pledge_id=child_of_firm(given.pledge, "pledges", "loan.pledge")[1] if given.pledge else None,
        document=given.document,
        actor=actor,
        at=at,
    )


def check_to_wire(check: CreditCheck) -> loan_pb2.CreditCheck:
    """A look at the credit record."""
    return loan_pb2.CreditCheck(
        as_of_date=date_to_wire(check.as_of),
        consent_document=check.consent,
        source=check.source,
        earliest_loan_date=date_to_wire(check.earliest) if check.earliest else None,
        create_time=instant_to_wire(check.at),
    )


def first_to_wire(record: FirstLoanRecord) -> loan_pb2.FirstLoanRecord:
    """Which loan counts from when on."""
    return loan_pb2.FirstLoanRecord(
        sequence=record.sequence,
        loan=f"firms/{record.firm_id}/loans/{record.loan_id}" if record.loan_id else "",
        reason=text_to_wire(record.reason),
        actor=record.actor,
        record_time=instant_to_wire(record.at),
    )


def status_to_wire(status: FinancingStatus) -> loan_pb2.FinancingStatus:
    """What a firm could pledge, and whether a loan would be its first."""
    return loan_pb2.FinancingStatus(
        name=f"firms/{status.firm_id}/financingStatus",
        as_of_date=date_to_wire(status.as_of),
        free_rights=_rights(status.free),
        pledged_rights=_rights(status.pledged),
        live_pledges=[pledge_to_wire(each) for each in status.live],
        first_loan=f"FIRST_LOAN_{status.first.name}",
        first_loan_text=text_to_wire(status.first_text),
        suggestions=[text_to_wire(each) for each in status.suggestions],
    )


def _rights(rights: Collection[IpRight]) -> list[wire.IpRight]:
    return [right_to_wire(each) for each in rights]
