"""Whether decision and execution kept the rules (决策和实施程序符合规定)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from services.funding.domain.committee.committee import Tier
from services.funding.domain.deal.actions import Action
from services.funding.domain.deal.deal import replay
from services.funding.domain.dossier.facts import Facts, Finding, Item, StatutoryTest
from services.funding.domain.wording import amount
from services.kernel.text import Text


def procedure(facts: Facts) -> Iterator[Item]:
    """The items of the test."""
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
        at = decision.at if decision else None
        return _procedural(code, title, Finding.MISSING, _without_approval(facts, tier), at)
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


def _without_approval(facts: Facts, tier: Tier) -> Text:
    """What there is where no vote carried an approval: the newest count of the tier, if there was any."""
    counts = [each.vote.tally for each in facts.polls if each.vote.tier is tier and each.vote.tally]
    if not counts:
        return Text("没有在案的表决", "no vote on record")
    last = counts[-1]
    return Text(
        f"最近一次表决{last.result.label.zh}（同意{last.yes}、反对{last.no}、弃权{last.abstain}），"
        "没有在案的批准决定",
        f"the latest vote: {last.result.label.en} ({last.yes} for, {last.no} against, {last.abstain} abstained);"
        " no approval on record",
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
    known = (
        (Text("批准", "approved"), deal.approved_fen),
        (Text("签约", "signed"), deal.signed_fen),
        (Text("出资", "paid"), deal.paid_fen),
    )
    stages = [(said, fen) for said, fen in known if fen is not None]
    held = all(later <= before for (_, before), (_, later) in pairwise(stages))
    zh = "，".join(f"{said.zh}{amount(fen).zh}" for said, fen in stages)
    en = ", ".join(f"{said.en} {amount(fen).en}" for said, fen in stages)
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
    if not taken and facts.deal.signed_fen is not None:
        text = Text("历史导入，由谁签约与付款不在案", "imported: who signed and who paid is not on record")
        return _procedural("FOUR_EYES", title, Finding.MISSING, text)
    if not taken:
        return _procedural("FOUR_EYES", title, Finding.NOT_APPLICABLE, Text("尚未签约", "not signed"))
    finding = Finding.CONTRADICTED if same else Finding.SATISFIED
    text = (
        Text("同一人办理", "one person gave both hands") if same else Text("均由两人办理", "two persons each")
    )
    return _procedural("FOUR_EYES", title, finding, text)
