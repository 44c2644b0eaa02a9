"""`bole fund commit|calls|call|receive|fee|distribute`, a document taken away, and records corrected, by command."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from services.kernel.clock import civil_date
from tests.contract.funding.office import Office, a_deal, name_of

YEAR = civil_date(datetime.now(UTC)).year + 1
"""To come, whenever this runs."""


def test_capital_is_subscribed_called_received_and_paid_out(bole: Office) -> None:
    fund = bole.rows("cli-manager", "fund", "list")[-1]["id"]
    paper = ("--document", "演示文件")
    signed = ("--kind", "SOCIAL_PRIVATE", "--party", "演示创投", "--signed", "2026-06-01", "--new-capital")
    said = bole("cli-manager", "fund", "commit", fund, "300万元", *signed, *paper)
    assert "已登记认缴 funds/" in said
    assert "300万元" in said
    [made] = [
        each for each in bole.rows("cli-finance", "fund", "commitments", fund) if each["party"] == "演示创投"
    ]
    told = bole("cli-finance", "fund", "call", fund, "100万元", "--due", f"{YEAR}-12-31", *paper, lang="en")
    assert "call 1" in told
    part = next(
        each
        for each in bole.rows("cli-finance", "fund", "calls", fund)
        if each["commitment"] == made["name"] and each["number"] == 1
    )
    assert (part["received"], part["outstanding"]) == ("0.00", part["called"])
    receipt = (part["name"], made["name"], part["called"], "--on", "2026-11-20", *paper)
    assert "尚欠" in bole("cli-finance", "fund", "receive", *receipt)
    assert "AMOUNT" in bole("cli-finance", "fund", "receive", *receipt[:2], "很多", *receipt[3:], ok=False)
    assert "到账" in bole("cli-finance", "fund", "calls", fund)
    assert "分录" in bole("cli-finance", "fund", "fee", fund, "1000元", *paper)
    assert "journal" in bole(
        "cli-finance", "fund", "distribute", fund, "capital", "1000元", *paper, lang="en"
    )


@pytest.mark.parametrize(
    ("kind", "signed", "named"), [("BANK", "2026-06-01", "--kind"), ("CITY", "昨天", "--signed")]
)
def test_what_cannot_be_read_of_a_commitment_is_named(
    bole: Office, kind: str, signed: str, named: str
) -> None:
    words = ("--kind", kind, "--party", "甲", "--signed", signed, "--document", "乙")
    fund = bole.rows("cli-manager", "fund", "list")[0]["id"]
    assert named in bole("cli-manager", "fund", "commit", fund, "1万元", *words, ok=False)


def test_a_document_is_taken_away_as_it_was_registered(bole: Office, tmp_path: Path) -> None:
    deal = name_of(a_deal(bole, "DUE_DILIGENCE"))
    paper, taken = tmp_path / "尽调.txt", tmp_path / "取回.txt"
    paper.write_text("财务数据与账面一致", "utf-8")
    bole("cli-manager", "deal", "register", deal, f"DD_FINANCIAL={paper}")
    number = max(each["number"] for each in bole.rows("cli-manager", "deal", "documents", deal))
    said = bole("cli-manager", "deal", "take-document", f"{deal}/documents/{number}", str(taken))
    assert "一致" in said
    assert taken.read_bytes() == paper.read_bytes()


def test_a_plan_of_payment_is_shown_where_there_is_one(bole: Office) -> None:
    missing = bole("cli-manager", "deal", "tranches", name_of(a_deal(bole, "LEAD")), ok=False)
    assert "NOT_FOUND" in missing or "没有" in missing


def test_a_round_is_corrected_and_every_revision_stays(bole: Office) -> None:
    firm = bole.rows("cli-manager", "firm", "list", "--limit", "1")[0]["id"]
    parts = ("SOCIAL_PRIVATE:某创投=700万元",)
    stated = ("--closed", "2026-03-01", "--document", "增资协议")
    said = bole("cli-manager", "round", "record", firm, "天使轮", *parts, *stated)
    name = next(word for word in said.replace("（", " ").split() if "/rounds/" in word)
    bole("cli-manager", "round", "correct", name, "--pre-money", "3000万元", "--document", "补充协议")
    found = bole.rows("cli-manager", "round", "revisions", name)
    assert [(each["revision"], each["document"]) for each in found] == [(1, "增资协议"), (2, "补充协议")]
    assert (found[1]["total"], found[1]["pre_money"]) == ("7000000.00", "30000000.00")


def test_what_firms_sent_and_their_first_loans_are_listed(bole: Office) -> None:
    held = bole.rows("cli-manager", "investment", "list", "--filter", "state = ACTIVE", "--limit", "1")[0]
    firm = held["firm"]
    stated = ("2026-06", "STAFF=25", "--document", "月报", "--by-manager")
    bole("cli-manager", "indicator", "report", firm, *stated)
    assert bole.rows("cli-manager", "indicator", "reports", firm)[-1]["period"] == "2026-06"
    assert "manager" in bole("cli-manager", "indicator", "reports", firm, lang="en")
    assert bole.rows("cli-manager", "ip", "first-loan", firm) == []


def test_a_firm_is_taken_out(bole: Office) -> None:
    firm = bole.rows("cli-manager", "firm", "list", "--limit", "50")[-1]["id"]
    assert "已停用" in bole("cli-manager", "firm", "withdraw", firm, "--reason", "注销（演示）")


def test_a_sitting_is_moved_to_another_day(bole: Office) -> None:
    deal = a_deal(bole, "IC_INTERNAL")
    committee = bole.rows("cli-secretary", "committee", "list", "--fund", deal["fund"])
    seats = [word for at in range(3) for word in ("--member", f"cli-seat-{at}")]
    if not committee:
        bole("cli-secretary", "committee", "create", deal["fund"], "internal", *seats)
        committee = bole.rows("cli-secretary", "committee", "list", "--fund", deal["fund"])
    inner = next(each["name"] for each in committee)
    bole("cli-secretary", "committee", "call", inner, f"{YEAR}-03-01T09:30", name_of(deal), *seats)
    [sitting, *_] = bole.rows("cli-secretary", "committee", "sittings", "--committee", inner)
    told = bole("cli-secretary", "committee", "replan", sitting["name"], "--at", f"{YEAR}-03-02T14:00")
    assert f"{YEAR}-03-02 14:00" in told
    assert "--at" in bole("cli-secretary", "committee", "replan", sitting["name"], ok=False)


def test_what_is_new_is_told_with_what_to_go_on_with(
    bole: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    deal = name_of(a_deal(bole, "SCREENING"))
    today = civil_date(datetime.now(UTC)).isoformat()
    bole("cli-manager", "note", "add", deal, "请企业补充财务报表", "--remind", today)
    [reminder] = [each for each in bole.rows("cli-manager", "news") if each["kind"] == "reminder"]
    assert (reminder["told"], reminder["about"]) == ("请企业补充财务报表", deal)
    bole(
        "cli-manager",
        "deal",
        "move",
        deal,
        f"HOLD={civil_date(datetime.now(UTC)) + timedelta(days=30)}",
        "--reason",
        "等待检测报告",
    )
    told = bole("cli-manager", "news", lang="en")
    assert "deal moved" in told
    assert "the last week" in told
    assert "SYNTHETIC" in told
    assert "moved" in {each["kind"] for each in bole.rows("cli-manager", "news", "--since", today)}
    for since, reason in (("昨天", "BAD_TIME"), ("2099-01-01", "TIME_IN_FUTURE")):
        assert reason in bole("cli-manager", "news", "--since", since, ok=False)
    assert not [each for each in bole.rows("cli-auditor", "news") if each["kind"] == "reminder"]


def test_a_saved_search_is_shown_by_its_name(bole: Office) -> None:
    fund = bole.rows("cli-manager", "fund", "list")[0]["id"]
    bole("cli-manager", "search", "save", fund, "--title", "待看的", "--filter", "hard >= 40")
    [kept] = [each for each in bole.rows("cli-manager", "search", "list") if each["title"] == "待看的"]
    [shown] = bole.rows("cli-manager", "search", "show", kept["id"])
    assert shown == kept
    assert "提醒" in bole("cli-manager", "search", "show", kept["id"])
    assert "NOT_FOUND" in bole("cli-auditor", "search", "show", kept["id"], ok=False)
    bole("cli-manager", "search", "delete", kept["id"])
