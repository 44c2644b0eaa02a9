"""Words that the layout of a page breaks: texts out of a PDF or off a web page."""

import pytest

from services.catalogue.terms import load_terms
from services.matcher.domain.codes import Codes
from services.matcher.domain.degrees import degrees
from services.matcher.domain.item import Item, ItemKind
from services.matcher.domain.texts.wording import Wording
from services.matcher.encode.lexical import LexicalEncoder
from services.matcher.score.places import Passages
from services.matcher.score.terms import shared_terms

WORDING = Wording(load_terms())
WHOLE = "质子交换膜燃料电池的耐久性研究"
BROKEN = {
    "line": "质子交换膜燃料电\n池的耐久性研究",
    "line of a file from Windows": "质子交换膜燃料电\r\n池的耐久性研究",
    "line with a space before and after": "质子交换膜燃料电 \n 池的耐久性研究",
    "every line": "质子交\n换膜\n燃料\n电池的\n耐久性研究",
    "letter by letter": " ".join(WHOLE),
    "wide spaces": "质子交换膜燃料　电池的耐久性研究",
    "hard spaces": "质子交换膜燃料\xa0电池的耐久性研究",
    "characters without a width": "质子\u200b交换膜\u2060燃料\ufeff电\xad池的耐久性研究",
    "traditional": "質子交換膜燃料電\n池的耐久性研究",
}


def words(text: str) -> list[tuple[str, int]]:
    """The words of the vocabulary in a text, and how often."""
    return sorted((found.word, found.count) for found in WORDING.find(text))


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_word_is_read_as_a_whole_one(text: str, codes: Codes, encoder: LexicalEncoder) -> None:
    assert words(text) == words(WHOLE) != []
    assert degrees(codes, [text]).tolist() == degrees(codes, [WHOLE]).tolist()
    rows = encoder.encode([text, WHOLE]).sparse
    assert rows[[0]].toarray().tolist() == rows[[1]].toarray().tolist()


@pytest.mark.parametrize(
    "text",
    ["electro-\nlyser", "electro‐\r\n  lyser", "electro\xad\nlyser", "electro\xadlyser", "Electro- \nLyser"],
)
def test_a_word_hyphenated_at_the_end_of_a_line_is_one(text: str) -> None:
    assert words(f"an {text} stack") == words("an electrolyser stack") != []


@pytest.mark.parametrize(
    ("text", "apart"),
    [
        ("燃料\n\n电池", ("燃料", "电池")),
        ("燃料  电池", ("燃料", "电池")),
        ("燃料\t电池", ("燃料", "电池")),
        ("燃料\n　　电池", ("燃料", "电池")),
        ("燃料，电池", ("燃料", "电池")),
        ("燃料、\n电池", ("燃料", "电池")),
        ("수소\n연료", ("수소", "연료")),
        ("wasserstoff-\nund brennstoffzellen", ("wasserstoff", "brennstoffzellen")),
        ("covid-\n19", ("covid", "19")),
    ],
)
def test_what_parts_columns_paragraphs_and_words_stays(
    text: str, apart: tuple[str, str], encoder: LexicalEncoder
) -> None:
    assert words(text) == words("；".join(apart))
    whole, parted, joined = encoder.encode([text, ";".join(apart), "".join(apart)]).sparse.toarray().tolist()
    assert whole != joined
    assert apart[0] == "wasserstoff" or whole == parted


def test_a_phrase_over_two_lines_is_that_phrase(encoder: LexicalEncoder) -> None:
    over, whole, joined = encoder.encode(["fuel\ncell", "fuel cell", "fuelcell"]).sparse.toarray().tolist()
    assert over == whole != joined


@pytest.mark.parametrize("between", [" ", "\n", "　"])
def test_a_list_of_words_is_read_word_by_word(between: str) -> None:
    listed = ("氢能", "储能", "机器人", "人工智能", "量子通信", "碳化硅")
    assert words(between.join(listed)) == words("，".join(listed))
    assert {word for word, _ in words(between.join(listed))} == set(listed)


def test_what_a_line_denies_ends_with_it() -> None:
    assert words("不从事氢能研究\n从事储能系统集成") == words("从事储能系统集成") != []
    assert words("不从事氢燃料电\n池") == []


def test_no_word_runs_from_one_passage_into_the_next() -> None:
    item = Item(ItemKind.PERSON, "a", texts=("固体燃料", "电池片"))
    assert words(item.text) == words("固体燃料。电池片")


@pytest.mark.parametrize("text", [*BROKEN.values()], ids=BROKEN.keys())
def test_a_shared_term_is_found_where_it_is_broken(text: str, encoder: LexicalEncoder) -> None:
    other = "车用质子交换膜燃料电池"
    terms = shared_terms(encoder, text, other).matched
    assert [term.text for term in terms] == [
        term.text for term in shared_terms(encoder, WHOLE, other).matched
    ]
    for term in terms:
        [place] = Passages((text,)).places(term.text)
        written = text[place.start : place.end]
        assert written.strip() == written
        assert shared_terms(encoder, written, term.text).matched[0].text == term.text


def test_places_behind_a_break_are_those_of_the_text_as_it_was_written() -> None:
    text = "第一行的氢\n燃料电\n池，第二行的 electro-\nlyser 与氢 燃 料 电池"
    written = [text[place.start : place.end] for place in Passages((text,)).places("氢燃料电池")]
    assert written == ["氢\n燃料电\n池", "氢 燃 料 电池"]
    [place] = Passages((text,)).places("electrolyser")
    assert text[place.start : place.end] == "electro-\nlyser"
