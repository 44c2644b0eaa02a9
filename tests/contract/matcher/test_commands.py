"""`bole match …`, `bole proposal …`, `bole matcher …` against a running house, in both languages."""

import json
from collections.abc import Callable

import grpc
import pytest

from bole.matcher.v1 import anchor_pb2, proposal_service_pb2
from services.cli.answers.formats import Format
from services.cli.answers.output import Output
from services.cli.matcher import match_beside, match_explanation, matching, proposals, training_weights
from services.cli.session import Session
from services.cli.talent import positions
from services.kernel.errors import InvalidArgument
from services.kernel.text import Language, Text
from services.matcher.service.training import NOT_HELD
from tests.contract.installation import Installation, staff_token

KIND = "person-position"
Show = Callable[[Session], None]


def opened(whole: Installation, form: Format, language: Language) -> Session:
    return Session(whole.settings, Output(form, language), token=staff_token(whole), purpose="talent-service")


def pair(session: Session, at: int) -> tuple[str, str]:
    """An open position of the sample, and one of those who could be proposed for it."""
    anchor = positions.fetch(session, "state = OPEN", "", 1).positions[0].name
    return anchor, matching.find(session, matching.search_of(KIND, anchor, 10)).candidates[at].name


def explain(session: Session) -> None:
    anchor, candidate = pair(session, 0)
    found = matching.explain(session, KIND, anchor, candidate)
    match_explanation.show(session, found, matching.find(session, matching.search_of(KIND, anchor, 1)).origin)


def batch(session: Session) -> None:
    cells = ["shortageCells/sic.all.all", "shortageCells/seawater-h2.all.all"]
    matching.show_batch(session, cells, matching.find_all(session, "person-cell", cells, 2))


def text(session: Session) -> None:
    anchor = anchor_pb2.TextAnchor(
        text="碳化硅外延片",
        city_code="suzhou",
        direction_code="sic",
        stage=matching.stage_named("种子期"),
        ask=matching.amount_given("100万元", "--ask"),
    )
    answer = matching.find(session, matching.search_of_text("firm-fund", "firm", anchor))
    matching.show(session, answer, Text("匹配结果", "matches"), ids=True)


def order(session: Session) -> None:
    answer = matching.find(
        session, matching.search_of("person-direction", "directions/sic", 5, order="shortage")
    )
    matching.show(session, answer, Text("匹配结果", "matches"), ids=True)
    matching.note_beside(session)


def beside(session: Session) -> None:
    search = matching.search_of(
        "person-direction",
        "directions/sic",
        200,
        "city_code = suqian",
        facets=matching.FACETS,
        max_per_employer=1,
        broaden_below=1000,
    )
    answer = matching.find(session, search)
    matching.show(session, answer, Text("匹配结果", "matches"), ids=True)
    match_beside.note(session, answer)


def batch_widened(session: Session) -> None:
    directions = ["directions/sic", "directions/seawater-h2"]
    answers = matching.find_all(
        session,
        "person-direction",
        directions,
        200,
        "city_code = suqian",
        max_per_employer=1,
        broaden_below=1000,
    )
    matching.show_batch(session, directions, answers)
    for anchor, answer in zip(directions, answers, strict=True):
        match_beside.note(session, answer, anchor)


def text_widened(session: Session) -> None:
    said = matching.text_anchor("碳化硅外延片生长工艺", "苏州", "", ("", ""))
    search = matching.search_of_text(
        KIND,
        "position",
        said,
        200,
        "city_code = suqian",
        "probability",
        facets=("city_code",),
        broaden_below=1000,
    )
    answer = matching.find(session, search)
    assert [each.probability for each in answer.candidates] == sorted(
        each.probability for each in answer.candidates
    )
    match_beside.note(session, answer)


def explain_in_a_search(session: Session) -> None:
    anchor, candidate = pair(session, 0)
    search = matching.search_of(KIND, anchor, 1, "city_code = outside AND NOT category_code:*")
    found = matching.explain_found(session, search, candidate)
    match_explanation.show(session, found, matching.origin_of(session, search))


