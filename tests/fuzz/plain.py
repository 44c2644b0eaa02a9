"""Short texts that people and partners write: names, words to search by, amounts, dates, queries in an address."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Final

from services.catalogue import load
from services.chassis.redaction import mask_name
from services.chassis.searching import tokens
from services.chassis.searching.terms import Words
from services.console.gateway.bindings import Binding, bindings
from services.console.gateway.headers import Headers
from services.console.gateway.requests import build
from services.console.web.dates import day_of, instant_of
from services.kernel.errors import InvalidArgument
from services.kernel.money import parse_amount
from services.kernel.names.organisation import organisation
from services.kernel.names.skeleton import looks_mixed, skeleton
from services.kernel.names.surnames import split
from services.kernel.periods import period_code
from services.kernel.uscc import parse_uscc

NAMES: Final[Sequence[str]] = (
    "欧阳晓明",
    "張偉",
    "阿卜杜拉·买买提",
    "Аnna Müller-Lüdenscheidt",
    "江苏省苏州纳米有限公司",
)
WORDS: Final[Sequence[str]] = ("苏州 氢能 zhangwei", "第三代半导体 oyxm", "AI4S 省外 工程师")
VALUES: Final[Sequence[str]] = (
    "1,200.50万元",
    "壹佰贰拾万元整",
    "3.2亿",
    "2026年第3季度",
    "2026-09-30T08:30:00+08:00",
    "2026-09-30",
    "91320000MA1MYWA12X",
)
QUERIES: Final[Sequence[str]] = (
    "SearchPersons?page_size=5&filter=state%20%3D%20ACTIVE&query=%E6%B0%A2%E8%83%BD&facets=city_code",
    "GetShortageGrid?scope.city_code=suzhou&as_of_date=2026-09-30&rows=SHORTAGE_DIMENSION_INDUSTRY&drivers=true",
    "ListDeals?page_size=5&order_by=create_time%20desc",
)
"""Of an address: the method, and what is asked of it."""
_READERS: Final[Sequence[Callable[[str], object]]] = (
    lambda text: parse_amount(text, field="amount"),
    lambda text: period_code(text, "period"),
    lambda text: day_of("day", text),
    lambda text: instant_of("time", text),
    parse_uscc,
)


def read_name(text: str) -> None:
    """All that is made of a name; written otherwise (an accent as a character of its own) it looks the same."""
    apart = unicodedata.normalize("NFD", text)
    assert skeleton(apart) == skeleton(text), f"{text!r} looks otherwise than {apart!r}"
    assert not any(map(unicodedata.combining, unicodedata.normalize("NFD", skeleton(text)))), (
        f"accents of {text!r} are left"
    )
    surname, given = split(text)
    assert surname + given == text, f"{text!r} is cut into {surname!r} and {given!r}"
    tokens.name_tokens([text])
    tokens.sound_tokens([text])
    tokens.text_tokens([text])
    tokens.sound_order(text)
    organisation(text)
    looks_mixed(text)
    mask_name(text)


@cache
def _words() -> Words:
    return Words(load())


def read_words(text: str) -> None:
    """What is searched by words; a record that says them in the same letters is found."""
    left = tokens.text_tokens([text])
    for term in _words().terms(text):
        assert term.is_true_of(left, tokens.fold(text)), f"{text!r} does not find itself by {term}"


def read_value(text: str) -> None:
    """One cell or field, by every reader of such: each refuses for itself."""
    for each in _READERS:
        with suppress(InvalidArgument):
            each(text)


@cache
def _asked() -> Mapping[str, Binding]:
    return {each.rpc.rpartition("/")[2]: each for each in bindings() if each.verb == "GET"}


def read_query(text: str) -> None:
    """The query of an address; a method that there is not is as good as any."""
    method, _, query = text.partition("?")
    binding = _asked().get(method) or next(iter(_asked().values()))
    build(binding, {}, query.encode(errors="surrogatepass"), Headers(()), b"")
