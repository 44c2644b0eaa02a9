"""Judging a value against a limit, exactly, with what is left."""

from services.funding.domain.checks.check import Judgement, Quantity, amount, share
from services.funding.domain.outcomes import Outcome, outcome_of
from services.funding.domain.ratio import Ratio
from services.kernel.money import Money
from services.kernel.text import Text


def within(name: Text, fen: int, limit_fen: int, *, strict: bool = False) -> Judgement:
    """Money at most (or, `strict`, below) a limit; the headroom is the difference, negative when over."""
    observed, limit, left = amount(fen), amount(limit_fen), limit_fen - fen
    holds = left > 0 if strict else left >= 0
    bound = ("须低于", "must be below") if strict else ("上限", "at most")
    zh = f"{name.zh}{observed.text.zh}，{bound[0]}{limit.text.zh}，"
    en = f"{name.en} {observed.text.en}, {bound[1]} {limit.text.en}: "
    rest = amount(abs(left)).text
    zh += f"余{rest.zh}" if left >= 0 else f"超出{rest.zh}"
    en += f"{rest.en} left" if left >= 0 else f"{rest.en} over"
    return Judgement(outcome_of(holds), Text(zh, en), observed, limit, amount(left))


def share_at_most(
    name: Text, part_fen: int, whole_fen: int, limit: Ratio, *, strict: bool = False
) -> Judgement:
    """Part / whole at most (or, `strict`, below) a ratio; the headroom is in fen of the part, rounded
    down.
    """
    ratio = Ratio(part_fen, whole_fen)
    holds = ratio.is_below(limit) if strict else ratio.is_at_most(limit)
    left = limit.num * whole_fen // limit.den - part_fen
    bound = ("须低于", "must be below") if strict else ("上限", "at most")
    text = Text(
        f"{name.zh}为{_of(part_fen, whole_fen).zh}，{bound[0]}{limit.percent()}，{_left(left).zh}",
        f"{name.en} is {_of(part_fen, whole_fen).en}, {bound[1]} {limit.percent()}, {_left(left).en}",
    )
    return Judgement(outcome_of(holds), text, share(ratio), share(limit), amount(left))


def share_at_least(name: Text, part_fen: int, whole_fen: int, limit: Ratio) -> Judgement:
    """Part / whole at least a ratio; the headroom is what of the rest may be added, in fen, negative when
    short.
    """
    ratio = Ratio(part_fen, whole_fen)
    left = part_fen - -(-limit.num * whole_fen // limit.den)
    short = (
        Text("达标", "reached")
        if left >= 0
        else Text(f"差{amount(-left).text.zh}", f"{amount(-left).text.en} short")
    )
    text = Text(
        f"{name.zh}为{_of(part_fen, whole_fen).zh}，下限{limit.percent()}，{short.zh}",
        f"{name.en} is {_of(part_fen, whole_fen).en}, at least {limit.percent()}, {short.en}",
    )
    return Judgement(outcome_of(limit.is_at_most(ratio)), text, share(ratio), share(limit), amount(left))


def stated(name: Text, value: bool | None, *, good: bool) -> Judgement:
    """A statement that must be `good`; unknown while nobody has made it."""
    if value is None:
        text = Text(f"缺少{name.zh}的说明，无法判断，请补充", f"nobody has stated {name.en}; provide it")
        return Judgement(Outcome.UNKNOWN, text)
    said = yes_no(value)
    return Judgement(
        outcome_of(value is good),
        Text(f"{name.zh}：{said.text.zh}", f"{name.en}: {said.text.en}"),
        said,
        yes_no(good),
    )


def yes_no(value: bool) -> Quantity:
    """Yes or no."""
    return Quantity(Text("是", "yes") if value else Text("否", "no"), "true" if value else "false")


def _of(part_fen: int, whole_fen: int) -> Text:
    part, whole, shown = Money(part_fen), Money(whole_fen), Ratio(part_fen, whole_fen).percent()
    return Text(
        f"{shown}（{part.display_zh()}/{whole.display_zh()}）",
        f"{shown} ({part.display_en()} of {whole.display_en()})",
    )


def _left(fen: int) -> Text:
    shown = amount(abs(fen)).text
    return (
        Text(f"余{shown.zh}", f"{shown.en} left") if fen >= 0 else Text(f"超出{shown.zh}", f"{shown.en} over")
    )
