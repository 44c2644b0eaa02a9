"""What the sheets and columns of a workbook are. The two layouts live beside this file."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from services.workbook.choices import Choices


class Kind(Enum):
    """What a column holds; `cells` says what each becomes when it is read. A score is written and never read."""

    REF = "ref"
    REFS = "refs"
    NAME = "name"
    TEXT = "text"
    IDENTIFIER = "identifier"
    PHONE = "phone"
    EMAIL = "email"
    USCC = "uscc"
    INTEGER = "integer"
    YEAR = "year"
    AMOUNT = "amount"
    RATIO = "ratio"
    SCORE = "score"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    DIRECTION = "direction"
    SHARES = "shares"
    CATEGORY = "category"
    CITY = "city"
    CITY_OR_OUTSIDE = "city_or_outside"
    CITIES = "cities"
    INDUSTRIES = "industries"
    INDUSTRY = "industry"
    DEPARTMENT = "department"
    OTHER_NAMES = "other_names"
    AFFILIATIONS = "affiliations"
    EDUCATION = "education"
    WORK_ITEMS = "work_items"
    HIRES = "hires"
    HEADS = "heads"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the data, headers in both languages, and what its cells may hold.

    `note` is shown with the header. `minimum` and `maximum` bound integers and years; `length` bounds texts
    in characters. Of what is not `quoted`, no message repeats what a cell holds. A day that is `past` is of something
    that was seen or done: the domain takes none after today.
    """

    key: str
    header_zh: str
    header_en: str
    kind: Kind
    required: bool = False
    choices: Choices = ()
    note: str = ""
    minimum: int = 0
    maximum: int = 1_000_000_000
    length: int = 200
    quoted: bool = True
    past: bool = False


@dataclass(frozen=True)
class Sheet:
    """One sheet. `natural_key` is the column by which a repeated import finds a record again."""

    key: str
    title_zh: str
    title_en: str
    columns: tuple[Column, ...]
    natural_key: str = "ref"

    def __hash__(self) -> int:
        """Of the key alone: what is kept for a sheet is asked for with every cell."""
        return hash(self.key)

    @cached_property
    def by_key(self) -> Mapping[str, Column]:
        """The columns by their keys."""
        return {column.key: column for column in self.columns}

    def column(self, key: str) -> Column:
        """The column with this key; KeyError when the sheet has none."""
        return self.by_key[key]