def explain_in_an_order(session: Session) -> None:
    order = "stars desc"
    search = matching.search_of("person-direction", "directions/sic", 1, order=order)
    second = matching.find(session, matching.search_of("person-direction", "directions/sic", 2, order=order))
    found = matching.explain_found(session, search, second.candidates[1].name)
    match_explanation.show(session, found, matching.origin_of(session, search))


def paged(session: Session) -> None:
    search = matching.search_of("person-direction", "directions/sic", 3)
    first = matching.find(session, search)
    matching.show_found(session, search, Text("匹配结果", "matches"))
    search.page_token = first.next_page_token
    second = matching.find(session, search)
    assert [each.rank for each in second.candidates] == [4, 5, 6]


def in_a_role(session: Session) -> None:
    firm = matching.find(session, matching.search_of("firm-direction", "directions/sic", 1)).candidates[0]
    search = matching.search_of("person-firm", firm.name, 3, role=matching.role_given("顾问"))
    matching.show_found(session, search, Text("顾问", "advisers"))
    with pytest.raises(InvalidArgument):
        matching.role_given("国王")


def explain_for_a_text(session: Session) -> None:
    said = matching.text_anchor("碳化硅外延片生长工艺", "苏州", "", ("", ""), category="卓越工程师")
    search = matching.search_of_text(KIND, "position", said, 20)
    candidate = matching.find(session, search).candidates[0].name
    found = matching.explain_found(session, search, candidate)
    match_explanation.show(session, found, matching.origin_of(session, search))


def propose_and_withdraw(session: Session) -> None:
    anchor, candidate = pair(session, 5 if session.language == "zh" else 6)
    proposals.create(session, KIND, anchor, candidate, "对口 fits", shown=(6, 1))
    listed = proposals.stub(session).ListProposals(
        proposal_service_pb2.ListProposalsRequest(filter=f'candidate = "{candidate}" AND state = PROPOSED')
    )
    assert (listed.proposals[0].shown_rank, listed.proposals[0].shown_page) == (6, 1)
    assert listed.proposals[0].HasField("calibrated")
    assert not listed.proposals[0].calibrated
    proposals.advance(session, listed.proposals[0].name, "withdrawn", "其他", "演示 shown")
    proposals.show_list(session, f'candidate = "{candidate}"', "create_time desc", 5)


