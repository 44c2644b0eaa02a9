"""What a report of an import never repeats: the report is kept, and shown to whoever may read of the import."""

import re
from dataclasses import replace
from typing import Final

from services.chassis.imports.importing import violations_of
from services.kernel.errors import BoleError, InvalidArgument
from services.kernel.text import Text

# In whatever column it stands: where columns are shifted, a date may be an identity number.
_PRIVATE: Final = re.compile(
    r"(?P<example>name@example\.cn\b)"  # what a message gives as one
    r"|[^\s“”'\"@＠]+[@＠][^\s“”'\"]+"
    r"|\d+(?:\.\d+)?[eE]\+?\d{1,2}"  # a number as a spreadsheet has spoilt it
    r"|[A-Za-z]{1,2}\d{7,}"  # a passport, a permit
    r"|\d{9,}[Xx]?"  # a day in digits has eight
    r"|(?:\d[ ()-]{0,2}){10,}\d"
)
_INSTEAD: Final = "***"


def without_private(error: BoleError) -> InvalidArgument:
    """The same violations, without what may be a phone number, an address or the number of a document."""
    return InvalidArgument.of(
        *(
            replace(each, text=Text(masked(each.text.zh), masked(each.text.en)))
            for each in violations_of(error)
        )
    )


def masked(said: str) -> str:
    """A message without them: for what programs before have kept as it was."""
    return _PRIVATE.sub(lambda found: found["example"] or _INSTEAD, said)
