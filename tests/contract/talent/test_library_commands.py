"""`bole statement`, `consent`, `team` and `nomination` against a real service."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import pytest
from typer.testing import CliRunner

from bole.talent.v1 import library_service_pb2, library_service_pb2_grpc
from services.chassis.identity.identity import Grant
from services.cli.main import app
from services.cli.session import TOKEN_FILE
from tests.contract.installation import OFFICER, Installation, staff_token
from tests.contract.talent.doubles import crowd
from tests.contract.talent.people import create

Run = Callable[..., str]


@pytest.fixture
def library(talent: Installation) -> Iterator[Any]:
    with talent.channel("talent", OFFICER) as channel:
        yield library_service_pb2_grpc.LibraryServiceStub(channel)


@contextmanager
def signed_in(
    talent: Installation, monkeypatch: pytest.MonkeyPatch, subject: str, *grants: Grant
) -> Iterator[Run]:
    """`bole …` as somebody; returns what it wrote, having ended well."""
    settings = talent.settings
    monkeypatch.setenv("BOLE_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("BOLE_TALENT_ADDRESS", settings.talent_address)
    token = settings.data_dir / TOKEN_FILE
    token.write_text(staff_token(talent, *(grants or (OFFICER,)), subject=subject), encoding="ascii")
    token.chmod(0o600)

    def run(*words: str, ok: bool = True) -> str:
        result = CliRunner().invoke(app, [*words, "--lang", "zh"])
        assert (result.exit_code == 0) is ok, result.output
        return result.output

    yield run
    token.unlink()


def rows(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(text)
    return found


def test_what_is_checked_is_not_done(
    talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create(library)
    with signed_in(talent, monkeypatch, "tester") as bole:
        said = bole("--check", "statement", "add", made.name, "employer=新单位", "--source", "self")
        assert "什么也没有写入" in said
        assert "可用" in bole(
            "--check", "statement", "add", made.name, "salary=1", "--source", "self", ok=False
        )
        assert "什么也没有写入" not in bole("--check", "statement", "list", made.name)
        assert "未发送" in bole("--check", "partner", "add", "演示合作方", ok=False)
    assert library.GetPerson(library_service_pb2.GetPersonRequest(name=made.name)).etag == made.etag


def test_a_second_person_confirms_an_erasure_and_an_export(
    talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, account = create(library).name, f"ann-{uuid4().hex[:6]}"
    erase = ("talent", "erase", name, "--reason", "重复建档", "--yes")
    undone = ("imports/none", "--reason", "年检")
    with signed_in(talent, monkeypatch, account) as bole:
        assert f"bole approval ask erase {name}" in "".join(bole(*erase, ok=False).split("\n"))
        bole("approval", "ask", "erase", name, "--reason", "重复建档")
        large = ("--for", "contact", "--people", "300", "--filter", "city_code = wuxi")
        bole("approval", "ask", "export", "persons", *large, "--reason", "年检")
        bole("approval", "ask", "undo", *undone, ok=False)
    with signed_in(talent, monkeypatch, "second") as bole:
        waiting = {row["what"]: row["name"] for row in rows(bole("approval", "waiting", "-o", "json"))}
        (large_one,) = (each for what, each in waiting.items() if what.endswith("city_code = wuxi"))
        bole("approval", "answer", waiting[f"彻底删除 {name}"], "approve", "--reason", "已核对")
        bole("approval", "answer", large_one, "refuse", "--reason", "范围过大")
        bole("approval", "export", "persons", account, *large, "--reason", "年检")
        bole("approval", "undo", undone[0], account, *undone[1:], ok=False)
        told = rows(bole("approval", "waiting", "--all", "-o", "json"))
        assert {each["state"] for each in told if each["account"] == account} == {"APPROVED", "REFUSED"}
    with signed_in(talent, monkeypatch, account) as bole:
        bole(*erase)
        found = rows(bole("approval", "list", "--account", account, "-o", "json"))
    assert [(each["used"], each["people"]) for each in found] == [("", 300), (name, "")]


def test_statements(talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name = create(library).name
    with signed_in(talent, monkeypatch, "tester") as bole:
        bole("statement", "add", name, "employer=新单位", "--source", "self", "--document", "简历")
        bole("statement", "confirm", name, "--document", "电话")
        listed = rows(
            bole(
                "statement", "list", name, "--field", "employer", "--purpose", "talent-service", "-o", "json"
            )
        )
        assert [each["value"] for each in listed] == ["演示研究所", "新单位"]
        assert [each["withheld"] for each in listed] == [False, False]
        bole("statement", "add", name, "title=", "--source", "self")
        titles = rows(
            bole(
                "statement", "list", name, "--field", "job_title", "--purpose", "talent-service", "-o", "json"
            )
        )
        assert [(each["value"], each["withheld"]) for each in titles][-1] == ("", False)
        assert "（空：收回先前说法）" in bole(
            "statement", "list", name, "--field", "job_title", "--purpose", "talent-service"
        )
        blind = rows(bole("statement", "list", name, "--field", "employer", "-o", "json"))
        assert [each["withheld"] for each in blind] == [True, True]
        assert "（不显示）" in bole("statement", "list", name, "--field", "employer")
        bole("statement", "retract", listed[1]["id"], "--reason", "本人更正")
        assert "已撤销" in bole("statement", "list", name, "--field", "employer")
        assert "可用" in bole("statement", "add", name, "salary=1", "--source", "self", ok=False)


def test_a_person_is_entered_shown_and_changed(
    talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = (
        "姓名=司马青岚",
        "category=卓越工程师",
        "city=苏州",
        "availability=随时",
        "研究方向=海水制氢:0.6;量子科技:0.4",
    )
    with signed_in(talent, monkeypatch, "tester") as bole:
        made = bole(
            "talent", "add", f"C-{uuid4()}", *facts, "employer=青岚研究所", "--purpose", "talent-service"
        )
        name = re.findall(r"persons/\w+", made)[-1]
        twin = ("talent", "add", f"C-{uuid4()}", *facts, "employer=青岚研究所", "--purpose", "talent-service")
        assert "相似记录" in bole(*twin, ok=False)  # nobody answers the question
        assert "已登记" in bole(*twin, "--yes")
        assert "人才类别" in bole("talent", "add", f"C-{uuid4()}", "name=某", "category=匠", ok=False)
        bole("talent", "change", name, "city=省外", "title=总工", "--purpose", "talent-service")
        shown = bole("talent", "show", name, "--purpose", "talent-service")
        for words in ("司马青岚", "省外", "总工", "随时", "海水制氢 60%", "在库"):
            assert words in shown
        assert not re.search(r"display_name|_code|AVAILABILITY|STATE_", shown)
        assert "--purpose" in bole("talent", "show", name)
        unstated = "不按姓名、单位、简介查找"
        assert unstated in bole("talent", "search", "司马青岚")
        assert unstated not in bole("talent", "search", "司马青岚", "--purpose", "talent-service")
        assert unstated not in bole("talent", "search")
        told = {each["field"]: each["value"] for each in rows(bole("talent", "show", name, "-o", "json"))}
        assert told["city_code"] == "outside"
        assert "司马青岚" in bole("statement", "list", name, "--purpose", "talent-service")


def test_a_position_is_published_and_shown(talent: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = (
        "岗位名称=电解槽工程师",
        "employer=演示氢芯",
        "city=南通",
        "direction=海水制氢",
        "人才类别=卓越工程师",
    )
    with signed_in(talent, monkeypatch, "tester") as bole:
        made = bole("position", "publish", f"C-{uuid4()}", *facts, "headcount=3")
        name = re.findall(r"positions/\w+", made)[-1]
        bole("position", "change", name, "需求人数=5")
        bole("position", "refuse", name, "--skill", "低温测控")
        assert "低温测控" in bole("position", "outcomes", name)
        shown = bole("position", "show", name)
        assert "到期日" in shown
        assert "海水制氢" in shown
        assert "不是" in bole("position", "change", name, "headcount=many", ok=False)
        assert "可用" in bole("position", "publish", "C-1", "salary=1", ok=False)


def test_training_places_are_recorded_and_changed(
    talent: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = ("培养单位=演示大学", "city=南通", "direction=海水制氢", "人才类别=卓越工程师", "名额=30")
    when = ("starts=2026-09-01", "completes=2027-06-30", "完成率=90%", "留存率=0.7")
    with signed_in(talent, monkeypatch, "tester") as bole:
        made = bole("training", "add", f"C-{uuid4()}", *facts, *when)
        assert "预计到岗 18.9 人" in made
        name = re.findall(r"trainingPlaces/\w+", made)[-1]
        assert "预计到岗 12.6 人" in bole("training", "change", name, "名额=20")
        assert "完成率" in bole("training", "change", name, "完成率=很高", ok=False)


def test_evidence_is_entered_confirmed_by_another_and_listed_in_words(
    talent: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = f"C-{uuid4().hex[:8]}"
    with signed_in(talent, monkeypatch, "tester") as bole:
        days = ("--approved", "2025-01-10", "--opened", "2025-06-01")
        proof = ("--document", "常工信〔2025〕3号", "--department", "gongxinting", "--industry", "hydrogen")
        made = bole(
            "evidence",
            "add",
            ref,
            "--kind",
            "scenario",
            "--city",
            "常州",
            "--title",
            "无人配送",
            *days,
            *proof,
        )
        name = re.findall(r"evidenceRecords/\w+", made)[-1]
        assert "2025-06-01" in made
        for words in ("应用场景", "氢能", "启用", "待确认", "常工信"):
            assert words in re.sub(r"[\s│]", "", made)
        assert "gongxinting" not in made
        assert "更正后" in bole("evidence", "edit", name, "--remark", "", "--document", "更正后的文件")
        bole("evidence", "edit", name, ok=False)  # nothing to change
        bole("evidence", "confirm", name, ok=False)  # nobody confirms what they entered
    with signed_in(talent, monkeypatch, "another") as bole:
        assert "已确认" in bole("evidence", "confirm", name)
        listed = rows(bole("evidence", "list", "--filter", "city_code = 常州", "-o", "json"))
        record = next(each for each in listed if each["ref"] == ref)
        assert (record["department"], record["opened"], record["hands"]) == (
            "gongxinting",
            "2025-06-01",
            "tester/another",
        )


def test_consents(talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    name = create(library).name
    with signed_in(talent, monkeypatch, "tester") as bole:
        assert "统计" in bole("consent", "withdraw", name, "match-position", "--document", "电话")
        bole("consent", "give", name, "match-firm", "statistics", "--document", "表单")
        assert [each["kind"] for each in rows(bole("consent", "list", name, "-o", "json"))] == [
            "同意",
            "撤回",
            "同意",
        ]
        assert "create" in {each["action"] for each in rows(bole("consent", "looks", name, "-o", "json"))}
        assert "可选" in bole("consent", "give", name, "fun", "--document", "表单", ok=False)
    with signed_in(talent, monkeypatch, "checker", Grant("auditor")) as bole:
        assert "单次" in bole("consent", "anomalies")


def test_teams(talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lead, other = create(library).name, create(library).name
    given = ["--ref", f"CLI-{lead[-8:]}", "--name", "命令行团队", "--lead", lead, "--city", "nantong"]
    with signed_in(talent, monkeypatch, "tester") as bole:
        said = bole("team", "create", *given, "--direction", "seawater-h2", "--member", f"{other}:工程师:50%")
        name = said.strip().split()[-1]
        bole("team", "change", name, "--need", "seawater-h2=3", "--profile", "海水制氢")
        (gap,) = rows(bole("team", "gaps", name, "-o", "json"))
        assert (gap["wanted"], gap["present"], gap["lacking"]) == (3, 1.5, 1.5)
        assert [each["share"] for each in rows(bole("team", "show", name, "-o", "json"))][1:] == [50]
        assert "命令行团队" in bole("team", "list", "--filter", "state = ACTIVE")
        bole("team", "dissolve", name)
        assert "百分数" in bole("team", "change", name, "--member", f"{other}:x:half", ok=False)


def test_nominations(talent: Installation, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    nominee = create(library).name
    with signed_in(talent, monkeypatch, "office") as bole:
        said = bole(
            *("nomination", "nominate", nominee, "--programme", "双创计划", "--year", "2026"),
            *("--industry", "hydrogen", "--unit", "人才办"),
        )
        name = said.strip().split()[-1]
        bole(
            *("nomination", "quota", "--programme", "双创计划", "--year", "2026"),
            *("--industry", "hydrogen", "--places", "90"),
        )
    with signed_in(talent, monkeypatch, "checker") as bole:
        bole("nomination", "check", name, "--clause", "第二条=是", "--clause", "第三条=yes:附件二")
    with signed_in(talent, monkeypatch, "reviewer") as bole:
        bole("nomination", "review", name, "--unit", "大学", "--note", "好")
    with signed_in(talent, monkeypatch, "director") as bole:
        assert "入选" in bole("nomination", "decide", name, "--note", "同意")
        paid = ("nomination", "fund", name, "--amount", "50万元", "--day", "2026-06-20", "--document", "文号")
        bole(*paid)
        assert "PAYMENT_RECORDED" in bole(*paid, ok=False)
        bole(*paid, "--another")
        bole("nomination", "follow", name, "--result", "in_post", "--day", "2026-06-20")
        steps = rows(bole("nomination", "steps", name, "--purpose", "talent-service", "-o", "json"))
        assert [each["kind"] for each in steps] == [
            "申报",
            "资格审查",
            "评审",
            "审定",
            "拨付",
            "拨付",
            "跟踪",
        ]
        assert "50万元" in steps[4]["said"]
        mine = ("nomination", "list", "--filter", f"person = '{nominee}'")
        said = bole(*mine)
        assert "跟踪中" in said
        assert nominee not in said  # people are called by their names
        (row,) = rows(bole(*mine, "-o", "json"))
        assert row["nominee"] == nominee
        assert row["called"] in said
        (quota,) = rows(
            bole("nomination", "quotas", "--programme", "shuangchuang", "--year", "2026", "-o", "json")
        )
        assert quota["left"] == 90 - quota["awarded"]
        assert "STEP_NOT_OPEN" in bole("nomination", "conflict", name, "--note", "x", ok=False)
        assert "条款=是" in bole("nomination", "check", name, "--clause", "第二条", ok=False)


def test_pairs_come_with_how_many_people_are_not_compared_in_full(
    talent: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with talent.channel("talent", OFFICER) as channel:
        crowd(channel)
    with signed_in(talent, monkeypatch, "tester") as bole:
        said = talent.until(
            lambda: re.findall(r"([\d,]+) 人所在的组太大", bole("talent", "duplicates", "list"))
        )
    assert int(said[0].replace(",", "")) >= 32
