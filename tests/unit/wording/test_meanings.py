"""Every method, and every field of methods and of records of the log, is told in Chinese, and nothing else is."""

from collections.abc import Iterator

from services.console.pages.events.described_topics import topics_described
from services.console.pages.events.methods import _described
from services.kernel.text import Text
from services.wording.meanings import chinese, in_both, parts


def told() -> Iterator[tuple[str, Text]]:
    for method in _described().values():
        yield method.id, method.said
        deeper = (*method.held.values(), *method.inner.values())
        held = [each for fields in deeper for each in fields]
        for each in (*method.parameters, *method.body, *method.answered, *method.events, *held):
            yield f"{method.id} {each.name}", each.said
    for topic in topics_described():
        yield topic.name, topic.said
        yield topic.name, topic.kept
        for field in topic.fields:
            yield f"{topic.name} {field.name}", field.said


def test_every_method_and_every_field_of_methods_and_records_is_told_in_chinese() -> None:
    found = list(told())
    assert len(found) > 15_000
    assert [(where, said.en) for where, said in found if said.en and said.zh == said.en] == []


def test_nothing_has_a_chinese_meaning_that_nobody_reads() -> None:
    assert set(chinese()) <= {said.en for _, said in told()}


def test_a_text_has_one_meaning_and_one_that_is_not_known_stays_as_it_is() -> None:
    assert sum(len(part) for part in parts()) == len(chinese())
    assert in_both("Never said.") == Text("Never said.", "Never said.")
