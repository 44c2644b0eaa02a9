"""`bole nomination …`: nominations, their steps, and quotas beside the shortage."""

from typing import Any
from uuid import uuid4

import grpc

from bole.talent.v1 import nomination_pb2, nomination_service_pb2_grpc
from bole.talent.v1 import nomination_service_pb2 as service
from services.chassis.rpc.wire import date_from_wire
from services.cli.answers import wording
from services.cli.answers.amounts import amount
from services.cli.answers.columns import Column, number
from services.cli.session import Session
from services.cli.talent import people, teams
from services.kernel.text import Language, Text, counted
from services.wording import library

TIMEOUT_SECONDS = 30.0
_COLUMNS = (
    Column("programme", Text("人才工程", "programme"), wraps=True),
    Column("year", Text("年度", "year"), right=True),
    Column("called", Text("申报对象", "nominee"), wraps=True),
    Column("city", Text("城市", "city")),
    Column("industry", Text("产业", "industry"), wraps=True),
    Column("unit", Text("申报单位", "unit"), wraps=True),
    Column("state", Text("状态", "state")),
    Column("id", Text("编号", "resource"), whole=True),
)
_STEP_COLUMNS = (
    Column("number", Text("序号", "no."), right=True),
    Column("kind", Text("步骤", "step")),
    Column("state", Text("之后", "then")),
    Column("author", Text("经办", "by")),
    Column("time", Text("时间", "time")),
    Column("said", Text("内容", "what was said"), wraps=True),
)
_QUOTA_COLUMNS = (
    Column("industry", Text("产业", "industry"), wraps=True),
    Column("places", Text("名额", "places"), right=True),
    Column("awarded", Text("已入选", "awarded"), right=True),
    Column("left", Text("剩余", "left"), right=True),
    Column("index", Text("紧缺指数", "shortage index"), right=True, show=number(0)),
    Column("stars", Text("星级", "stars"), show=wording.stars),
    Column("band", Text("说明", "note"), wraps=True),
)


def stub(session: Session) -> nomination_service_pb2_grpc.NominationServiceStub:
    """The nominations."""
    return nomination_service_pb2_grpc.NominationServiceStub(session.channel("talent"))


def get(session: Session, name: str) -> nomination_pb2.Nomination:
    """One nomination."""
    return stub(session).GetNomination(service.GetNominationRequest(name=name), timeout=TIMEOUT_SECONDS)


def show(session: Session, filter_: str, order_by: str, limit: int) -> None:
    """Nominations by filter."""
    request = service.ListNominationsRequest(filter=filter_, order_by=order_by, page_size=limit)
    found = stub(session).ListNominations(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "programme": programme(each.programme_code, session.language),
            "year": each.year,
            "called": _called(session, each),
            "nominee": each.person or each.team,
            "city": wording.city(each.city_code, session.language),
            "industry": wording.industry(each.industry_code, session.language),
            "unit": each.nominating_unit,
            "state": state(each.state, session.language),
            "id": each.name,
            "origin": wording.origin(each.origin),
        }
        for each in found.nominations
    ]
    title = Text(f"申报 {found.total_size} 项", counted(found.total_size, "nomination"))
    session.output.rows(title, _COLUMNS, rows)


def _called(session: Session, nomination: nomination_pb2.Nomination) -> str:
    """The name of who is nominated, or else the record."""
    if nomination.person:
        return people.name_of(session, nomination.person) or nomination.person
    try:
        return teams.get(session, nomination.team).display_name
    except grpc.RpcError:
        return nomination.team


def show_steps(session: Session, name: str) -> None:
    """Every step, and what it says as far as it may be seen."""
    request = service.ListNominationStepsRequest(parent=name)
    found = stub(session).ListNominationSteps(request, timeout=TIMEOUT_SECONDS)
    rows = [_step(each, session.language) for each in found.steps]
    session.output.rows(Text(f"{name} 的全过程", f"steps of {name}"), _STEP_COLUMNS, rows)


