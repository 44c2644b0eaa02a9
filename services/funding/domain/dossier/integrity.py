"""Whether nobody sought private gain (未谋取个人非法利益): interests declared, recusals kept, nothing contradicted."""

from collections.abc import Iterator
from datetime import datetime

from services.funding.domain.committee.committee import voters
from services.funding.domain.committee.vote import Bar
from services.funding.domain.deal.evidence import EvidenceKind
from services.funding.domain.deal.interest import Standing
from services.funding.domain.dossier.facts import Facts, Finding, Item, StatutoryTest
from services.funding.domain.dossier.papers import paper_item
from services.kernel.text import Text


def no_private_gain(facts: Facts) -> Iterator[Item]:
    """The items of the test."""
    yield _declared(facts)
    yield _recused(facts)
    yield _uncontradicted(facts)
    # The statement of the discipline inspection is asked for afterwards: it is never late.
    yield paper_item(facts, StatutoryTest.NO_PRIVATE_GAIN, EvidenceKind.DISCIPLINE_STATEMENT, None)


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
        finding, text = Finding.MISSING, _nobody_known(len(first))
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


def _nobody_known(declared: int) -> Text:
    """Whoever declared may read; who has to have declared is said by the team and the votes alone."""
    text = Text(
        "尽调团队未登记，也没有表决：还不知道谁须声明",
        "no due diligence team is recorded and nothing was voted on: who has to declare is not known yet",
    )
    if not declared:
        return text
    return Text(f"{text.zh}；已有{declared}人声明", f"{text.en}; {declared} declared already")


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
