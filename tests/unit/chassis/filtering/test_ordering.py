import pytest

from services.chassis.filtering import OrderTerm, canonical_order, parse_order
from services.kernel.errors import InvalidArgument

ALLOWED = ["hard_score", "name", "create_time", "amount", "stage", "headcount"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("hard_score desc, name", (OrderTerm("hard_score", True), OrderTerm("name"))),
        ("  name   asc  ", (OrderTerm("name"),)),
        ("name,stage desc", (OrderTerm("name"), OrderTerm("stage", True))),
        ("", (OrderTerm("create_time", True),)),
        ("  ", (OrderTerm("create_time", True),)),
    ],
)
def test_orders(text: str, terms: tuple[OrderTerm, ...]) -> None:
    parsed = parse_order(text, ALLOWED, [OrderTerm("create_time", True)])
    assert parsed == terms
    assert parse_order(canonical_order(parsed), ALLOWED) == terms


def test_the_canonical_form_has_one_spelling() -> None:
    assert canonical_order(parse_order("hard_score   desc ,name asc", ALLOWED)) == "hard_score desc, name"


@pytest.mark.parametrize(
    ("text", "column", "en"),
    [
        ("nme", 1, "Did you mean name"),
        ("name, hard_scor desc", 7, "Did you mean hard_score"),
        ("name down", 6, "must be asc or desc"),
        ("name DESC", 6, "must be asc or desc"),
        ("name,", 6, "field [asc|desc]"),
        (",name", 1, "field [asc|desc]"),
        ("name desc asc", 1, "field [asc|desc]"),
        ("name, name desc", 6, "repeated"),
        ("name,stage,amount,hard_score,create_time,headcount", 42, "more than 5"),
        ("name; DROP TABLE x", 1, "field [asc|desc]"),
        ("name;--", 1, "cannot order by 'name;--'"),
        ("1", 1, "cannot order by"),
        ("name\x00", 1, "cannot order by"),
    ],
)
def test_refused_with_column_and_remedy(text: str, column: int, en: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        parse_order(text, ALLOWED)
    error = caught.value
    assert error.reason == "INVALID_ORDER_BY"
    assert error.violations[0].field == "order_by"
    assert int(error.metadata["column"]) == column
    assert en in error.text.en


def test_a_very_long_order_is_refused_quickly() -> None:
    with pytest.raises(InvalidArgument):
        parse_order("name," * 200_000, ALLOWED)
