"""A person of the core-talent library (核心人才库)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, Self

from services.kernel.errors import FailedPrecondition, InvalidArgument
from services.kernel.text import Text
from services.talent.domain.axes import OUTSIDE, Axes
from services.talent.domain.people.availability import Availability
from services.talent.domain.people.biography import (
    Affiliation,
    Education,
    OtherName,
    Work,
    check_biography,
    clean_affiliations,
    clean_education,
    clean_names,
    clean_orcid,
    clean_works,
)
from services.talent.domain.validation import (
    NAME_LIMIT,
    Findings,
    check_code,
    check_contact,
    check_line,
    check_past,
    check_prose,
    clean,
    clean_all,
)

WHOLE = 1000
MAX_SHARES = 10
MAX_WORKS = 50
_DIGEST_LENGTH = 64


class Purpose(StrEnum):
    """What the person's data may be used for (同意用途)."""

    MATCH_POSITION = "match-position"
    MATCH_FIRM = "match-firm"
    STATISTICS = "statistics"


class PersonStatus(StrEnum):
    """Whether the record is in use."""

    ACTIVE = "ACTIVE"
    WITHDRAWN = "WITHDRAWN"


class Sensitive(NamedTuple):
    """Facts of the highest level that can be read again: no row holds them, they are in the statements alone, which are
    sealed. The identity number is not among them: of that a digest is all there is.
    """

    phone: str = ""
    email: str = ""
    birth_year: int | None = None


SENSITIVE = Sensitive._fields


@dataclass(frozen=True, kw_only=True)
class PersonFacts:
    """What a source states about a person.

    `ref` is the source's own key; `city` a city code or `outside`; `direction_shares` pairs of leaf code and
    thousandths that sum to 1000; `observed` the day on which the facts were last confirmed; `id_digest` the
    keyed digest of the identity number, which itself is never kept.
    """

    ref: str
    name: str
    category: str
    city: str
    availability: Availability
    direction_shares: tuple[tuple[str, int], ...]
    observed: date
    purposes: frozenset[Purpose]
    mobility: tuple[str, ...] = ()
    employer: str = ""
    title: str = ""
    profile: str = ""
    works: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    id_digest: str | None = None
    other_names: tuple[OtherName, ...] = ()
    affiliations: tuple[Affiliation, ...] = ()
    education: tuple[Education, ...] = ()
    work_items: tuple[Work, ...] = ()
    birth_year: int | None = None
    orcid: str = ""

    @property
    def sensitive(self) -> Sensitive:
        """Those that no row holds."""
        return Sensitive(self.phone, self.email, self.birth_year)

    @property
    def shown(self) -> "PersonFacts":
        """The others: as a row has them."""
        return replace(self, **Sensitive()._asdict())

    def cleaned(self) -> "PersonFacts":
        """The same facts with every text in NFC and trimmed; these very ones if they are so already."""
        changes: dict[str, Any] = {}
        for name, way in _CLEANING:
            value = getattr(self, name)
            if value and (cleaned := way(value)) != value:
                changes[name] = cleaned
        return replace(self, **changes) if changes else self


_CLEANING: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    *((name, clean) for name in ("ref", "name", "employer", "title", "profile", "phone", "email")),
    ("works", clean_all),
    ("other_names", clean_names),
    ("affiliations", clean_affiliations),
    ("education", clean_education),
    ("work_items", clean_works),
    ("orcid", clean_orcid),
    ("mobility", lambda cities: tuple(dict.fromkeys(cities))),
)


@dataclass(eq=False)
class PersonRecord:
    """What is kept of a person: what the rule chose from all that was stated. Sensitive facts stay in the statements.

    `version` is counted by the store; identity is `id`. Imports make these by the million.
    """

    id: str
    ref: str
    name: str
    category: str
    city: str
    mobility: tuple[str, ...]
    availability: Availability
    direction_shares: tuple[tuple[str, int], ...]
    employer: str
    title: str
    profile: str
    works: tuple[str, ...]
    id_digest: str | None
    other_names: tuple[OtherName, ...]
    affiliations: tuple[Affiliation, ...]
    education: tuple[Education, ...]
    work_items: tuple[Work, ...]
    orcid: str
    observed: date
    purposes: frozenset[Purpose]
    status: PersonStatus
    status_reason: str
    origin: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def register(cls, facts: PersonFacts, *, id_: str, origin: str, now: datetime) -> Self:
        """A new active record of facts that `check_facts` has passed."""
        return cls(
            id=id_,
            **_attributes(facts),
            status=PersonStatus.ACTIVE,
            status_reason="",
            origin=origin,
            version=0,
            created_at=now,
            updated_at=now,
        )

    @property
    def facts(self) -> PersonFacts:
        """The facts shown, without the sensitive ones."""
        return PersonFacts(**{name: getattr(self, name) for name in SHOWN})

    @property
    def outside(self) -> bool:
        """Whether the person lives outside the province: within reach (可及人才), never supply."""
        return self.city == OUTSIDE

    def permits(self, purpose: Purpose) -> bool:
        """Whether the person is active and agreed to this use."""
        return self.status is PersonStatus.ACTIVE and purpose in self.purposes


