"""Names of employers and schools, as far as two spellings of one are alike."""

import re
import unicodedata

from services.kernel.names.script import simplified

_NOISE = re.compile(r"[\s·\-—_,，.。、()（）\[\]【】《》“”\"'’&/]+")
_LEGAL_FORMS = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团公司|总公司|公司|集团)$")


def organisation(text: str) -> str:
    """An employer's or a school's name as it is compared: simplified, without punctuation and legal form."""
    plain = _NOISE.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())
    plain = plain.removeprefix("江苏省") if len(plain) > 5 else plain
    return _LEGAL_FORMS.sub("", plain) or plain
