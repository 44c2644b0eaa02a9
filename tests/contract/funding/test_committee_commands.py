"""`bole committee`, `interest`, `dossier` and `deal register|reopen` against a real service, as several people."""

import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bole.funding.v1 import deal_service_pb2, deal_service_pb2_grpc
from services.kernel.clock import civil_date
from tests.contract.funding.board import MEMBERS, OBSERVER
from tests.contract.funding.office import Office, a_deal, name_of
from tests.contract.installation import Installation

DAY = f"{civil_date(datetime.now(UTC)).year + 1}-01-05"
"""To come, whenever this runs."""


def test_a_sitting_from_its_agenda_to_the_count(bole: Office) -> None:
    deal = a_deal(bole, "IC_EXTERNAL")
    name, members = name_of(deal), [f"cli-{uuid4().hex[:6]}" for _ in range(4)]
    listed = ("committee", "list", "--fund", deal["fund"])
    if not [each for each in bole.rows("cli-secretary", *listed) if each["tier"] == "外部"]:
        usual = [word for member in MEMBERS for word in ("--member", f"{member}=委员")]
        bole("cli-secretary", "committee", "create", deal["fund"], "external", *usual, "--observer", OBSERVER)
    committees = bole.rows("cli-secretary", *listed)
    assert not [each for each in committees if "/" in each["fund"]]  # funds are called by their names
    [committee] = [each["name"] for each in committees if each["tier"] == "外部"]
    seats = [word for member in members for word in ("--member", member)]
    called = bole("cli-secretary", "committee", "call", committee, f"{DAY}T09:30", name, *seats)
    assert f"上会清单 {DAY} 09:30" in called.replace("\n", " ")
    sitting = called.split("sittings/")[1].split()[0]
    [met] = bole.rows("cli-secretary", "committee", "sittings", "--committee", committee, "--deal", name)
    assert (met["time"], met["tier"], met["name"]) == (f"{DAY} 09:30", "外部", f"sittings/{sitting}")
    assert not met["fund"].startswith("funds/")
    vote = f"sittings/{sitting}/votes/{name.partition('/')[2]}"
    assert "尚未" in bole("cli-secretary", "committee", "open", f"sittings/{sitting}", name, ok=False)
    bole(members[0], "interest", "declare", name, "equity", "--text", "持有股份")
    for member in members[1:]:
        bole(member, "interest", "declare", name)
    said = bole.rows("cli-secretary", "interest", "list", name)
    assert {each["member"]: each["state"] for each in said}[members[0]] == "回避"
    assert "表决中" in bole("cli-secretary", "committee", "open", f"sittings/{sitting}", name)
    for member in members[1:]:
        [waiting] = [each for each in bole.rows(member, "news") if each["kind"] == "ballot"]
        assert (waiting["resource"], waiting["time"], waiting["told"]) == (vote, f"{DAY} 09:30", "外部")
        bole(member, "committee", "vote", vote, "yes")
        told = {each["kind"]: each["resource"] for each in bole.rows(member, "news")}
        assert ("ballot" in told, told["sitting"]) == (False, f"sittings/{sitting}")
    assert "ballot" not in {each["kind"] for each in bole.rows(members[0], "news")}
    assert "回避" in bole(members[0], "committee", "vote", vote, "yes", ok=False)
    assert "yes、no" in bole(members[1], "committee", "vote", vote, "maybe", ok=False)
    assert bole.rows("cli-secretary", "committee", "show", vote) == []
    assert "通过" in bole("cli-secretary", "committee", "close", vote)
    ballots = bole.rows("cli-secretary", "committee", "show", vote)
    assert {each["choice"] for each in ballots} == {"同意"}
    assert "carried" in bole("cli-secretary", "committee", "show", vote, lang="en")
    assert bole("cli-secretary", "committee", "decisions", name)


def test_a_lead_is_entered_and_its_terms_are_changed(bole: Office) -> None:
    [first, *_] = bole.rows("cli-manager", "fund", "list")
    firm = bole.rows("cli-manager", "firm", "list", "--limit", "1")[0]
    firm_name = next(str(each) for each in firm.values() if str(each).startswith("firms/"))
    round_ = f"甲轮{uuid4().hex[:6]}"
    entered = bole(
        "cli-manager", "deal", "add", first["id"], firm_name, round_, "拟投金额=500万元", "固定回报条款=是"
    )
    name = f"deals/{entered.split('deals/')[1].split()[0]}"
    assert "已更新" in bole("cli-manager", "deal", "terms", name, "固定回报条款=否", "pre_money=5000万")
    shown = bole("cli-manager", "deal", "show", name)
    assert "500万元" in shown
    assert "5,000万元" in shown
    wrong = bole("cli-manager", "deal", "terms", name, "拟投=1", ok=False)
    assert "ticket（拟投金额）" in wrong


