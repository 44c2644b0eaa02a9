from collections.abc import Callable

import pytest

from services.catalogue import load
from services.chassis.filtering import Expression, Field, Schema, parse
from services.kernel.errors import InvalidArgument

Refuse = Callable[[str], InvalidArgument]


@pytest.fixture(scope="session")
def schema() -> Schema:
    catalogue = load()
    return Schema.of(
        Field.code("industry", [item.id for item in catalogue.industries], catalogue.resolve_industry),
        Field.code("stage", ["seed", "startup"]),
        Field.code("fund"),
        Field.enum("kind", "KIND", ["ANGEL", "CITY"], [("天使", "ANGEL"), ("城市", "CITY")]),
        Field.codes("directions", [leaf.code for leaf in catalogue.leaves], catalogue.resolve_direction),
        Field.text("name"),
        Field.search("said"),
        Field.integer("headcount", 0, 1_000_000),
        Field.number("score", 0, 1),
        Field.money("amount"),
        Field.date("founded"),
        Field.instant("create_time"),
        Field.boolean("verified"),
    )


@pytest.fixture
def read(schema: Schema) -> Callable[[str], Expression]:
    return lambda text: parse(text, schema)


@pytest.fixture
def refuse(schema: Schema) -> Refuse:
    def refusal(text: str) -> InvalidArgument:
        with pytest.raises(InvalidArgument) as caught:
            parse(text, schema)
        error = caught.value
        assert error.violations[0].field == "filter"
        assert error.metadata["column"] in error.text.zh
        assert f"column {error.metadata['column']}:" in error.text.en
        return error

    return refusal
