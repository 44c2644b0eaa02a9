"""What scores were made with is written in one string and read back from it."""

import pytest

from services.matcher.domain.made_with import MadeWith


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (MadeWith("lexical-651d352605dd8256", "5"), "lexical-651d352605dd8256.5"),
        (MadeWith("bge-small+zh-v1.5-12ab", "7"), "bge-small+zh-v1.5-12ab.7"),
        (MadeWith("e5-1", "5", "0123456789abcdef"), "e5-1.5+0123456789abcdef"),
    ],
)
def test_it_is_read_back_as_it_was_written(made: MadeWith, written: str) -> None:
    assert str(made) == written
    assert MadeWith.of(written) == made


def test_anything_else_is_taken_as_the_encoder() -> None:
    assert MadeWith.of("") == MadeWith("", "")
    assert MadeWith.of("by an older program") == MadeWith("by an older program", "")
