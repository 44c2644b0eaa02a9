"""A person in words: no field name, code or format of the contract is left for the reader."""

import re

from google.protobuf.json_format import MessageToDict
from google.type.date_pb2 import Date

from bole.common.v1 import data_origin_pb2, direction_share_pb2
from bole.talent.v1 import person_pb2
from services.catalogue import load
from services.kernel.text import Language
from services.wording import persons
from services.wording.words import Words

PERSON = person_pb2.Person(
    state=person_pb2.Person.STATE_ACTIVE,
    source_ref="T-7",
    display_name="张三",
    category_code="outstanding-engineer",
    city_code="suzhou",
    mobility_city_codes=["wuxi", "outside"],
    availability=person_pb2.AVAILABILITY_HALF_YEAR,
    direction_shares=[
        direction_share_pb2.DirectionShare(code="sic", permille=600),
        direction_share_pb2.DirectionShare(code="quantum", permille=400),
    ],
    observed_date=Date(year=2026, month=6, day=1),
    purposes=[person_pb2.CONSENT_PURPOSE_STATISTICS, person_pb2.CONSENT_PURPOSE_MATCH_FIRM],
    origin=data_origin_pb2.DATA_ORIGIN_SYNTHETIC,
    other_names=[person_pb2.OtherName(kind=person_pb2.OtherName.KIND_FORMER, text="张叁")],
    affiliations=[
        person_pb2.Affiliation(
            employer="南京大学", job_title="讲师", start_date=Date(year=2015, month=9, day=1)
        ),
        person_pb2.Affiliation(employer="某所", start_date=Date(year=2010), end_date=Date(year=2015)),
    ],
    education=[person_pb2.Education(school="东南大学", degree=person_pb2.Education.DEGREE_DOCTOR, year=2015)],
    work_items=[person_pb2.Work(title="电解槽", kind=person_pb2.Work.KIND_PATENT, year=2023)],
)
PERSON.create_time.FromJsonString("2026-06-01T23:30:00Z")
CODES = re.compile(r"[A-Z]{2,}_|_[a-z]|[{}\[\]]|\bsuzhou\b|\bsic\b|STATE|\dZ\b")


def told(language: Language) -> dict[str, str]:
    given = MessageToDict(PERSON, preserving_proto_field_name=True)
    return {
        persons.field(name, language): persons.value(name, value, Words(load(), language))
        for name, value in given.items()
    }


def test_everything_is_told_in_words_of_the_language() -> None:
    for language in ("zh", "en"):
        for name, value in told(language).items():
            assert not CODES.search(name + value.replace("Suzhou", "")), (name, value)
            assert value


def test_values_are_what_office_staff_write() -> None:
    zh, en = told("zh"), told("en")
    assert zh["到岗意愿"] == "半年内"
    assert zh["可流动城市"] == "无锡、省外"
    assert zh["研究方向"].splitlines()[1] == "量子科技 40%"
    assert zh["记录日期"] == "2026-06-01"
    assert zh["登记时间"] == "2026-06-02 07:30"
    assert zh["任职经历"].splitlines() == ["南京大学 · 讲师 · 2015-09-01–至今", "某所 · 2010–2015"]
    assert zh["教育经历"] == "东南大学 · 博士 · 2015"
    assert zh["同意用途"].splitlines() == ["数据统计", "企业对接"]
    assert en["works in detail"] == "patent · 电解槽 · 2023"
    assert en["other names"] == "张叁 (former)"


def test_every_field_of_a_person_has_a_name() -> None:
    fields = {field.name for field in person_pb2.Person.DESCRIPTOR.fields}
    assert fields - set(persons.FIELDS) == {"name", "etag"}


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert persons.field("teams.members", "zh") == "teams.members"
    seen = ["persons.display_name", "statements.stated.display_name", "persons.works"]
    assert persons.listed(seen, "zh") == "姓名、代表成果"
    assert persons.listed(["steps.clauses.note", "steps.result"], "zh") == "资格条款的依据、跟踪结果"
    assert persons.source("人社厅", "en") == "人社厅"
    assert persons.value("works", [], Words(load(), "zh")) == ""
