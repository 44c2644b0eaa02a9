"""Whether learnt weights replace the standing ones: only when better, calibrated, and not shifting exposure too far."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from services.kernel.text import Text
from services.matcher.learn.fairness import FEW, Exposure, Shift
from services.matcher.learn.judging import Quality, judge, losses, surely_less
from services.matcher.learn.outcomes import Outcomes, Weights

MOST_CALIBRATION_ERROR = 0.05
HELD_BACK = 0.3
LEAST_OUTCOMES = 200
LEAST_OF_EACH = 30
_UNMOVED = Shift((), 1.0)


def _as_it_is(attribute: str, group: str) -> Text:
    return Text(f"{attribute}={group} ", f"{attribute}={group}")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both weightings on the same held-back outcomes, and what stands against adopting the learnt one.

    `drift`: what a person's signature lifts, that the adoptions since the last one have together moved exposure too
    far; `signed`: whether there is one.
    """

    standing: Quality
    learnt: Quality
    fitted_on: int
    judged_by: int
    objections: tuple[Text, ...]
    drift: tuple[Text, ...] = ()
    signed: bool = False

    @property
    def adopted(self) -> bool:
        """Whether nothing stands against it."""
        return not self.objections and (self.signed or not self.drift)


def too_few(outcomes: Outcomes) -> Text | None:
    """Why nothing can be learnt yet, or None."""
    accepted = int(outcomes.accepted.sum())
    if len(outcomes) >= LEAST_OUTCOMES and min(accepted, len(outcomes) - accepted) >= LEAST_OF_EACH:
        return None
    return Text(
        f"以现行编码器计得的已定结果只有{len(outcomes)}个（接受{accepted}个）；至少需要{LEAST_OUTCOMES}个，接受与拒绝各{LEAST_OF_EACH}个",
        f"{len(outcomes)} decided outcomes read with the encoder that stands ({accepted} accepted); "
        f"at least {LEAST_OUTCOMES} are needed, {LEAST_OF_EACH} of each",
    )


def compare(
    held_back: Outcomes,
    standing: Weights,
    learnt: Weights,
    shift: Shift,
    fitted_on: int,
    seed: int,
    *,
    since: Shift = _UNMOVED,
    signed: bool = False,
    named: Callable[[str, str], Text] = _as_it_is,
) -> Comparison:
    """Judge both on outcomes that neither was fitted on, the influence of the place taken off both alike.

    `shift`: of exposure from the standing weights; `since`: from those that somebody signed for last, or that were set
    by hand; nothing where these are the standing ones; `named`: what people call a group of an attribute.
    """
    standing = replace(standing, place=learnt.place, page=learnt.page)
    old, new = judge(held_back, standing), judge(held_back, learnt)
    better = surely_less(losses(held_back, learnt), losses(held_back, standing), seed)
    objections = []
    if not better:
        objections.append(Text("留出数据上未见确定的改进", "not surely better on held-back outcomes"))
    if new.calibration_error > MOST_CALIBRATION_ERROR:
        objections.append(
            Text(
                f"校准误差 {new.calibration_error:.3f} 超过 {MOST_CALIBRATION_ERROR}",
                f"calibration error {new.calibration_error:.3f} is over {MOST_CALIBRATION_ERROR}",
            )
        )
    objections += _once(_moved(each, shift.most, named) for each in shift.beyond)
    drift = _once(_moved_in_all(each, since.most, named) for each in since.beyond)
    return Comparison(old, new, fitted_on, len(held_back), tuple(objections), tuple(drift), signed)


def _once(some: Iterable[Text]) -> list[Text]:
    """Small groups are told of alike."""
    return list(dict.fromkeys(some))


def _moved(each: Exposure, most: float, named: Callable[[str, str], Text]) -> Text:
    """What the guard says of one group; of a small one neither which nor how much."""
    name = named(each.attribute, FEW if each.small else each.group)
    if each.small:
        return Text(
            f"{name.zh}中有一组的曝光占比变动超过 {100 * most:.1f} 个百分点",
            f"exposure of one of {name.en} would change by more than {100 * most:.1f} points",
        )
    return Text(
        f"{name.zh}的曝光占比由 {each.standing:.1%} 变为 {each.learnt:.1%}，变动超过 {100 * most:.1f} 个百分点",
        f"exposure of {name.en} would go from {each.standing:.1%} to {each.learnt:.1%}, "
        f"by more than {100 * most:.1f} points",
    )


def _moved_in_all(each: Exposure, most: float, named: Callable[[str, str], Text]) -> Text:
    """The same of what the adoptions since the last signature have moved together."""
    name = named(each.attribute, FEW if each.small else each.group)
    since = Text(
        "自上次署名采用的（或人工设定的）权重以来，",
        "since the weights that somebody signed for last (or that were set by hand) ",
    )
    asked = Text(
        "；须由负责人署名并写明理由才能采用", " in all; to be adopted it needs a signature with a reason"
    )
    if each.small:
        return Text(
            f"{since.zh}{name.zh}中有一组的曝光占比累计变动超过 {100 * most:.1f} 个百分点{asked.zh}",
            f"{since.en}exposure of one of {name.en} would have changed by more than {100 * most:.1f} points{asked.en}",
        )
    return Text(
        f"{since.zh}{name.zh}的曝光占比由 {each.standing:.1%} 变为 {each.learnt:.1%}，"
        f"累计变动超过 {100 * most:.1f} 个百分点{asked.zh}",
        f"{since.en}exposure of {name.en} would have gone from {each.standing:.1%} to {each.learnt:.1%}, "
        f"by more than {100 * most:.1f} points{asked.en}",
    )
