"""Whatever of the talent service can be validated only answers as the call itself would, and writes nothing.

Every change is rehearsed, then made: the rehearsal leaves the tables as they were, and its answer or refusal is the
same but for what is made up anew (ids, times). In the end every RPC with the field must have had its turn.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import uuid4

import pytest
from google.protobuf.field_mask_pb2 import FieldMask
from google.type.date_pb2 import Date
from google.type.money_pb2 import Money
from sqlalchemy import func, select

from bole.talent.v1 import consent_service_pb2
from services.chassis.storage.db import open_engine
from services.talent.store.schema.registry import metadata
from tests.contract.installation import Installation
from tests.contract.talent.files import csv_of, upload
from tests.contract.talent.files import position as posted
from tests.contract.talent.nominating import MET
from tests.contract.talent.people import person
from tests.contract.talent.rehearsal import METHODS, Desk, known
from tests.contract.talent.test_evidence import record as evidence
from tests.contract.talent.test_flows import move, place
from tests.contract.talent.test_positions import position
from tests.contract.talent.test_releases import quarter
from tests.contract.talent.test_teams import team

JUNE = Date(year=2026, month=6, day=20)


@pytest.fixture
def desk(talent: Installation) -> Iterator[Desk]:
    engine = open_engine(talent.settings.database_url("talent"))
    with ExitStack() as opened:
        yield Desk(talent, engine, opened)
    engine.dispose()


def people(desk: Desk) -> None:
    desk.refused("CreatePerson", person=person(city_code="suzou"))
    made = desk.do("CreatePerson", person=person())
    wanted, mask = {**known(made), "employer": "另一单位"}, FieldMask(paths=["employer"])
    stale = {"name": made.name, "etag": '"v9"'}
    desk.refused("UpdatePerson", person={**wanted, **stale}, update_mask=mask)
    made = desk.do("UpdatePerson", person=wanted, update_mask=mask)
    said = {"update_mask": mask, "source": "self", "observed_date": JUNE}
    desk.refused("AssertPerson", person={**known(made), "employer": "某"}, **{**said, "source": "The Self"})
    made = desk.do("AssertPerson", person={**known(made), "employer": "又一单位"}, **said)
    statement = f"{made.name}/statements/"
    desk.refused("RetractStatement", name=f"{statement}99999", etag=made.etag, reason="误录")
    numbers = select(func.max(metadata.tables["statement"].c.number)).where(
        metadata.tables["statement"].c.record_id == made.name.removeprefix("persons/")
    )
    with desk.engine.connect() as connection:
        last = connection.scalar(numbers)
    made = desk.do("RetractStatement", name=f"{statement}{last}", etag=made.etag, reason="误录")
    desk.refused("ConfirmPerson", **stale)
    made = desk.do("ConfirmPerson", **known(made), document="电话回访")
    consent = {"kind": consent_service_pb2.CONSENT_KIND_WITHDRAWN, "purposes": [1], "document": "电话"}
    desk.refused("RecordConsent", **stale, **consent)
    made = desk.do("RecordConsent", **known(made), **consent)
    desk.refused("WithdrawPerson", **stale, reason="本人要求")
    desk.do("WithdrawPerson", **known(made), reason="本人要求")
    desk.refused("ErasePerson", name="persons/nobody", reason="本人要求")
    erase = {"account": "tester", "act": "PERSON_ACT_ERASE", "reason": "重复"}
    desk.refused("ApproveAct", "tester", **{**erase, "account": "second"}, person=made.name)
    other = desk.do("CreatePerson", person=person())
    desk.refused("ErasePerson", name=other.name, reason="重复")
    desk.refused("ApproveAct", "tester", **erase, person=other.name)
    asked = {"act": "PERSON_ACT_ERASE", "reason": "重复", "person": other.name}
    desk.refused("CreateActApplication", **{**asked, "reason": ""})
    application = desk.do("CreateActApplication", **asked)
    answer = {"name": application.name, "verdict": "ACT_VERDICT_APPROVE", "reason": "已核对"}
    desk.refused("AnswerActApplication", **answer)
    desk.do("AnswerActApplication", "second", **{**answer, "verdict": "ACT_VERDICT_REFUSE"})
    desk.do("ApproveAct", "second", **erase, person=other.name)
    desk.do("ErasePerson", name=other.name, reason="重复")
    desk.refused("ErasePerson", name=made.name, reason="本人要求")
    desk.do("ErasePerson", "second", name=made.name, reason="本人要求")


def pairs(desk: Desk) -> None:
    name, employer = "端木测算", f"演示研究所{uuid4()}"
    left, right = (desk.do("CreatePerson", person=person(display_name=name, employer=employer)) for _ in "12")
    pair = {"left": left.name, "right": right.name}
    desk.refused("JudgeDuplicate", left=left.name, right="persons/nobody", verdict=3, reason="存疑")
    judged = desk.do("JudgeDuplicate", **pair, verdict=3, reason="存疑")
    desk.refused("WithdrawDuplicateJudgement", name="duplicateJudgements/999999")
    desk.do("WithdrawDuplicateJudgement", name=judged.name)
    etags = {"left_etag": left.etag, "right_etag": right.etag}
    desk.refused("MergePersons", **pair, **{**etags, "left_etag": '"v9"'}, reason="同一人")
    merged = desk.do("MergePersons", **pair, **etags, reason="同一人")
    desk.refused("UnmergePersons", judgement=merged.judgement.name, etag='"v9"')
    desk.do("UnmergePersons", judgement=merged.judgement.name, etag=merged.person.etag)
    # Really linking would merge what other tests keep apart.
    assert desk.rehearse("LinkDuplicates", "tester", {"limit": 1})[0] is not None


def teams(desk: Desk) -> None:
    lead = desk.do("CreatePerson", person=person()).name
    desk.refused("CreateTeam", team=team("persons/nobody"))
    made = desk.do("CreateTeam", team=team(lead))
    mask = FieldMask(paths=["display_name"])
    desk.refused("UpdateTeam", team={**known(made), "display_name": ""}, update_mask=mask)
    made = desk.do("UpdateTeam", team={**known(made), "display_name": "新队名"}, update_mask=mask)
    desk.refused("DissolveTeam", name=made.name, etag='"v9"')
    desk.do("DissolveTeam", **known(made))


def positions(desk: Desk) -> None:
    desk.refused("CreatePosition", position=position(headcount=-1))
    made = desk.do("CreatePosition", position=position(headcount=2))
    mask = FieldMask(paths=["headcount"])
    desk.refused("UpdatePosition", position={**known(made), "headcount": -1}, update_mask=mask)
    made = desk.do("UpdatePosition", position={**known(made), "headcount": 3}, update_mask=mask)
    desk.refused("RenewPosition", name=made.name, etag='"v9"')
    made = desk.do("RenewPosition", **known(made))
    outcome = {"kind": "KIND_FILLED_ELSEWHERE"}
    desk.refused("CreatePositionOutcome", parent=made.name, outcome=outcome, etag='"v1"')
    filled = desk.do("CreatePositionOutcome", parent=made.name, outcome=outcome, etag=made.etag)
    now = f'"v{int(made.etag.strip(chr(34))[1:]) + 1}"'
    desk.refused("VoidPositionOutcome", name=filled.name, etag=made.etag, reason="误")
    desk.do("VoidPositionOutcome", name=filled.name, etag=now, reason="误")
    now = f'"v{int(now.strip(chr(34))[1:]) + 1}"'
    desk.refused("ClosePosition", name=made.name, etag='"v1"')
    made = desk.do("ClosePosition", name=made.name, etag=now, outcome="KIND_WITHDRAWN", reason="预算取消")
    desk.refused("ReopenPosition", name=made.name, etag='"v1"', reason="预算恢复")
    desk.do("ReopenPosition", **known(made), reason="预算恢复")


def flows(desk: Desk) -> None:
    desk.refused("CreateTrainingPlace", training_place=place(city_code="outside"))
    made = desk.do("CreateTrainingPlace", training_place=place())
    mask = FieldMask(paths=["place_count"])
    desk.refused("UpdateTrainingPlace", training_place={**known(made), "place_count": -1}, update_mask=mask)
    made = desk.do("UpdateTrainingPlace", training_place={**known(made), "place_count": 9}, update_mask=mask)
    desk.refused("CancelTrainingPlace", name=made.name, etag='"v9"', reason="停招")
    desk.do("CancelTrainingPlace", **known(made), reason="停招")
    desk.refused("CreateMove", move=move(headcount=-1))
    moved = desk.do("CreateMove", move=move())
    desk.refused("VoidMove", name=moved.name, etag='"v9"', reason="误")
    desk.do("VoidMove", **known(moved), reason="误")


def nominations(desk: Desk) -> None:
    nominee = desk.do("CreatePerson", person=person()).name
    stated = {
        "programme_code": "shuangchuang",
        "year": 2026,
        "person": nominee,
        "industry_code": "hydrogen",
        "nominating_unit": "南通市委人才办",
    }
    desk.refused("CreateNomination", "unit", nomination={**stated, "programme_code": "nobel"})
    made = desk.do("CreateNomination", "unit", nomination=stated)
    stale = {"name": made.name, "etag": '"v9"'}
    desk.refused("DeclareConflictOfInterest", "cousin", **stale, note="亲属")
    made = desk.do("DeclareConflictOfInterest", "cousin", **known(made), note="亲属")
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("CheckNominationEligibility", "checker", {"clauses": [MET]}),
        ("ReviewNomination", "reviewer", {"recommends": True, "unit": "东南大学", "note": "方向对口"}),
        ("DecideNomination", "director", {"awards": True, "note": "会议研究同意"}),
        (
            "FundNomination",
            "unit",
            {
                "amount": Money(currency_code="CNY", units=500_000),
                "paid_date": JUNE,
                "document": "〔2026〕12号",
            },
        ),
        ("FollowUpNomination", "unit", {"result": "FOLLOW_UP_RESULT_IN_POST", "observed_date": JUNE}),
    ]
    for name, subject, given in steps:
        desk.refused(name, subject, **stale, **given)
        made = desk.do(name, subject, **known(made), **given)
    other = desk.do(
        "CreateNomination", "unit", nomination={**stated, "year": 2025, "programme_code": "project-333"}
    )
    desk.refused("WithdrawNomination", "unit", name=other.name, etag='"v9"', note="放弃")
    desk.do("WithdrawNomination", "unit", **known(other), note="放弃")
    quota = {"programme_code": "top-talent", "year": 2027, "industry_code": "quantum", "place_count": 1}
    desk.refused("SetNominationQuota", quota={**quota, "industry_code": "alchemy"})
    desk.do("SetNominationQuota", quota=quota)


def evidences(desk: Desk) -> None:
    desk.refused("CreateEvidenceRecord", "ann", evidence_record=evidence(city_code="atlantis"))
    made = desk.do("CreateEvidenceRecord", "ann", evidence_record=evidence())
    mask = FieldMask(paths=["title"])
    desk.refused(
        "UpdateEvidenceRecord", "ann", evidence_record={**known(made), "title": ""}, update_mask=mask
    )
    made = desk.do(
        "UpdateEvidenceRecord", "ann", evidence_record={**known(made), "title": "改名"}, update_mask=mask
    )
    desk.refused("ConfirmEvidenceRecord", "ann", **known(made))
    made = desk.do("ConfirmEvidenceRecord", "bo", **known(made))
    desk.refused("DeleteEvidenceRecord", "ann", **known(made))
    desk.refused("VoidEvidenceRecord", "ann", **known(made))
    desk.do("VoidEvidenceRecord", "ann", **known(made), reason="重复登记")
    made = desk.do("CreateEvidenceRecord", "ann", evidence_record=evidence())
    desk.do("DeleteEvidenceRecord", "ann", **known(made))


def statistics(desk: Desk) -> None:
    grid = {"rows": 1, "columns": 3}
    desk.refused("AllocateRecruitment", **grid, means={"recruits": -1})
    plan = desk.rehearse("AllocateRecruitment", "tester", {**grid, "means": {"recruits": 3}})[0]
    assert not plan.name
    desk.refused("PublishShortageForecast", **grid, quarters_ahead=9)
    desk.refused("PublishShortageForecast", **grid)
    watch = {"scope": {"city_code": "nantong"}, "stars": 4}
    desk.refused("CreateShortageWatch", watch={**watch, "stars": 9})
    watched = desk.do("CreateShortageWatch", watch=watch)
    desk.refused("DeleteShortageWatch", name="shortageWatches/none")
    desk.do("DeleteShortageWatch", name=watched.name)
    release = {"quarter": quarter(9), "edition": 1}
    desk.refused("CreateShortageRelease", "ann", **{**release, "quarter": "2026Q5"})
    made = desk.do("CreateShortageRelease", "ann", **release)
    desk.refused("CheckShortageRelease", "ann", **known(made))
    made = desk.do("CheckShortageRelease", "bo", **known(made))
    desk.refused("SignShortageRelease", "cai", name=made.name, etag='"v1"')
    assert desk.rehearse("SignShortageRelease", "cai", known(made))[0] is not None
    desk.refused("RejectShortageRelease", "cai", **known(made))
    desk.do("RejectShortageRelease", "cai", **known(made), reason="数据待核")


def reports(desk: Desk) -> None:
    release = {"quarter": quarter(10), "edition": 1}
    report = {"period": quarter(10), "edition": 1}
    desk.refused("CreateReport", "ann", **report)
    made = desk.do("CreateShortageRelease", "ann", **release)
    made = desk.do("CheckShortageRelease", "bo", **known(made))
    desk.do("SignShortageRelease", "cai", **known(made))
    made = desk.do("CreateReport", "ann", **report)
    desk.refused("CreateReport", "ann", **report)
    desk.refused("CheckReport", "ann", **known(made))
    made = desk.do("CheckReport", "bo", **known(made))
    desk.refused("SignReport", "cai", name=made.name, etag='"v1"')
    assert desk.rehearse("SignReport", "cai", known(made))[0] is not None
    desk.refused("RejectReport", "cai", **known(made))
    desk.do("RejectReport", "cai", **known(made), reason="重编")


def imports(desk: Desk) -> None:
    report = upload(desk.channel("tester"), csv_of(posted(f"J-{uuid4()}")), filename="positions.csv")
    desk.refused("UndoImport", name="imports/none")
    undone, _ = desk.rehearse("UndoImport", "tester", {"name": report.import_name})
    assert undone.removed_count == 1


def test_what_is_only_validated_answers_alike_and_writes_nothing(desk: Desk) -> None:
    for part in (
        people,
        pairs,
        teams,
        positions,
        flows,
        nominations,
        evidences,
        statistics,
        reports,
        imports,
    ):
        part(desk)
    assert METHODS.keys() - desk.seen == {"PublishShortageForecast"}, "no history to forecast from"
