"""Where one token ends and the next begins. What a token may be depends on where it stands."""

import re

from services.chassis.filtering.literal import Literal, bare, quoted
from services.chassis.filtering.refusal import invalid
from services.chassis.filtering.syntax import Operator
from services.kernel.errors import InvalidArgument
from services.kernel.excerpt import excerpt

# Every token takes the blanks behind it along; U+3000 is the blank of Chinese keyboards.
_BLANK = r"[ \t\r\n\u3000]*"
_BLANKS = re.compile(_BLANK)
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_KEYWORDS = frozenset({"AND", "OR", "NOT"})
_KEYWORD = re.compile(rf"(AND|OR|NOT)(?![^ \t\r\n\u3000()\"']){_BLANK}")
_WORD = re.compile(rf"([^ \t\r\n\u3000()\"'=<>!:（）＝＜＞：！“”]+){_BLANK}")
_OPERATOR = re.compile(rf"(<=|>=|!=|=|<|>|:)(?![=<>~]){_BLANK}")
_FOREIGN_OPERATOR = re.compile(r"[=<>!~&|]+")
_VALUE = re.compile(
    rf"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[^ \t\r\n\u3000()\"'=<>!\\]+){_BLANK}", re.DOTALL
)
_FULL_WIDTH = dict(zip("（）＝＜＞：“”‘’！，", "()=<>:\"\"''!,", strict=True))
_OPERATORS = {operator.value: operator for operator in Operator}


class Scanner:
    """A position in the text of a filter. Raises InvalidArgument at control characters."""

    __slots__ = ("position", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        if found := _FORBIDDEN.search(text):
            raise invalid(
                found.start() + 1, "含有控制字符，请删除", "there is a control character; delete it"
            )
        self._skip_blanks(0)

    @property
    def column(self) -> int:
        """Of the next token, from 1."""
        return self.position + 1

    @property
    def at_end(self) -> bool:
        """Nothing is left."""
        return self.position == len(self.text)

    def take(self, char: str) -> bool:
        """Whether the next token is this character; passes it."""
        if not self.text.startswith(char, self.position):
            return False
        self._skip_blanks(self.position + 1)
        return True

    def take_keyword(self, keyword: str) -> bool:
        """Whether the next token is this keyword; passes it."""
        if not self.text.startswith(keyword, self.position):
            return False
        found = _KEYWORD.match(self.text, self.position)
        if found is None:
            return False
        self.position = found.end()
        return True

    def name(self) -> str:
        """Pass the name of a field."""
        found = _WORD.match(self.text, self.position)
        if found is None or found[1] in _KEYWORDS:
            raise self._no_condition()
        if self.text.startswith("(", found.end(1)):
            raise invalid(
                self.column,
                f"不支持函数 {excerpt(found[1])}()，条件写成 字段 运算符 取值",
                f"functions such as {excerpt(found[1])}() are not supported; "
                "a condition is: field, operator, value",
            )
        self.position = found.end()
        return found[1]

    def operator(self, name: str) -> Operator:
        """Pass the operator that follows the field `name`."""
        found = _OPERATOR.match(self.text, self.position)
        if found is None:
            if foreign := _FOREIGN_OPERATOR.match(self.text, self.position):
                raise invalid(
                    self.column,
                    f"没有运算符 {foreign[0]}，可用：= != < <= > >= :",
                    f"there is no operator {foreign[0]}; use one of: = != < <= > >= :",
                )
            raise self._full_width() or invalid(
                self.column,
                f"字段 {excerpt(name)} 之后应是运算符（= != < <= > >= :）",
                f"after the field {excerpt(name)} comes an operator (= != < <= > >= :)",
            )
        self.position = found.end()
        return _OPERATORS[found[1]]

    def value(self) -> Literal:
        """Pass the right-hand side of a comparison."""
        start = self.position
        found = _VALUE.match(self.text, start)
        if found is None or found[1] in _KEYWORDS:
            raise self._no_value()
        raw = found[1]
        if raw[0] in "\"'":
            literal = quoted(raw, start + 1)
        else:
            self._refuse_full_width_in(raw, start)
            literal = bare(raw, start + 1)
        self.position = found.end()
        return literal

    def unexpected(self) -> InvalidArgument:
        """The error for whatever follows a complete condition."""
        word = _WORD.match(self.text, self.position)
        if word and word[1] in ("and", "or", "And", "Or"):
            upper = word[1].upper()
            return invalid(self.column, f"连接词要大写：{upper}", f"write {upper} in capitals")
        if self.text.startswith("\\", self.position):
            return self._bare_backslash()
        if self.text.startswith(")", self.position):
            return invalid(self.column, "多了一个“)”", "there is a ')' too many")
        return self._full_width() or invalid(
            self.column,
            "两个条件之间要写 AND 或 OR；含空格的文字要加引号",
            "put AND or OR between two conditions; put a text that has spaces in quotes",
        )

    def _skip_blanks(self, start: int) -> None:
        found = _BLANKS.match(self.text, start)
        self.position = found.end() if found else start

    def _no_condition(self) -> InvalidArgument:
        return self._full_width() or invalid(
            self.column,
            "这里应是一个条件：字段 运算符 取值，例如 city = suzhou",
            "a condition belongs here: field, operator, value, such as city = suzhou",
        )

    def _no_value(self) -> InvalidArgument:
        char = self.text[self.position : self.position + 1]
        if char in ('"', "'") and char:
            return invalid(self.column, "引号没有闭合", "the quote is never closed")
        if char == "\\":
            return self._bare_backslash()
        if char == "(":
            return invalid(
                self.column,
                "取值不能是括号，请写成 a = x OR a = y",
                "a value cannot be a bracket; write a = x OR a = y",
            )
        return self._full_width() or invalid(
            self.column, '缺少取值；空文本请写 ""', 'the value is missing; write "" for an empty text'
        )

    def _bare_backslash(self) -> InvalidArgument:
        return invalid(self.column, "含反斜线的文字要加引号", "put a text that has a backslash in quotes")

    def _full_width(self) -> InvalidArgument | None:
        char = self.text[self.position : self.position + 1]
        half = _FULL_WIDTH.get(char)
        if half is None:
            return None
        return invalid(
            self.column,
            f"“{char}”是全角符号，请改用半角 {half}",
            f"{char} is a full-width character; write {half}",
        )

    def _refuse_full_width_in(self, raw: str, start: int) -> None:
        if raw.isascii():
            return
        for offset, char in enumerate(raw):
            if char in _FULL_WIDTH:
                raise invalid(
                    start + offset + 1,
                    f"“{char}”是全角符号：作语法请改用半角 {_FULL_WIDTH[char]}，作文字请整体加半角引号",
                    f"{char} is full-width: as syntax write {_FULL_WIDTH[char]}; as text put the value in "
                    "half-width quotes",
                )
