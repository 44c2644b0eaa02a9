"""The items of the three tests, each derived from times on record."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from services.funding.domain.committee.committee import Tier, voters
from services.funding.domain.committee.vote import Bar, Choice
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import replay
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.states import DealState
from services.funding.domain.dossier.facts import Facts, Finding, Item, StatutoryTest
from services.funding.domain.interest import Standing
from services.funding.domain.wording import amount
from services.kernel.clock import civil_date
from services.kernel.text import Text

_DILIGENCE = (
    EvidenceKind.DD_BUSINESS,
    EvidenceKind.DD_LEGAL,
    EvidenceKind.DD_FINANCIAL,
    EvidenceKind.SITE_VISIT,
    EvidenceKind.VALUATION_BASIS,
    EvidenceKind.RISK_LIST,
)
_VISITS_EVERY_MONTHS = 12


def items(facts: Facts) -> list[Item]:
    """All items in the order of the tests."""
    return [*_due_diligence(facts), *_procedure(facts), *_no_private_gain(facts)]


def _due_diligence(facts: Facts) -> Iterator[Item]:
    decision = facts.approved(Tier.INTERNAL) or facts.approved(Tier.EXTERNAL)
    decided = decision.at if decision else None
    for kind in _DILIGENCE:
        yield _paper(facts, StatutoryTest.DUE_DILIGENCE, kind, decided)
    yield _dissent(facts)
    yield _visits(facts)


def _paper(facts: Facts, test: StatutoryTest, kind: EvidenceKind, decided: datetime | None) -> Item:
    """A document: in time if it came before the decision."""
    papers = [paper for paper in facts.papers if paper.kind is kind]
    if not papers:
        return Item(
            test=test,
            code=kind.name,
            title=kind.label,
            finding=Finding.MISSING,
            text=Text("未见该材料", "not on record"),
            decided_at=decided,
        )
    first = papers[0]
    late = decided is not None and first.received_at > decided
    return Item(
        test=test,
        code=kind.name,
        title=kind.label,
        finding=Finding.LATE if late else Finding.SATISFIED,
        text=Text("收到时间晚于决策", "came after the decision")
        if late
        else Text("决策前已在案", "on record before the decision")
        if decided
        else Text("在案", "on record"),
        evidence_at=first.received_at,
        decided_at=decided,
        evidence=tuple(f"{paper.source} sha256:{paper.sha256}" for paper in papers),
    )


def _dissent(facts: Facts) -> Item:
    title = Text("反对意见已回应", "votes against were answered")
    against = [
        (poll, ballot) for poll in facts.polls for ballot in poll.ballots if ballot.choice is Choice.NO
    ]
    taken = {decision.sitting: decision for decision in facts.decisions}
    open_ = [poll for poll, _ in against if not _answered(taken.get(poll.vote.sitting_id))]
    if not against:
        finding, text = Finding.NOT_APPLICABLE, Text("没有反对票", "no vote was against")
    elif open_:
        finding, text = (
            Finding.MISSING,
            Text("决定未写明对反对意见的回应", "the decision does not answer them"),
        )
    else:
        finding, text = (
            Finding.SATISFIED,
            Text("决定写明了理由或条件", "the decision states reasons or conditions"),
        )
    return Item(
        test=StatutoryTest.DUE_DILIGENCE,
        code="DISSENT_ANSWERED",
        title=title,
        finding=finding,
        text=text,
        evidence=tuple(sorted({poll.vote.name for poll, _ in against})),
    )


def _answered(decision: object) -> bool:
    return bool(getattr(decision, "reason", "") or getattr(decision, "conditions", ""))


def _visits(facts: Facts) -> Item:
    title = Text("投后走访按期进行（每12个月）", "visits after the investment, every 12 months")
    paid = next((step for step in facts.deal.transitions if step.target is DealState.INVESTED), None)
    papers = [each for each in facts.papers if each.kind is EvidenceKind.POST_INVESTMENT_VISIT]
    code, test = "POST_INVESTMENT_VISITS", StatutoryTest.DUE_DILIGENCE
    if paid is None:
        finding, text = Finding.NOT_APPLICABLE, Text("尚未出资", "not paid")
    else:
        first, today = civil_date(paid.at), civil_date(facts.as_of)
        due = ((today.year - first.year) * 12 + today.month - first.month) // _VISITS_EVERY_MONTHS
        enough = len({each.sha256 for each in papers}) >= due
        finding = Finding.SATISFIED if enough else Finding.MISSING
        text = Text(f"应有{due}次，在案{len(papers)}次", f"{due} due, {len(papers)} on record")
    return Item(
        test=test,
        code=code,
        title=title,
        finding=finding,
        text=text,
        evidence_at=papers[-1].received_at if papers else None,
        evidence=tuple(each.source for each in papers),
    )


def _procedure(facts: Facts) -> Iterator[Item]:
    yield _path(facts)
    for tier in Tier:
        yield _quorum(facts, tier)
    yield _compliance(facts)
    yield _amounts(facts)
    yield _four_eyes(facts)


def _procedural(code: str, title: Text, finding: Finding, text: Text, at: datetime | None = None) -> Item:
    return Item(
        test=StatutoryTest.PROCEDURE,
        code=code,
        title=title,
        finding=finding,
        text=text,
        evidence_at=at,
        decided_at=at,
    )


def _path(facts: Facts) -> Item:
    steps, title = facts.deal.transitions, Text("流转符合规定路径", "the steps follow the prescribed path")
    try:
        whole = replay(steps) is facts.deal.state
    except ValueError:
        whole = False
    if not whole:
        return _procedural(
            "LEGAL_PATH", title, Finding.CONTRADICTED, Text("记录不连续", "the history is not whole")
        )
    if any(step.action is Action.IMPORT for step in steps):
        text = Text("历史导入，此前流转不在案", "imported: the steps before are not on record")
        return _procedural("LEGAL_PATH", title, Finding.MISSING, text)
    text = Text(f"{len(steps)}步，编号连续", f"{len(steps)} steps, numbered without gaps")
    return _procedural("LEGAL_PATH", title, Finding.SATISFIED, text, steps[-1].at if steps else None)


def _quorum(facts: Facts, tier: Tier) -> Item:
    title = Text(f"{tier.label.zh}达到法定人数并获多数", f"quorum and majority of the {tier.label.en}")
    decision = facts.approved(tier)
    poll, code = facts.poll_of(decision), f"{tier.name}_VOTE"
    if decision is None or poll is None or poll.vote.tally is None:
        text = Text("没有在案的表决", "no vote on record")
        return _procedural(code, title, Finding.MISSING, text, decision.at if decision else None)
    vote, tally = poll.vote, poll.vote.tally
    eligible, cast = len(vote.eligible), tally.yes + tally.no + tally.abstain
    carried = cast >= vote.rule.quorum_of(eligible) and tally.yes >= vote.rule.majority_of(eligible)
    late = vote.closed_at is not None and vote.closed_at > decision.at
    text = Text(
        f"可表决{eligible}人，投票{cast}人，同意{tally.yes}、反对{tally.no}、弃权{tally.abstain}",
        f"{eligible} eligible, {cast} voted: {tally.yes} for, {tally.no} against, {tally.abstain} abstained",
    )
    finding = Finding.CONTRADICTED if not carried else Finding.LATE if late else Finding.SATISFIED
    return Item(
        test=StatutoryTest.PROCEDURE,
        code=code,
        title=title,
        finding=finding,
        text=text,
        evidence_at=vote.closed_at,
        decided_at=decision.at,
        evidence=(vote.name, f"deals/{facts.deal.id}/decisions/{decision.number}"),
    )


def _compliance(facts: Facts) -> Item:
    title = Text("决策前合规检查通过", "compliance held when it was decided")
    steps = [step for step in facts.deal.transitions if step.action is Action.APPROVE]
    if not steps:
        return _procedural(
            "COMPLIANCE", title, Finding.MISSING, Text("没有在案的批准", "no approval on record")
        )
    runs = [each for each in facts.runs if each.occasion == Action.APPROVE.name]
    if not runs:
        text = Text("批准时的检查没有留存记录", "no run of the checks was kept with the approval")
        return replace(_procedural("COMPLIANCE", title, Finding.MISSING, text), decided_at=steps[0].at)
    run = runs[0]
    if not run.same:
        finding, zh, en = (
            Finding.CONTRADICTED,
            "按留存内容重算结果不同",
            "is not made again from what it kept",
        )
    elif run.standing != "ELIGIBLE":
        finding, zh, en = Finding.CONTRADICTED, "未全部通过", "did not pass"
    else:
        finding, zh, en = (
            Finding.SATISFIED,
            "全部通过或已豁免，可逐位重算",
            "all passed or waived; made again bit for bit",
        )
    text = Text(
        f"批准时检查{zh}（SHA-256 {run.digest}）",
        f"the run with the approval: {en} (SHA-256 {run.digest})",
    )
    made = _procedural("COMPLIANCE", title, finding, text, run.at)
    return replace(made, decided_at=steps[0].at, evidence=(run.name,))


def _amounts(facts: Facts) -> Item:
    deal, title = facts.deal, Text("金额不超过批准", "amounts within what was approved")
    if deal.approved_fen is None:
        return _procedural("AMOUNTS", title, Finding.NOT_APPLICABLE, Text("尚未批准", "not approved"))
    stages = [each for each in (deal.approved_fen, deal.signed_fen, deal.paid_fen) if each is not None]
    held = all(later <= before for before, later in pairwise(stages))
    zh = " ≥ ".join(amount(each).zh for each in stages)
    en = " ≥ ".join(amount(each).en for each in stages)
    finding = Finding.SATISFIED if held else Finding.CONTRADICTED
    return _procedural("AMOUNTS", title, finding, Text(zh, en), deal.approved_at)


def _four_eyes(facts: Facts) -> Item:
    title = Text("签约与付款各由两人办理", "two persons signed, and two paid")
    pairs = ((Action.PREPARE_SIGNING, Action.SIGN), (Action.PREPARE_CLOSING, Action.CLOSE))
    steps, taken, same = facts.deal.transitions, 0, False
    for first, second in pairs:
        hands = {action: step.actor for step in steps for action in (first, second) if step.action is action}
        if second in hands:
            taken += 1
            same |= hands.get(first) in (None, hands[second])
    if not taken:
        return _procedural("FOUR_EYES", title, Finding.NOT_APPLICABLE, Text("尚未签约", "not signed"))
    finding = Finding.CONTRADICTED if same else Finding.SATISFIED
    text = (
        Text("同一人办理", "one person gave both hands") if same else Text("均由两人办理", "two persons each")
    )
    return _procedural("FOUR_EYES", title, finding, text)


def _no_private_gain(facts: Facts) -> Iterator[Item]:
    yield _declared(facts)
    yield _recused(facts)
    yield _uncontradicted(facts)
    # The statement of the discipline inspection is asked for afterwards: it is never late.
    yield _paper(facts, StatutoryTest.NO_PRIVATE_GAIN, EvidenceKind.DISCIPLINE_STATEMENT, None)


def _gain(
    code: str,
    title: Text,
    finding: Finding,
    text: Text,
    evidence_at: datetime | None = None,
    evidence: tuple[str, ...] = (),
) -> Item:
    return Item(
        test=StatutoryTest.NO_PRIVATE_GAIN,
        code=code,
        title=title,
        finding=finding,
        text=text,
        evidence_at=evidence_at,
        evidence=evidence,
    )


def _declared(facts: Facts) -> Item:
    """Everybody of the team and the committees declared, and before they decided."""
    title = Text("参与人员均已声明利益冲突", "everybody who took part declared")
    wanted: dict[str, datetime | None] = dict.fromkeys(facts.team)
    for poll in facts.polls:
        for member in voters(poll.vote.seats):
            wanted[member] = min(filter(None, (wanted.get(member), poll.vote.closed_at)), default=None)
    first: dict[str, datetime] = {}
    for said in facts.interests:
        first.setdefault(said.declaration.member, said.declaration.at)
    missing = sorted(set(wanted) - set(first))
    late = sorted(who for who, by in wanted.items() if by and who in first and first[who] > by)
    if not wanted:
        finding, text = Finding.MISSING, Text("没有在案的参与人员", "nobody on record who took part")
    elif missing:
        finding = Finding.MISSING
        text = Text(f"未声明：{'、'.join(missing)}", f"not declared: {', '.join(missing)}")
    elif late:
        finding = Finding.LATE
        text = Text(f"表决后才声明：{'、'.join(late)}", f"after the vote: {', '.join(late)}")
    else:
        finding = Finding.SATISFIED
        text = Text(f"{len(wanted)}人均已声明", f"all {len(wanted)} declared")
    return _gain(
        "INTERESTS_DECLARED",
        title,
        finding,
        text,
        evidence_at=max(first.values(), default=None),
        evidence=tuple(
            f"deals/{facts.deal.id}/interests/{said.declaration.number}" for said in facts.interests
        ),
    )


def _recused(facts: Facts) -> Item:
    title = Text("回避得到遵守", "recusals were kept")
    barred = [
        (poll, each.member) for poll in facts.polls for each in poll.vote.recusals if each.bar is Bar.INTEREST
    ]
    broken = [member for poll, member in barred if any(ballot.member == member for ballot in poll.ballots)]
    if broken:
        names = ", ".join(sorted(broken))
        return _gain(
            "RECUSALS_KEPT",
            title,
            Finding.CONTRADICTED,
            Text(f"回避人员投了票：{names}", f"voted though recused: {names}"),
        )
    finding = Finding.SATISFIED if facts.polls else Finding.MISSING
    text = Text(f"{len(barred)}人次回避，均未投票", f"{len(barred)} recusals, none voted")
    return _gain(
        "RECUSALS_KEPT", title, finding, text if facts.polls else Text("没有在案的表决", "no vote on record")
    )


def _uncontradicted(facts: Facts) -> Item:
    title = Text("声明与已知事实相符", "declarations agree with what is known")
    last = {said.declaration.member: said for said in facts.interests}
    against = sorted(who for who, said in last.items() if said.standing is Standing.CONTRADICTED)
    if against:
        names = ", ".join(against)
        text = Text(f"与已知事实不符，尚未处理：{names}", f"contradicted and unresolved: {names}")
        return _gain("INTERESTS_TRUE", title, Finding.CONTRADICTED, text)
    if not last:
        return _gain(
            "INTERESTS_TRUE", title, Finding.MISSING, Text("没有在案的声明", "no declaration on record")
        )
    return _gain("INTERESTS_TRUE", title, Finding.SATISFIED, Text("无未处理的矛盾", "nothing unresolved"))
