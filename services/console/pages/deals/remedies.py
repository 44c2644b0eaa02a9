"""What keeps a deal from a step, and the place where it is put right: by the code of the reason or the check."""

from collections.abc import Mapping
from dataclasses import dataclass

from bole.funding.v1 import deal_pb2
from services.console.pages.deals.stated import UNDECIDED
from services.console.web.visits import Visit
from services.kernel.text import Text

_TEAM = Text("登记项目组", "record the team")
_DECLARE = Text("声明利益冲突", "declare interests")
_VOTE = Text("查看会议与表决", "see sittings and votes")
_FIRM = Text("查看企业数据（导入新数据以更新）", "see what is known of the firm; an import brings newer data")
_RIGHTS = Text("核查并登记权属", "look up whose the rights are and put it down")
_FUND = Text("查看基金额度与限额", "see headroom and limits of the fund")
_TERMS = Text("换个金额或估值试算", "try another ticket or valuation")
_CHANGE = Text("修改交易条件", "change the terms")
_ANEW = Text("撤回后重启，再修改条件", "withdraw it, take it up again, then change the terms")
_LAPSE = Text("登记批准失效，再重启项目", "record that the approval lapsed, then take it up again")
_MARK = "open"
"""Parameter of the address: which folded form of the deal's page is shown."""
_OF_FIRM = (
    "FIRM_WITHDRAWN",
    "DIRECTION_OUT_OF_SCOPE",
    "NEGATIVE_LIST",
    "CITY_OUT_OF_SCOPE",
    "STAGE_NOT_ELIGIBLE",
    "NOT_EARLY",
    "NOT_SMALL",
    "NOT_HARD_TECH",
    "FIRM_ABNORMAL",
    "EVIDENCE_STALE",
)
_OF_RIGHTS = ("IP_OWNERSHIP_UNCLEAR", "IP_PLEDGED")
_OF_FUND = (
    "HEADROOM_UNKNOWN",
    "FUND_TERM_TOO_SHORT",
    "INVESTMENT_PERIOD_CLOSED",
    "EARLY_SHARE_BELOW_FLOOR",
    "JIANGSU_DIRECT_SHARE",
    "LOCAL_REINVESTMENT",
    "GOVERNMENT_SHARE",
    "SOCIAL_LEVERAGE_LOW",
    "MIN_PORTFOLIO_COUNT",
    "PROVINCE_SHARE",
    "SINGLE_SUBFUND_SHARE",
    "DIRECT_SHARE",
    "CITY_QUOTA",
    "LOSS_TOLERANCE_TRACK",
)
_OF_TERMS = (
    "INSUFFICIENT_FUND_CAPITAL",
    "SINGLE_PROJECT_CONCENTRATION",
    "VALUATION_TOO_HIGH",
    "TICKET_TOO_LARGE",
    "OWNERSHIP_CAP",
)
_OF_CONDITIONS = ("FIXED_RETURN_TERMS", "REDEMPTION_TOO_EARLY")
_OF_VOTES = ("VOTE_NOT_CLOSED", "NO_QUORUM", "VETOED", "VOTE_NOT_CARRIED", "VOTE_CARRIED")
_OF_TEAM = ("TEAM_TOO_SMALL", "TEAM_CONFLICTED")
_OF_INTERESTS = ("COI_UNDECLARED", "RELATED_PARTY")
_LEFT = "declare interest"
"""The act that is left to who is recused."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do, and the page to do it on; `whose` instead where others do it: their roles."""

    said: Text
    link: str = ""
    whose: str = ""


def remedies(visit: Visit, deal: deal_pb2.Deal, *, free: bool = True) -> Mapping[str, Remedy]:
    """By code; none for what is put right nowhere on a page, or on one that is not open to the visitor. Who is not
    `free`, but recused, is told whose it is.
    """
    page = f"/{deal.name}"
    found: dict[str, Remedy] = {}

    def act(name: str, said: Text, link: str) -> Remedy:
        theirs = visit.may(name) and (free or name == _LEFT)
        return Remedy(said, link) if theirs else Remedy(said, whose=visit.doers(name))

    team = act("record team", _TEAM, f"{page}?{_MARK}=team#team")
    declare = act(_LEFT, _DECLARE, f"{page}?{_MARK}=interests#interests")
    found |= dict.fromkeys(_OF_TEAM, team)
    found |= dict.fromkeys(_OF_INTERESTS, declare if deal.parties.team else team)
    found |= dict.fromkeys(_OF_VOTES, Remedy(_VOTE, f"{page}#votes"))
    found |= dict.fromkeys(_OF_CONDITIONS, act(*_conditions(deal)))
    found["APPROVAL_EXPIRED"] = act("move deal", _LAPSE, f"{page}/move?action=LAPSE")
    found |= dict.fromkeys(_OF_TERMS, Remedy(_TERMS, f"{page}/what-if"))
    if visit.may("see firms"):
        found |= dict.fromkeys(_OF_FIRM, Remedy(_FIRM, f"/{deal.firm}#figures"))
        found |= dict.fromkeys(_OF_RIGHTS, Remedy(_RIGHTS, f"/{deal.firm}#rights"))
    if visit.may("see funds"):
        found |= dict.fromkeys(_OF_FUND, Remedy(_FUND, f"/{deal.fund}"))
    return found


def _conditions(deal: deal_pb2.Deal) -> tuple[str, Text, str]:
    """The act that changes the terms, what it is called, and where it is done."""
    if deal.state in UNDECIDED:
        return "state terms", _CHANGE, f"/{deal.name}?{_MARK}=terms#terms"
    return "move deal", _ANEW, f"/{deal.name}/move?action=WITHDRAW"
