"""What the document says, with the place where it says it."""

from dataclasses import dataclass

from services.kernel.text import Text, typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The published policy document that the catalogue restates."""

    title_zh: str
    title_en: str
    number: str
    issuer_zh: str
    issuer_en: str
    dated: str
    publication_zh: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One numbered part of the document. `departments` keeps the order of the document's own bracket."""

    id: str
    cite_zh: str
    title_zh: str
    title_en: str
    departments: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        """The heading."""
        return Text(typeset(self.title_zh), self.title_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with an id and a name in both languages."""

    id: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return Text(typeset(self.name_zh), self.name_en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Department(Named):
    """A department (部门) named as responsible for `clauses`; the document names no lead."""

    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provision(Named):
    """Something that `clause` provides for; `quote` is a verbatim piece of the document."""

    clause: str
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """An enumeration of the document, in its order: the links of a chain, a list of sectors or services."""

    clause: str
    quote: str
    items: tuple[Named, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A sentence of the document with its translation."""

    text_zh: str
    text_en: str
    clause: str

    @property
    def text(self) -> Text:
        """The sentence in both languages."""
        return Text(typeset(self.text_zh), self.text_en)