def test_a_dossier_is_exported_and_verified_with_python_alone(bole: Office, tmp_path: Path) -> None:
    deal = a_deal(bole, "SIGNED")
    name, paper, archive = name_of(deal), tmp_path / "尽调.txt", tmp_path / "dossier.zip"
    paper.write_text("法律尽调结论：权属清晰", encoding="utf-8")
    assert "已登记" in bole("cli-manager", "deal", "register", name, f"dd-legal={paper}")
    last = bole.rows("cli-auditor", "deal", "documents", name)[-1]
    document = f"{name}/documents/{last['number']}"
    assert "已核验" in bole("cli-auditor", "deal", "verify-document", document)
    shown = bole.rows("cli-auditor", "dossier", "show", name)
    assert {each["test"] for each in shown} == {"一 尽职", "二 程序合规", "三 未谋私利"}
    assert "主管部门认定" in bole("cli-auditor", "dossier", "show", name).replace("\n", "")
    stated = ("--organ", "审计厅", "--number", "审〔2026〕9号", "--date", "2026-02-01")
    assert "减轻" in bole("cli-auditor", "dossier", "determine", name, "mitigated", *stated)
    assert "exempt" in bole("cli-auditor", "dossier", "determine", name, "guilty", *stated, ok=False)
    asked = bole("cli-auditor", "deal", "ask-erasure", document, "--reason", "本人要求")
    assert "须由另一人执行" in asked.replace("\n", "")
    assert "另一人" in bole("cli-auditor", "deal", "erase-document", document, ok=False)
    assert last["sha256"] in bole("cli-secretary", "deal", "erase-document", document).replace("\n", "")
    assert bole.rows("cli-auditor", "deal", "documents", name)[-1]["erased"]
    assert "本人要求" in bole("cli-auditor", "dossier", "show", name)
    bole("cli-auditor", "dossier", "export", name, str(archive), "--purpose", "audit")
    with zipfile.ZipFile(archive) as packed:
        packed.extract("verify.py", tmp_path)
        assert f"documents/{last['sha256']}" not in packed.namelist()
    command = [sys.executable, "-I", str(tmp_path / "verify.py"), str(archive)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, name in done.stdout) == (0, True), done.stdout


def test_a_firms_interests_and_a_deals_people(whole: Installation, bole: Office) -> None:
    deal = a_deal(bole, "LEAD")
    name = name_of(deal)
    assert "项目组" in bole("cli-manager", "interest", "team", name, "a-li", "a-wang", "--scout", "a-park")
    said = bole("cli-manager", "deal", "move", name, "WITHDRAW", "--reason", "改期")
    assert "已撤回" in said
    again = bole("cli-manager", "deal", "reopen", name, "--reason", "恢复融资")
    assert "已重启为 deals/" in again
    with whole.channel("funding") as channel:
        stub = deal_service_pb2_grpc.DealServiceStub(channel)
        firm = stub.GetDeal(deal_service_pb2.GetDealRequest(name=name)).firm
    bole("cli-secretary", "interest", "link", firm, "a-li", "inventor", "--source", "专利登记")
    found = bole.rows("cli-auditor", "interest", "firm", firm)
    assert [each["kind"] for each in found if each["member"] == "a-li"] == ["发明人"]


def test_a_note_is_written_comes_up_and_is_settled(bole: Office, tmp_path: Path) -> None:
    deal = name_of(a_deal(bole, "DUE_DILIGENCE"))
    today = civil_date(datetime.now(UTC)).isoformat()
    bole("cli-manager", "note", "add", deal, "约创始人再谈", "--remind", today)
    [row] = bole.rows("cli-manager", "note", "list", deal, "-n", "1")
    assert (row["text"], row["remind"], row["account"]) == ("约创始人再谈", today, "cli-manager")
    assert row["name"] in {each["name"] for each in bole.rows("cli-manager", "note", "due")}
    assert "办结" in bole("cli-manager", "note", "settle", row["name"])
    assert row["name"] not in {each["name"] for each in bole.rows("cli-manager", "note", "due")}
    bole("cli-manager", "note", "add", deal, "请补章", "--remind", today, "--account", "cli-away")
    assert "cli-away" not in {each["account"] for each in bole.rows("cli-manager", "note", "due")}
    assert "cli-away" in {each["account"] for each in bole.rows("cli-manager", "note", "due", "--everybody")}
    assert "2026-13-01" in bole("cli-manager", "note", "add", deal, "x", "--remind", "2026-13-01", ok=False)
    paper, large = tmp_path / "提纲.txt", tmp_path / "大.txt"
    paper.write_text("一、专利权属", "utf-8")
    large.write_bytes(b"x" * 3_000_001)
    bole("cli-manager", "note", "add", deal, "附提纲", "--attach", str(paper))
    [row] = bole.rows("cli-manager", "note", "list", deal, "-n", "1")
    assert len(row["documents"]) == 1
    assert "3 MB" in bole("cli-manager", "note", "add", deal, "x", "--attach", str(large), ok=False)
    bole("cli-secretary", "dossier", "erase-words", row["name"], "--reason", "误写")
    [row] = bole.rows("cli-manager", "note", "list", deal, "-n", "1")
    assert row["text"] == "（文字已删除）"