REPORT = {
    "kind": KIND,
    "version": "v",
    "adopted": False,
    "weights": {"constant": -3.0, "text": 1.2, "place": -0.4, "page": -0.1},
    "standing": {"log_loss": 0.61, "calibration_error": 0.09, "ranking": 0.7},
    "learnt": {"log_loss": 0.52, "calibration_error": 0.02, "ranking": 0.8},
    "judged_by": 60,
    "objections": [
        [
            "cohort=1980s 的曝光占比由 50.0% 变为 70.0%",
            "exposure of cohort=1980s would go from 50.0% to 70.0%",
        ]
    ],
    "exposures": [
        {"attribute": "cohort", "group": "1980s", "candidates": 0.34, "standing": 0.5, "learnt": 0.7}
    ],
    "since": [{"attribute": "city", "group": "xuzhou", "candidates": 0.2, "standing": 0.31, "learnt": 0.42}],
    "signature": {"by": "li.si", "reason": "结构已变"},
    "coverage": {"city": 1.0, "category": 0.9, "cohort": 0.4, "gender": 0.0},
    "not_held": {name: [each.zh, each.en] for name, each in NOT_HELD.items()},
}
COMMANDS: dict[str, tuple[Show, tuple[str, ...], tuple[str, ...]]] = {
    "paged": (paged, ("下一页：--page-token",), ("next page: --page-token",)),
    "explain": (
        explain,
        ("最能改变结果的因素", "硬条件", "│ 同意", "未经真实结果校准"),
        ("what would change it most", "gates", "│ consent", "not yet calibrated"),
    ),
    "beside": (
        beside,
        ("城市:", "因每个用人单位的上限", "城市放宽到全省"),
        ("city:", "limit per employer", "from the city to the province"),
    ),
    "batch widened": (
        batch_widened,
        ("directions/sic: 因每个用人单位的上限", "directions/seawater-h2: 通过的候选不足"),
        ("directions/sic: ", "directions/seawater-h2: few passed"),
    ),
    "text widened": (
        text_widened,
        ("城市:", "城市放宽到全省"),
        ("city:", "from the city to the province"),
    ),
    "explain in a search": (
        explain_in_a_search,
        ("不符合筛选条件", "硬条件"),
        ("does not meet the filter", "gates"),
    ),
    "explain in an order": (
        explain_in_an_order,
        ("按所要求的排序有1个在前",),
        ("1 stand before it by the order asked for",),
    ),
    "in a role": (in_a_role, ("顾问\u00a0",), ("adviser\u00a0",)),
    "explain for a text": (
        explain_for_a_text,
        ("已在名单第1位", "卓越工程师"),
        ("on the list, in place 1", "Outstanding engineers"),
    ),
    "batch": (batch, ("shortageCells/sic.all.all", "归类"), ("shortageCells/sic.all.all", "placement")),
    "text": (text, ("funds/",), ("funds/",)),
    "proposal": (propose_and_withdraw, ("已撤回", "其他", "对口"), ("withdrawn", "other", "fits")),
    "order": (order, ("紧缺星级", "政策", "不计入得分"), ("shortage", "policy", "never in it")),
    "train": (
        lambda session: training_weights.show(session, REPORT, dry_run=True),
        (
            "person-position 的权重",
            "学得的权重",
            "校准误差",
            "出生年代",
            "性别 0%",
            "不采集、不保存任何人的性别",
            "曝光占比",
            "候选人占比",
            "34.0%",
            "1980年代",
            "+20.0",
            "徐州",
            "相对上次署名",
            "31.0%",
            "未采用",
        ),
        (
            "weights of person-position",
            "calibration error",
            "decade of birth",
            "gender 0%",
            "nobody's is collected or kept",
            "exposure",
            "1980s",
            "+11.0",
            "Xuzhou",
            "since the last signature",
            "31.0%",
            "not adopted",
        ),
    ),
    "train too few": (
        lambda session: training_weights.show(session, REPORT | {"learnt": None}, dry_run=True),
        ("现行权重（未学）",),
        ("standing weight (nothing was learnt)",),
    ),
    "train signed": (
        lambda session: training_weights.show(session, REPORT | {"adopted": True}, dry_run=False),
        ("已采用 v，由 li.si 署名",),
        ("adopted as v, signed by li.si",),
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_people_are_told_in_their_language(
    whole: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    show, zh, en = COMMANDS[name]
    languages: tuple[tuple[Language, tuple[str, ...]], ...] = (("zh", zh), ("en", en))
    for language, words in languages:
        with opened(whole, Format.TABLE, language) as session:
            show(session)
        printed = "".join(capsys.readouterr())
        assert all(word in printed for word in words), printed


def test_machines_read_the_parts_of_a_pair(whole: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        explain(session)
    rows = json.loads(capsys.readouterr().out)
    assert rows[0]["name"] == "constant"


def test_words_that_are_none_are_refused(whole: Installation) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        for signed in (("li.si", ""), (" ", "why")):
            with pytest.raises(InvalidArgument):
                training_weights.train(session, KIND, dry_run=True, signed=signed)
        for given in (("proposals/x", "maybe", ""), ("proposals/x", "REJECTED", "whatever")):
            with pytest.raises(InvalidArgument):
                proposals.advance(session, *given, "")
        with pytest.raises(InvalidArgument):
            matching.stage_named("teenage")


def test_a_proposal_is_held_against_the_mandate_with_what_the_firm_asks_for(whole: Installation) -> None:
    with opened(whole, Format.JSON, "zh") as session:
        firms = matching.find(session, matching.search_of("firm-direction", "directions/sic", 20)).candidates
        asked = [matching.search_of("firm-fund", each.name, 1, "", ("100万元", "1亿元")) for each in firms]
        found = ((each.anchor.name, matching.find(session, each).candidates) for each in asked)
        firm, funds = next(each for each in found if each[1])
        with pytest.raises(grpc.RpcError) as refusal:
            proposals.create(session, "firm-fund", firm, funds[0].name, "", ("90000亿元", "1亿元"))
    assert isinstance(refusal.value, grpc.Call)
    assert refusal.value.code() is grpc.StatusCode.FAILED_PRECONDITION
