"""Whether two clusters may become one person."""

from collections.abc import Iterable, Mapping
from itertools import product

from services.kernel.errors import FailedPrecondition, Violation
from services.kernel.text import Text
from services.talent.domain.identity.judgement import Judgement, Verdict

KEY_NAMES: Mapping[str, Text] = {
    "id_number": Text("证件号码", "identity number"),
    "orcid": Text("ORCID", "ORCID"),
}


def check_joining(
    left: Iterable[str],
    right: Iterable[str],
    keys: Mapping[str, Mapping[str, str]],
    judgements: Iterable[Judgement],
) -> None:
    """Raise FailedPrecondition if records of the two clusters were judged to be different people (JUDGED_APART)
    or have strong keys that differ (CONFLICTING_KEYS); every such pair is named.

    `keys`: the strong keys of each record by kind. `judgements`: those about any of the records.
    """
    pairs = list(product(sorted(left), sorted(right)))
    apart = {
        frozenset((each.left, each.right))
        for each in judgements
        if each.live and each.verdict is Verdict.NEGATIVE
    }
    violations = [_apart(*pair) for pair in pairs if frozenset(pair) in apart]
    for one, other in pairs:
        mine, theirs = keys.get(one, {}), keys.get(other, {})
        violations += [
            _conflict(one, other, kind) for kind in mine if kind in theirs and mine[kind] != theirs[kind]
        ]
    if violations:
        raise FailedPrecondition(
            Text(
                "；".join(each.text.zh for each in violations), "; ".join(each.text.en for each in violations)
            ),
            reason=violations[0].reason,
            violations=violations,
        )


def _apart(one: str, other: str) -> Violation:
    return Violation(
        f"persons/{other}",
        "JUDGED_APART",
        Text(
            f"persons/{one} 与 persons/{other} 已被判定为不同的人，不能合并；如判定有误请先撤回该判定",
            f"persons/{one} and persons/{other} were judged to be different people and cannot be merged; "
            "take that judgement back first if it is wrong",
        ),
    )


def _conflict(one: str, other: str, kind: str) -> Violation:
    name = KEY_NAMES[kind]
    return Violation(
        f"persons/{other}",
        "CONFLICTING_KEYS",
        Text(
            f"persons/{one} 与 persons/{other} 的{name.zh}不同，不能合并；如其中一个有误请先更正",
            f"persons/{one} and persons/{other} have different values of {name.en} and cannot be merged; "
            "correct the wrong one first",
        ),
    )
