"""The page of a programme's places: what its form says is what is asked, and what it cannot mean is told."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bole.talent.v1 import nomination_service_pb2 as service
from services.console.pages.nominations import quotas
from services.console.web.visits import Visit
from tests.unit.console.pages.visiting import NOW, Nobody, visit


class Office(Nobody):
    """A service that writes down what it was asked."""

    def __init__(self) -> None:
        self.set: list[service.NominationQuota] = []
        self.listed: list[service.ListNominationQuotasRequest] = []

    def stub(self, *_: Any) -> Any:
        """The service."""
        return self

    def ListNominationQuotas(self, request: Any, **_: Any) -> service.ListNominationQuotasResponse:
        self.listed.append(request)
        return service.ListNominationQuotasResponse()

    def SetNominationQuota(self, request: Any, **_: Any) -> service.NominationQuota:
        self.set.append(request.quota)
        return service.NominationQuota()


def sent(behind: Office, **form: str) -> Visit:
    given = {"programme": "top-talent", "year": str(NOW.year), "industry": "hydrogen", **form}
    return replace(visit(form=given), backend=behind)


def test_what_the_form_says_is_set_and_its_programme_and_year_are_shown_again() -> None:
    behind = Office()
    answer = quotas.record(sent(behind, places="12"))
    assert answer.status_code == 303
    leads = urlsplit(answer.headers["location"])
    assert (leads.path, parse_qs(leads.query)["programme"]) == (quotas.PATH, ["top-talent"])
    assert [(each.industry_code, each.place_count, each.year) for each in behind.set] == [
        ("hydrogen", 12, NOW.year)
    ]


@pytest.mark.parametrize("places", ["", "三", "-1", "1.5", "²", "0" * 30 + "9" * 30, "99999999999"])
def test_places_that_are_no_number_are_told_and_not_set(places: str) -> None:
    behind = Office()
    answer = quotas.record(sent(behind, places=places))
    assert answer.status_code == 400
    assert behind.set == []


@pytest.mark.parametrize("year", ["", "²", "99999999999", "明年"])
def test_a_year_that_is_none_is_told_and_the_page_is_that_of_this_year(year: str) -> None:
    behind = Office()
    assert quotas.record(sent(behind, places="1", year=year)).status_code == 400
    assert behind.set == []
    assert [each.year for each in behind.listed] == [NOW.year]
