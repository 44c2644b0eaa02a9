"""What of a record is compared with another record."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from services.kernel.names.organisation import organisation
from services.talent.domain.identity.person_name import PersonName

Shares = tuple[tuple[str, int], ...]
_DIGITS = re.compile(r"\D+")
_CHINA_PREFIX = re.compile(r"^(?:0086|86)(?=1\d{10}$)")
# Mail providers that anybody may use: a common domain says nothing about a common employer.
_OPEN_MAIL = (
    "qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn gmail.com "
    "outlook.com hotmail.com live.com yahoo.com icloud.com protonmail.com"
)
OPEN_MAIL = frozenset(_OPEN_MAIL.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """One record. `names`: the name first, former and other names after it. `id_digest` and `orcid` are strong
    keys. `schools`: pairs of school and year of leaving (None: not known). `teams` it stands in, and `mates`,
    the people in those teams. What is not known is empty.
    """

    id: str
    names: tuple[PersonName, ...]
    city: str = ""
    id_digest: str = ""
    orcid: str = ""
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    employers: frozenset[str] = frozenset()
    schools: frozenset[tuple[str, int | None]] = frozenset()
    directions: Shares = ()
    teams: frozenset[str] = frozenset()
    mates: frozenset[str] = frozenset()

    @property
    def strong_keys(self) -> dict[str, str]:
        """The keys that decide by themselves, by kind."""
        keys = {"id_number": self.id_digest, "orcid": self.orcid}
        return {kind: value for kind, value in keys.items() if value}


def organisations(texts: Iterable[str]) -> frozenset[str]:
    """The same of several, empty ones dropped."""
    return frozenset(filter(None, map(organisation, texts)))


def telephone(text: str) -> str:
    """A telephone number as it is compared: digits only, mobile numbers without the country's code."""
    return _CHINA_PREFIX.sub("", _DIGITS.sub("", unicodedata.normalize("NFKC", text)))


def mailbox(text: str) -> str:
    """An e-mail address as it is compared."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def mail_domain(address: str) -> str:
    """The domain of an address, or nothing if anybody may have an address there."""
    domain = address.rpartition("@")[2]
    return "" if domain in OPEN_MAIL else domain