def nominate(
    session: Session, nominee: str, code: str, year: int, industry: str, unit: str, reason: str
) -> None:
    """Nominate a person or a team."""
    team = nominee.startswith("teams/")
    given = nomination_pb2.Nomination(
        programme_code=_code(code),
        year=year,
        person="" if team else nominee,
        team=nominee if team else "",
        industry_code=wording.catalogue().resolve_industry(industry, "--industry"),
        nominating_unit=unit,
        reason=reason,
    )
    request = service.CreateNominationRequest(nomination=given, request_id=str(uuid4()))
    made = stub(session).CreateNomination(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"已申报 {made.name}", f"nominated: {made.name}"))


def show_quotas(session: Session, code: str, year: int) -> None:
    """Places, awards and shortage by industry; then which awards exclude each other."""
    request = service.ListNominationQuotasRequest(programme_code=_code(code), year=year)
    found = stub(session).ListNominationQuotas(request, timeout=TIMEOUT_SECONDS)
    rows = [
        {
            "industry": wording.industry(each.industry_code, session.language),
            "places": each.place_count or None,
            "awarded": each.awarded_count,
            "left": each.place_count - each.awarded_count if each.place_count else None,
            "index": each.shortage.index if each.shortage.HasField("index") else None,
            "stars": each.shortage.stars or None,
            "band": wording.say(each.shortage.band, session.language)
            if each.shortage.HasField("band")
            else "",
        }
        for each in found.quotas
    ]
    named = programme(_code(code), session.language)
    session.output.rows(Text(f"{named} {year} 年度名额", f"quotas of {named}, {year}"), _QUOTA_COLUMNS, rows)
    session.output.note(wording.say(found.rule, session.language))


def set_quota(session: Session, code: str, year: int, industry: str, places: int) -> None:
    """Set a quota; 0 takes it away."""
    quota = service.NominationQuota(
        programme_code=_code(code),
        year=year,
        industry_code=wording.catalogue().resolve_industry(industry, "--industry"),
        place_count=places,
    )
    request = service.SetNominationQuotaRequest(quota=quota, request_id=str(uuid4()))
    stub(session).SetNominationQuota(request, timeout=TIMEOUT_SECONDS)
    session.output.say(Text(f"名额已设为 {places or '不限'}", f"places: {places or 'no limit'}"))


def programme(code: str, language: Language) -> str:
    """Name of a programme; the code itself if it is unknown."""
    found = next((each for each in wording.catalogue().programmes if each.id == code), None)
    return code if found is None else found.name.to(language)


def state(value: int, language: Language) -> str:
    """Name of a state."""
    name = nomination_pb2.Nomination.State.Name(value).removeprefix("STATE_")
    return library.NOMINATION_STATES[name].to(language)


def _code(text: str) -> str:
    return wording.catalogue().resolve_programme(text, "--programme")


def _step(step: nomination_pb2.NominationStep, language: Language) -> dict[str, Any]:
    kind = nomination_pb2.NominationStep.Kind.Name(step.kind).removeprefix("KIND_")
    clauses = [f"{each.clause} {'✓' if each.met else '✗'} {each.note}".strip() for each in step.clauses]
    paid = [amount(step.amount, language)] if step.HasField("amount") else []
    vote = [("✓" if step.approves else "✗")] if step.HasField("approves") else []
    said = [*vote, *clauses, *paid, *_found(step, language), step.note, step.document, step.unit]
    return {
        "number": step.number,
        "kind": library.NOMINATION_STEPS[kind].to(language),
        "state": state(step.after, language),
        "author": step.author,
        "time": wording.minute(step.time),
        "said": "；".join(part for part in said if part),
    }


def _found(step: nomination_pb2.NominationStep, language: Language) -> list[str]:
    """What became of the nominee, and when something was paid or found."""
    result = nomination_pb2.FollowUpResult.Name(step.result).removeprefix("FOLLOW_UP_RESULT_")
    known = [library.FOLLOW_UP_RESULTS[result].to(language)] if result in library.FOLLOW_UP_RESULTS else []
    return [*known, date_from_wire(step.date).isoformat()] if step.HasField("date") else known
