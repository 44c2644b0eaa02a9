"""Deciding that two records are of two people, or that it cannot be told; and taking a decision back."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.kernel.errors import FailedPrecondition, InvalidArgument, NotFound
from services.kernel.ids import Ids
from services.kernel.text import Text
from services.talent.domain.identity.comparison import compare
from services.talent.domain.identity.judgement import Judgement, Verdict, pair_of
from services.talent.domain.people.person import Person
from services.talent.domain.validation import Findings, check_line, clean
from services.talent.service.people.duplicates.finding import Finding
from services.talent.store.people import duplicates

REASON_LIMIT = 500


@dataclass(frozen=True)
class Judging:
    """The use cases of judgements."""

    finding: Finding
    ids: Ids

    def get(self, session: Session, id_: str) -> Judgement:
        """The judgement, taken back or not. Raises NotFound."""
        found = session.get(Judgement, id_)
        if found is None:
            raise NotFound.resource(f"duplicateJudgements/{id_}")
        return found

    def judge(
        self, session: Session, pair: tuple[Person, Person], verdict: Verdict, reason: str, actor: str
    ) -> Judgement:
        """Decide about two people; the decision that stood before is taken back.

        Raises InvalidArgument (SAME_RECORD, USE_MERGE), FailedPrecondition (ALREADY_MERGED).
        """
        if verdict is Verdict.POSITIVE:
            raise _use_merge()
        if pair[0].id == pair[1].id:
            raise already_merged(pair[0].id)
        left, right = pair_of(pair[0].id, pair[1].id)
        duplicates.lock_persons(session, (left, right))
        before, now = duplicates.judgement_of(session, (left, right)), self.finding.clock.now()
        if before is not None:
            before.take_back(actor, now)
            session.flush()
        traits = self.finding.suggesting.traits(session, (left, right))
        bits = compare(traits[left], traits[right], self.finding.method).millibits
        made = Judgement(self.ids.new(), left, right, verdict, bits, reason, False, actor, now)
        session.add(made)
        session.flush()
        duplicates.mark(session, (left, right), verdict)
        return made

    def take_back(self, session: Session, judgement: Judgement, actor: str) -> Judgement:
        """A negative or unsure judgement counts no longer; the pair may be suggested again.

        Raises FailedPrecondition (USE_UNMERGE) for a merge.
        """
        if judgement.verdict is Verdict.POSITIVE:
            raise _use_unmerge(judgement.id)
        judgement.take_back(actor, self.finding.clock.now())
        session.flush()
        self.finding.refresh(session, [judgement.left, judgement.right])
        return judgement


def check_reason(reason: str) -> str:
    """The reason, cleaned. Raises InvalidArgument."""
    findings, text = Findings(), clean(reason)
    check_line(findings, "reason", text, limit=REASON_LIMIT, required=True)
    findings.conclude()
    return text


def already_merged(person_id: str) -> FailedPrecondition:
    """The refusal to decide about two records of one person."""
    return FailedPrecondition(
        Text(
            f"两条记录已合并为一人（persons/{person_id}）；如合并有误请先撤销合并",
            f"both records are merged into one (persons/{person_id}); undo the merge first if it is wrong",
        ),
        reason="ALREADY_MERGED",
        metadata={"resource": f"persons/{person_id}"},
    )


def _use_merge() -> InvalidArgument:
    return InvalidArgument.field(
        "verdict",
        "USE_MERGE",
        "判定为同一人请使用合并（MergePersons）",
        "to decide that they are one person, merge them (MergePersons)",
    )


def _use_unmerge(id_: str) -> FailedPrecondition:
    return FailedPrecondition(
        Text(
            f"duplicateJudgements/{id_} 是一次合并，请使用撤销合并（UnmergePersons）",
            f"duplicateJudgements/{id_} is a merge; undo it by UnmergePersons",
        ),
        reason="USE_UNMERGE",
    )
