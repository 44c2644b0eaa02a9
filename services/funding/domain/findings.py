"""Collects every broken rule of a request, so that the person who filed it hears of all at once."""

import unicodedata
from datetime import date

from services.kernel.errors import InvalidArgument, Violation
from services.kernel.money import MAX_FEN
from services.kernel.text import Text

_CALLED = {
    "amount": "金额",
    "as_of": "基准日",
    "as_of_date": "基准日",
    "close_date": "交割日期",
    "disburse_date": "放款日期",
    "display_name": "姓名",
    "document": "文件",
    "document_date": "文件日期",
    "document_number": "文号",
    "due_date": "到期日",
    "earliest_loan_date": "最早贷款日期",
    "effective_date": "生效日期",
    "established": "设立日期",
    "founded": "成立日期",
    "grant_date": "授权日期",
    "issue_date": "出具日期",
    "lender": "贷款机构",
    "member": "委员账号",
    "milestone": "里程碑",
    "name": "名称",
    "note": "说明",
    "organ": "机关",
    "owner": "负责人",
    "party": "出资方",
    "pledgee": "质权人",
    "reason": "理由",
    "received_date": "到账日期",
    "round": "轮次",
    "signed_date": "签署日期",
    "since_date": "起始日期",
    "source": "来源",
    "subject": "账号",
    "submitted_at": "申报日期",
    "text": "说明",
    "title": "标题",
}
"""What a Chinese reader calls a field, by the last part of its path; the others go by their own names."""
_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def normal(text: str) -> str:
    """Unicode NFC without surrounding white space."""
    return unicodedata.normalize("NFC", text).strip()


def called(field: str) -> str:
    """A field's name for a Chinese reader, with its path where there are several of it."""
    found = _CALLED.get(field.rpartition(".")[2])
    return field if found is None else f"“{found}”（{field}）" if "[" in field else f"“{found}”"


class Findings:
    """A growing list of violations; `finish` raises them as one InvalidArgument."""

    def __init__(self) -> None:
        self.violations: list[Violation] = []

    def add(self, field: str, reason: str, zh: str, en: str) -> None:
        """Record one violation."""
        self.violations.append(Violation(field, reason, Text(zh, en)))

    def absorb(self, error: InvalidArgument) -> None:
        """Record the violations of an error that a narrower validation raised."""
        self.violations.extend(error.violations)

    def text(self, field: str, value: str, *, most: int, required: bool = False) -> str:
        """The normalised text; finds it missing, longer than `most` code points, or holding control signs."""
        value = normal(value)
        if required and not value:
            self.add(field, "REQUIRED", f"{called(field)} 必填", f"{field} is required")
        if len(value) > most:
            self.add(
                field, "TOO_LONG", f"{called(field)} 不得超过 {most} 字", f"{field} is over {most} characters"
            )
        if any(c in _BIDI or (unicodedata.category(c) == "Cc" and c not in "\n\t") for c in value):
            self.add(
                field,
                "CONTROL_CHARACTER",
                f"{called(field)} 含有控制字符，请删除后重新提交",
                f"{field} holds control characters; remove them",
            )
        return value

    def amount(self, field: str, fen: int | None, *, least: int = 0) -> None:
        """Finds an amount that is not an integer number of fen between `least` and the system's limit."""
        if fen is None:
            return
        if not isinstance(fen, int) or isinstance(fen, bool):
            self.add(
                field, "AMOUNT_NOT_WHOLE_FEN", f"{called(field)} 必须是整数分", f"{field} must be whole fen"
            )
        elif fen < least:
            self.add(
                field,
                "AMOUNT_TOO_SMALL",
                f"{called(field)} 为 {fen} 分，不得小于 {least} 分",
                f"{field} is {fen} fen and may not be below {least} fen",
            )
        elif fen > MAX_FEN:
            self.add(
                field,
                "AMOUNT_TOO_LARGE",
                f"{called(field)} 超出系统上限",
                f"{field} is over the system's limit",
            )

    def count(self, field: str, value: int | None, *, least: int = 0, most: int = 10_000_000) -> None:
        """Finds a whole number outside [least, most]; None is unknown and fine."""
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.add(
                field,
                "OUT_OF_BOUNDS",
                f"{called(field)} 为 {value}，应为 {least} 至 {most} 之间的整数",
                f"{field} is {value} and must be a whole number from {least} to {most}",
            )

    def not_after(self, field: str, value: date | None, today: date) -> None:
        """Finds a date in the future of `today`."""
        if value is not None and value > today:
            self.add(
                field,
                "DATE_IN_FUTURE",
                f"{called(field)} {value} 晚于今天 {today}",
                f"{field} {value} is later than today, {today}",
            )

    def finish(self) -> None:
        """Raise InvalidArgument with everything found, or return."""
        if self.violations:
            raise InvalidArgument.of(*self.violations)
