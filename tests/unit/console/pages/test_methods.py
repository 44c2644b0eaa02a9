"""The pages of the methods over HTTP: what they take, answer and refuse, in the contract's own words."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from services.chassis.comments import load_comments
from services.console.gateway.bindings import bindings
from services.console.gateway.openapi.document import document
from services.console.gateway.refusals import STATUSES
from services.console.pages.events import methods
from services.console.pages.events.schemas import type_of
from services.console.web.visits import Visit
from services.kernel.errors import NotFound
from services.kernel.text import Language
from tests.unit.console.pages.visiting import Nobody, visit

URL = "https://bole.example"


class Signed(Nobody):
    """Services that nobody asks anything."""

    def stub(
        self,
        made: Callable[[Any], Any],
        token: str,
        purpose: str | None = None,
        request_id: str | None = None,
    ) -> Any:
        return None


def visited(method: str = "", language: Language = "zh") -> Visit:
    found = replace(visit(language=language), backend=Signed())
    found.request.scope["path_params"] = {"method": method}
    return found


def page(method: str, language: Language = "zh") -> str:
    return unescape(bytes(methods.show_one(visited(method, language), URL).body).decode()).replace(
        "<wbr>", ""
    )


def test_the_list_leads_to_every_method_by_its_name_and_says_what_each_refusal_means() -> None:
    said = unescape(bytes(methods.show(visited()).body).decode())
    for each in methods._described().values():
        assert f'href="/events/methods/{each.id}">{each.title.zh}<' in said
    for code in ("NOT_FOUND", "ABORTED", "RESOURCE_EXHAUSTED"):
        assert f"<code>{code}</code>" in said
        assert str(STATUSES[code]) in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_method_says_what_it_takes_and_answers_and_who_may(language: Language) -> None:
    said = page("DealService_HoldDeal", language)
    for part in ("review_date", "command", "if-match", "return_state", "/v1/deals/{deal}:hold"):
        assert part in said
    assert ("搁置项目" in said) is (language == "zh")
    assert {"zh": "基金管理人", "en": "fund manager"}[language] in said
    assert f"-d @body.json '{URL}/v1/deals/DEAL:hold'" in said


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_stream_says_which_events_come_and_what_each_holds(language: Language) -> None:
    said = page("MatchingService_WatchMatches", language)
    for part in ("checkpoint", "events", "problem", "last-event-id", "previous_sequence", "checkpoint_time"):
        assert f"<code>{part}</code>" in said
    assert ("名单的一次变化" in said) is (language == "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_a_message_holds_stands_below_and_its_name_leads_there(language: Language) -> None:
    said = page("IntellectualPropertyService_GetPledge", language)
    assert '<a href="#type-PledgeStep">PledgeStep[]</a>' in said
    assert 'id="type-PledgeStep"' in said
    whole = document(bindings(), load_comments())["components"]["schemas"]
    messages = {type_of({"$ref": name}) for name, schema in whole.items() if schema.get("properties")}
    for each in methods._described().values():
        listed = [*each.body, *each.answered, *(one for fields in each.inner.values() for one in fields)]
        left = {one.message for one in listed if one.message in messages} - {*each.inner, *each.held}
        assert left <= {each.answer}, each.id


def test_a_line_to_copy_is_for_who_may_call_it() -> None:
    assert f"curl -N -H 'X-Bole-Key: YOUR_KEY' '{URL}/v1/matches:watch'" in page(
        "MatchingService_WatchMatches"
    )
    assert f"--data-binary @FILE '{URL}/v1/talent/imports'" in page("TalentImportService_ImportWorkbook")
    assert f"curl -X DELETE -H 'Authorization: Bearer YOUR_TOKEN' '{URL}/v1/" in page(
        "ShortageWatchService_DeleteShortageWatch"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_names_in_what_is_said_are_set_as_code(language: Language) -> None:
    pages = [page(each.id, language) for each in methods._described().values()]
    assert not [said for said in pages if "`" in said.replace("curl", "")]
    assert sum("<code>" in said for said in pages) == len(pages)


def test_a_method_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound) as refusal:
        methods.show_one(visited("PersonService_Guess"), URL)
    assert refusal.value.reason == "NO_SUCH_METHOD"


def test_a_field_of_a_closed_set_says_which_codes_it_may_hold() -> None:
    said = page("InvestmentService_MarkInvestment")
    assert "取值：<code>MARK_METHOD_COST</code>、<code>MARK_METHOD_LAST_ROUND</code>" in said
    assert "MARK_METHOD_UNSPECIFIED" not in said
    assert "One of <code>MARK_METHOD_COST</code>, " in page("InvestmentService_MarkInvestment", "en")


def test_what_stands_within_messages_is_told_in_chinese() -> None:
    said = page("InvestmentService_MarkInvestment")
    assert "估值方法" in said
    assert "How it was found" not in said
