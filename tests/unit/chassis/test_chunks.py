from collections.abc import Iterable, Iterator

import pytest

from services.chassis.storage.chunks import IN_A_STATEMENT, chunks


@pytest.mark.parametrize(
    ("values", "size", "found"),
    [
        ([], 2, []),
        ([1], 2, [[1]]),
        ([1, 2], 2, [[1, 2]]),
        ((1, 2, 3, 4, 5), 2, [[1, 2], [3, 4], [5]]),
        ({"a": 1, "b": 2}, 1, [["a"], ["b"]]),
    ],
)
def test_values_come_in_order_so_many_at_a_time_and_the_last_ones_fewer(
    values: Iterable[object], size: int, found: list[list[object]]
) -> None:
    assert list(chunks(values, size)) == found


def test_as_many_as_a_statement_takes_unless_it_is_said() -> None:
    assert [len(each) for each in chunks(range(IN_A_STATEMENT + 1))] == [IN_A_STATEMENT, 1]


def test_an_iterator_is_read_as_far_as_was_asked_for() -> None:
    read = []

    def numbers() -> Iterator[int]:
        for number in range(10):
            read.append(number)
            yield number

    assert next(chunks(numbers(), 3)) == [0, 1, 2]
    assert read == [0, 1, 2]
