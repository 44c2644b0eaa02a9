"""What the report of an import says of a row: in the reader's words, without what is private, with what to write."""

from datetime import date

import pytest

from services.kernel.errors import InvalidArgument
from services.talent.domain.validation import Findings, check_past
from services.talent.service.imports.private import masked, without_private
from services.workbook.contacts import email


def test_the_example_of_an_address_is_shown() -> None:
    with pytest.raises(InvalidArgument) as caught:
        email("x@", field="邮箱")
    [told] = without_private(caught.value).violations
    assert told.text.zh == "邮箱格式不正确，应如 name@example.cn"
    assert told.text.en == "not an address such as name@example.cn"


@pytest.mark.parametrize("address", ["zhang@example.cn", "myname@example.cn", "name@example.cnn"])
def test_an_address_is_not(address: str) -> None:
    assert masked(f"邮箱 {address} 有误") == "邮箱 *** 有误"


def test_a_day_is_refused_without_the_name_that_programs_have_for_it() -> None:
    findings = Findings()
    for day in (date(2027, 10, 1), date(1900, 1, 1)):
        check_past(findings, "observed", day, date(2026, 11, 29))
    with pytest.raises(InvalidArgument) as caught:
        findings.conclude()
    future, early = caught.value.violations
    assert (future.field, future.text.zh) == ("observed", "日期 2027-10-01 晚于今天 2026-11-29，请更正")
    assert (early.field, early.text.zh) == ("observed", "日期 1900-01-01 过早，最早为 1949-10-01，请更正")
