"""Every field of the methods that a partner's key is for has a meaning in Chinese, and nothing else has one."""

from collections.abc import Iterator

from services.chassis.contract import access_of
from services.console.gateway.bindings import bindings
from services.console.pages.events.methods import Method, _described
from services.wording import meanings

PAGED = "Events_List"
"""Answered by the gateway itself, with the events of WatchMatches."""


def of_partners() -> Iterator[Method]:
    named = {
        f"{each.method.containing_service.name}_{each.method.name}"
        for each in bindings()
        if "partner" in access_of(each.method).roles
    }
    found = [each for each in _described().values() if each.id.split("__")[0] in named | {PAGED}]
    assert {each.id for each in found} == named | {PAGED}
    yield from found


def test_every_field_that_a_partner_sends_or_gets_is_told_in_chinese() -> None:
    fields = [
        (method.id, each)
        for method in of_partners()
        for each in (*method.parameters, *method.body, *method.answered)
    ]
    assert len(fields) > 100
    assert not [(id_, each.name, each.said.en) for id_, each in fields if not each.translated]
    assert all(each.said.zh != each.said.en or each.said.en.startswith("`") for _, each in fields)


def test_nothing_has_a_chinese_meaning_that_no_partner_reads() -> None:
    said = {
        each.said.en
        for method in of_partners()
        for each in (*method.parameters, *method.body, *method.answered)
    }
    assert set(meanings._CHINESE) <= said