class Person(PersonRecord):
    """The aggregate: a record whose changes are followed."""

    def require_active(self) -> None:
        """Raise FailedPrecondition (PERSON_WITHDRAWN) for a withdrawn record."""
        require_in_use(self.status is PersonStatus.ACTIVE)

    def show(self, facts: PersonFacts, now: datetime) -> None:
        """Show other facts from now on: those chosen from checked statements."""
        for name, value in _attributes(facts).items():
            if name != "ref" and getattr(self, name) != value:
                setattr(self, name, value)
        self.updated_at = now

    def withdraw(self, reason: str, now: datetime) -> None:
        """Take the person out of every use from now on; withdrawing twice changes nothing."""
        if self.status is PersonStatus.WITHDRAWN:
            return
        findings = Findings()
        text = clean(reason)
        check_line(findings, "reason", text, limit=500, required=True)
        findings.conclude()
        self.status = PersonStatus.WITHDRAWN
        self.status_reason = text
        self.updated_at = now


def require_in_use(active: bool) -> None:
    """Raise FailedPrecondition (PERSON_WITHDRAWN) unless a record is in use."""
    if not active:
        raise FailedPrecondition(
            Text(
                "该人才已撤回，不能修改；如需恢复请重新登记",
                "the person is withdrawn; register again to restore",
            ),
            reason="PERSON_WITHDRAWN",
        )


FACT_NAMES = tuple(field.name for field in fields(PersonFacts))
SHOWN = tuple(name for name in FACT_NAMES if name not in SENSITIVE)


def _attributes(facts: PersonFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in SHOWN}


def check_facts(facts: PersonFacts, axes: Axes, today: date) -> PersonFacts:
    """The facts, cleaned. Raises InvalidArgument that lists every broken rule at once."""
    clean_facts = facts.cleaned()
    findings = Findings()
    _check_texts(findings, clean_facts)
    _check_place(findings, clean_facts, axes)
    check_code(
        findings, "category", clean_facts.category, axes.categories[:-1], Text("人才类别", "talent category")
    )
    check_shares(findings, clean_facts.direction_shares, axes)
    check_past(findings, "observed", clean_facts.observed, today)
    check_biography(findings, clean_facts, today)
    findings.conclude()
    return clean_facts


def _check_texts(findings: Findings, facts: PersonFacts) -> None:
    check_line(findings, "ref", facts.ref, required=True)
    check_line(findings, "name", facts.name, limit=NAME_LIMIT, required=True)
    check_line(findings, "employer", facts.employer)
    check_line(findings, "title", facts.title)
    check_prose(findings, "profile", facts.profile)
    if len(facts.works) > MAX_WORKS:
        findings.add(
            "works",
            "TOO_MANY_WORKS",
            f"代表性成果有 {len(facts.works)} 项，最多 {MAX_WORKS} 项",
            f"{len(facts.works)} works, at most {MAX_WORKS} are allowed",
        )
    for work in facts.works[:MAX_WORKS]:
        check_line(findings, "works", work, limit=500)
    check_contact(findings, facts.phone, facts.email)
    digest = facts.id_digest
    findings.require(
        digest is None or (len(digest) == _DIGEST_LENGTH and set(digest) <= set("0123456789abcdef")),
        "id_digest",
        "ID_DIGEST_FORM",
        "身份证号摘要格式不正确，应为 64 位十六进制；证件号码本身不得入库",
        "the digest of the identity number must be 64 hexadecimal digits; the number itself must not be stored",
    )


def _check_place(findings: Findings, facts: PersonFacts, axes: Axes) -> None:
    cities = axes.cities[:-1]
    noun = Text("设区市", "city")
    check_code(findings, "city", facts.city, (*cities, OUTSIDE), noun)
    for city in facts.mobility:
        check_code(findings, "mobility", city, cities, noun)


def check_shares(findings: Findings, shares: tuple[tuple[str, int], ...], axes: Axes) -> None:
    """Between 1 and 10 different leaves with positive thousandths that sum to exactly 1000."""
    field = "direction_shares"
    for leaf, share in shares:
        check_code(findings, "direction", leaf, axes.leaf_set, Text("方向", "direction"))
        if share <= 0:
            findings.add(
                field,
                "SHARE_NOT_POSITIVE",
                f"方向 {leaf} 的占比须大于 0",
                f"the share of direction {leaf} must be over 0",
            )
    if len({leaf for leaf, _ in shares}) != len(shares):
        findings.add(
            field,
            "DIRECTION_REPEATED",
            "同一方向出现多次，请合并为一项",
            "a direction appears more than once; merge the entries",
        )
    if len(shares) > MAX_SHARES:
        findings.add(
            field,
            "TOO_MANY_DIRECTIONS",
            f"方向最多 {MAX_SHARES} 个",
            f"at most {MAX_SHARES} directions are allowed",
        )
    total = sum(share for _, share in shares)
    if total != WHOLE:
        findings.add(
            field,
            "SHARES_NOT_WHOLE",
            f"各方向占比合计为 {total / 10:g}%，须恰为 100%（每人只计一次）",
            f"the shares sum to {total / 10:g} %, they must sum to exactly 100 % so that a person counts once",
        )


def per_mille(weights: Mapping[str, float]) -> tuple[tuple[str, int], ...]:
    """Positive weights of any scale as thousandths that sum to 1000 (largest remainder).

    Raises InvalidArgument when a weight is not a positive finite number, or none is given.
    """
    total = sum(weights.values())
    if not weights or not all(0 < weight < float("inf") for weight in weights.values()):
        raise InvalidArgument.field(
            "direction_shares",
            "SHARE_NOT_POSITIVE",
            "方向占比须为大于 0 的数",
            "the shares of directions must be numbers over 0",
        )
    exact = {leaf: WHOLE * weight / total for leaf, weight in weights.items()}
    whole = {leaf: int(value) for leaf, value in exact.items()}
    by_remainder = sorted(exact, key=lambda leaf: (whole[leaf] - exact[leaf], leaf))
    for leaf in by_remainder[: WHOLE - sum(whole.values())]:
        whole[leaf] += 1
    return tuple(whole.items())
